//! Which warnings are told, and which of them count as errors.

use std::collections::BTreeSet;

use crate::codes::Code;
use crate::diagnostic::{Diagnostic, Severity};

/// What the user says about warnings. Nothing changes errors.
///
/// ```
/// use kfp_diag::{Diagnostic, Levels, Severity, codes};
/// use kfp_model::Place;
/// let warnings = || vec![
///     Diagnostic::warning(codes::UNUSED_INPUT, &Place::root(), "parameter `a` is never used"),
///     Diagnostic::warning(codes::EMPTY_BODY, &Place::root(), "loop `b` has no tasks"),
/// ];
/// let levels = Levels { deny_warnings: true, allow: [codes::UNUSED_INPUT].into() };
/// let left = levels.apply(warnings());
/// assert_eq!(left.len(), 1);
/// assert_eq!((left[0].code, left[0].severity), (codes::EMPTY_BODY, Severity::Error));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Levels {
    /// Whether warnings are errors.
    pub deny_warnings: bool,
    /// The codes of warnings that are not told.
    pub allow: BTreeSet<Code>,
}

impl Levels {
    /// The diagnostics without the warnings that are allowed, and with the others as errors where warnings are
    /// denied.
    pub fn apply(&self, diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
        diagnostics
            .into_iter()
            .filter(|diagnostic| {
                diagnostic.severity == Severity::Error || !self.allow.contains(&diagnostic.code)
            })
            .map(|diagnostic| match diagnostic.severity {
                Severity::Warning if self.deny_warnings => {
                    Diagnostic { severity: Severity::Error, ..diagnostic }.note("warnings are denied")
                }
                Severity::Warning | Severity::Error => diagnostic,
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use kfp_model::Place;

    use super::*;
    use crate::codes;

    #[test]
    fn errors_are_told_whatever_is_allowed() {
        let levels = Levels { deny_warnings: false, allow: Code::all().collect() };
        let error = Diagnostic::error(codes::CYCLE, &Place::root(), "x");
        let warning = Diagnostic::warning(codes::EMPTY_BODY, &Place::root(), "y");
        assert_eq!(levels.apply(vec![error.clone(), warning]), [error]);
    }
}
