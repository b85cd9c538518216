//! What is wrong with an expression.

use std::ops::Range;

use kfp_diag::Code;

/// What happens because of a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gravity {
    /// The engine evaluates the expression, to something that is hardly wanted.
    Hazard,
    /// The engine fails once it gets there; what a condition spares it does not fail.
    Fails,
    /// The engine refuses the whole expression. In a tag it then stays literal text, in a field it is an error.
    Refused,
}

/// Something that is wrong with an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The code of its diagnostic.
    pub code: Code,
    /// What happens because of it.
    pub gravity: Gravity,
    /// The bytes of the expression that are wrong.
    pub span: Range<usize>,
    /// What is wrong, for a diagnostic.
    pub message: String,
    /// What to do, where that is known.
    pub help: Option<String>,
}

impl Problem {
    pub(super) fn new(code: Code, gravity: Gravity, span: Range<usize>, message: impl Into<String>) -> Self {
        Self { code, gravity, span, message: message.into(), help: None }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
