//! Why a text is no expression.

use std::ops::Range;

/// A text that is no expression: the controller cannot compile it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// The bytes of the text that cannot be read.
    pub span: Range<usize>,
    /// What is wrong, for a diagnostic.
    pub message: String,
    /// What to do, where that is known.
    pub help: Option<String>,
    /// The text is nested more deeply, or longer, than what is read here. The controller may still accept it.
    pub beyond_limits: bool,
}

impl SyntaxError {
    pub(crate) fn new(span: Range<usize>, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), help: None, beyond_limits: false }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(super) fn limit(span: Range<usize>, message: impl Into<String>) -> Self {
        Self { beyond_limits: true, ..Self::new(span, message) }
    }
}
