//! Errors with advice on how to fix them.

use std::fmt;

/// An error with advice, which [`Printer::error`](crate::printer::Printer::error) prints as `help`.
#[derive(Debug)]
pub(crate) struct Advised {
    message: String,
    /// An imperative, such as "pass `--sdk-path PATH`".
    help: String,
}

impl Advised {
    /// Creates an error with advice.
    pub(crate) fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: help.into() }
    }

    /// Returns the advice.
    pub(crate) fn help(&self) -> &str {
        &self.help
    }
}

impl fmt::Display for Advised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Advised {}

/// Returns an error with advice.
pub(crate) fn advised(message: impl Into<String>, help: impl Into<String>) -> anyhow::Error {
    Advised::new(message, help).into()
}
