//! Syntax errors.

use std::ops::Range;

/// A syntax error: the controller cannot compile the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// The byte range of the error.
    pub span: Range<usize>,
    /// The message of the diagnostic.
    pub message: String,
    /// The help of the diagnostic, if any.
    pub help: Option<String>,
    /// Whether the text exceeds the depth or length limit of this parser. The controller may still accept it.
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
