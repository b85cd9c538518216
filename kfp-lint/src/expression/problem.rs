//! Problems in expressions.

use std::ops::Range;

use kfp_diag::Code;

/// The effect of a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Impact {
    /// The engine evaluates the expression, but the result is probably not intended.
    Hazard,
    /// Evaluation fails when it reaches this part. Parts that a condition skips do not fail.
    Fails,
    /// The engine rejects the whole expression. A tag is then left as literal text; in a field it is an error.
    Rejected,
}

/// A problem in an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The code of the diagnostic.
    pub code: Code,
    /// The effect of the problem.
    pub impact: Impact,
    /// The byte range of the affected part.
    pub span: Range<usize>,
    /// The message of the diagnostic.
    pub message: String,
    /// The help of the diagnostic, if any.
    pub help: Option<String>,
}

impl Problem {
    pub(super) fn new(code: Code, impact: Impact, span: Range<usize>, message: impl Into<String>) -> Self {
        Self { code, impact, span, message: message.into(), help: None }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
