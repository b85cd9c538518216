//! Printing, according to `--color`, `--quiet` and `--verbose`. Nothing else prints.

use std::fmt::Display;
use std::io::{self, IsTerminal as _, Write as _};

use kfp_diag::printable::{printable_json, printable_lines};
use kfp_runner::RunError;
use serde::Serialize;

use crate::advice::Advised;
use crate::arguments::Color;

/// Whether output is colored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct UseColor(bool);

/// Prints data to standard output and everything else to standard error.
#[derive(Debug, Clone)]
pub(crate) struct Printer {
    color: UseColor,
    quiet: bool,
    verbose: bool,
}

impl From<Color> for UseColor {
    fn from(color: Color) -> Self {
        match color {
            Color::Always => Self(true),
            Color::Never => Self(false),
            Color::Auto => Self(io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none()),
        }
    }
}

impl Printer {
    pub(crate) fn new(color: UseColor, quiet: bool, verbose: bool) -> Self {
        Self { color, quiet, verbose }
    }

    /// Returns whether reports are colored.
    pub(crate) fn has_color(&self) -> bool {
        self.color.0
    }

    /// Returns whether progress is drawn on a terminal rather than printed as lines.
    pub(crate) fn draws_progress(&self) -> bool {
        !self.quiet && io::stderr().is_terminal() && !console::is_dumb()
    }

    /// Returns whether details are printed.
    pub(crate) fn is_verbose(&self) -> bool {
        self.verbose
    }

    /// Returns whether only errors are printed.
    pub(crate) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Prints data as it is.
    pub(crate) fn data(&self, text: &str) {
        // A reader such as `head` may have closed the pipe.
        let _ = io::stdout().lock().write_all(text.as_bytes());
    }

    /// Prints text to standard output, with control characters escaped.
    pub(crate) fn text(&self, text: &str) {
        self.data(&printable_lines(text));
    }

    /// Prints JSON to standard output.
    pub(crate) fn json(&self, value: &impl Serialize) -> anyhow::Result<()> {
        self.data(&json(value)?);
        Ok(())
    }

    /// Prints text to standard error, even with `--quiet`, with control characters escaped.
    pub(crate) fn say(&self, text: &str) {
        self.report(&printable_lines(text));
    }

    /// Prints a report to standard error, even with `--quiet`. Control characters must already be escaped.
    pub(crate) fn report(&self, text: &str) {
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }

    /// Prints information to standard error, unless `--quiet` is set.
    pub(crate) fn info(&self, message: impl Display) {
        if !self.quiet {
            self.report(&printable_lines(&format!("{message}\n")));
        }
    }

    /// Prints an error with its causes and its advice.
    pub(crate) fn error(&self, error: &anyhow::Error) {
        let (bold, plain) = if self.has_color() { ("\u{1b}[1;31m", "\u{1b}[0m") } else { ("", "") };
        let code = error.downcast_ref::<RunError>().map(|error| format!("[{}]", error.code()));
        let message = error.to_string();
        let mut text =
            format!("{bold}error{}{plain}: {}\n", code.unwrap_or_default(), printable_lines(&message));
        for cause in error.chain().skip(1) {
            text.push_str(&format!("  caused by: {}\n", printable_lines(&cause.to_string())));
        }
        if let Some(advised) = error.chain().find_map(|cause| cause.downcast_ref::<Advised>()) {
            text.push_str(&format!("help: {}\n", printable_lines(advised.help())));
        }
        self.report(&text);
    }
}

/// Returns the value as JSON, with control characters escaped.
pub(crate) fn json(value: &impl Serialize) -> anyhow::Result<String> {
    Ok(printable_json(serde_json::to_string_pretty(value)?) + "\n")
}
