//! The one place that prints, and that knows how much.

use std::fmt::Display;
use std::io::{self, IsTerminal as _, Write as _};

use kfp_diag::printable::{printable_json, printable_lines};
use kfp_runner::RunError;
use serde::Serialize;

use crate::arguments::Color;

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Colour(bool);

/// Prints data to standard output and everything else to standard error.
#[derive(Debug, Clone)]
pub(crate) struct Printer {
    colour: Colour,
    quiet: bool,
    verbose: bool,
}

impl From<Color> for Colour {
    fn from(color: Color) -> Self {
        match color {
            Color::Always => Self(true),
            Color::Never => Self(false),
            Color::Auto => Self(io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none()),
        }
    }
}

impl Printer {
    pub(crate) fn new(colour: Colour, quiet: bool, verbose: bool) -> Self {
        Self { colour, quiet, verbose }
    }

    /// Whether reports have colours.
    pub(crate) fn has_colour(&self) -> bool {
        self.colour.0
    }

    /// Whether progress is drawn in place of lines.
    pub(crate) fn draws_progress(&self) -> bool {
        !self.quiet && io::stderr().is_terminal()
    }

    /// Whether people want to know of errors only.
    pub(crate) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Prints data as it is.
    pub(crate) fn data(&self, text: &str) {
        // A reader that has gone away, as `head` does, wants no more.
        let _ = io::stdout().lock().write_all(text.as_bytes());
    }

    /// Prints data for people, in which control characters are escaped.
    pub(crate) fn text(&self, text: &str) {
        self.data(&printable_lines(text));
    }

    /// Prints data for programs as JSON.
    pub(crate) fn json(&self, value: &impl Serialize) -> anyhow::Result<()> {
        self.data(&json(value)?);
        Ok(())
    }

    /// Prints a question or a refusal, in which control characters are escaped.
    pub(crate) fn say(&self, text: &str) {
        self.report(&printable_lines(text));
    }

    /// Prints a report as it is, also where `--quiet` is set: control characters in it are escaped already.
    pub(crate) fn report(&self, text: &str) {
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }

    /// Tells how things go.
    pub(crate) fn info(&self, message: impl Display) {
        if !self.quiet {
            self.report(&printable_lines(&format!("{message}\n")));
        }
    }

    /// Tells what only the curious want to know.
    pub(crate) fn detail(&self, message: impl Display) {
        if self.verbose {
            self.report(&printable_lines(&format!("{message}\n")));
        }
    }

    /// Tells why a command could not do its work, with the causes.
    pub(crate) fn error(&self, error: &anyhow::Error) {
        let (bold, plain) = if self.has_colour() { ("\u{1b}[1;31m", "\u{1b}[0m") } else { ("", "") };
        let code = error.downcast_ref::<RunError>().map(|error| format!("[{}]", error.code()));
        let message = error.to_string();
        let mut text =
            format!("{bold}error{}{plain}: {}\n", code.unwrap_or_default(), printable_lines(&message));
        for cause in error.chain().skip(1) {
            text.push_str(&format!("  caused by: {}\n", printable_lines(&cause.to_string())));
        }
        self.report(&text);
    }
}

/// The value as JSON, in which control characters are escaped.
pub(crate) fn json(value: &impl Serialize) -> anyhow::Result<String> {
    Ok(printable_json(serde_json::to_string_pretty(value)?) + "\n")
}
