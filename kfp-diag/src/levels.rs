//! The user's settings for warnings: which are silenced, and whether they count as errors.

use std::collections::BTreeSet;

use crate::codes::Code;
use crate::diagnostic::{Diagnostic, Severity};

/// Settings for warnings. Errors are always reported.
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
    /// Whether warnings become errors.
    pub deny_warnings: bool,
    /// The codes of silenced warnings.
    pub allow: BTreeSet<Code>,
}

impl Levels {
    /// Removes silenced warnings, and turns the remaining ones into errors if `deny_warnings` is set.
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
    fn errors_cannot_be_silenced() {
        let levels = Levels { deny_warnings: false, allow: Code::all().collect() };
        let error = Diagnostic::error(codes::CYCLE, &Place::root(), "x");
        let warning = Diagnostic::warning(codes::EMPTY_BODY, &Place::root(), "y");
        assert_eq!(levels.apply(vec![error.clone(), warning]), [error]);
    }
}
