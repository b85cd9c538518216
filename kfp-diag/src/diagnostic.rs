//! The diagnostic type: code, severity, message, labels, notes, help and an optional edit.

use std::fmt;

use kfp_model::{Location, Place};

use crate::codes::Code;
use crate::shorten::shortened;

/// The maximum number of secondary labels.
const SECONDARY: usize = 16;

/// The severity of a diagnostic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is compiled or run.
    Error,
    /// The pipeline is compiled or run, but may not do what you expect.
    Warning,
}

/// A problem with a pipeline or manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "a dropped diagnostic is never reported"]
pub struct Diagnostic {
    /// The code to pass to `kfpc explain`.
    pub code: Code,
    /// Whether this is an error or a warning.
    pub severity: Severity,
    /// The headline: lowercase, no full stop, names in backticks. Long names are truncated. One-line formats show
    /// nothing else.
    pub message: String,
    /// The node with the problem.
    pub primary: Label,
    /// Other nodes involved in the problem, at most 16.
    pub secondary: Vec<Label>,
    /// Facts that explain the problem.
    pub notes: Vec<String>,
    /// Suggested fixes, as imperatives.
    pub help: Vec<String>,
    /// The edit that applies the last help, if there is an obvious one.
    pub edit: Option<Edit>,
}

/// A suggested replacement of a string.
///
/// An edit refers to a node rather than to a position in a file, or to the rest of a line of a source file. It is only
/// shown if `from` occurs exactly once there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The node that contains `from`, or has it as its key.
    pub place: Place,
    /// The position in a source file from which `from` is searched instead, up to the end of the line.
    pub location: Option<Location>,
    /// The string to replace.
    pub from: String,
    /// The replacement.
    pub to: String,
}

/// A node with a message about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The node.
    pub place: Place,
    /// The position to show instead of that of the node, in a source file that is not the document or the Rust source,
    /// such as a Python file.
    pub location: Option<Location>,
    /// The message, a few words. May be empty.
    pub message: String,
}

impl Diagnostic {
    /// Creates an error at a node.
    pub fn error(code: Code, place: &Place, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, place, message)
    }

    /// Creates a warning at a node.
    pub fn warning(code: Code, place: &Place, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, place, message)
    }

    fn new(code: Code, severity: Severity, place: &Place, message: impl Into<String>) -> Self {
        Self {
            code,
            severity,
            message: shortened(message.into()),
            primary: Label { place: place.clone(), location: None, message: String::new() },
            secondary: Vec::new(),
            notes: Vec::new(),
            help: Vec::new(),
            edit: None,
        }
    }

    /// Sets the label of the primary node.
    pub fn label(mut self, message: impl Into<String>) -> Self {
        self.primary.message = shortened(message.into());
        self
    }

    /// Sets the position to show instead of that of the primary node.
    ///
    /// ```
    /// use kfp_diag::{Diagnostic, Format, NoSources, Surroundings, codes, render};
    /// use kfp_model::{Location, Locations, Place};
    /// let location = Location { file: "components/train.py".to_owned(), line: 3, column: 5 };
    /// let diagnostic = Diagnostic::error(codes::PYTHON_FUNCTION, &Place::root(), "missing function").at(location);
    /// let surroundings = Surroundings { written: None, locations: &Locations::default(), world: &NoSources };
    /// let report = render(&[diagnostic], surroundings, Format::Short, false);
    /// assert!(report.starts_with("components/train.py:3:5: error[KFP0209]: missing function"));
    /// ```
    pub fn at(mut self, location: Location) -> Self {
        self.primary.location = Some(location);
        self
    }

    /// Adds a secondary label. Labels after the 16th are dropped, for example those of a cycle of a thousand tasks.
    pub fn also(mut self, place: &Place, message: impl Into<String>) -> Self {
        if self.secondary.len() < SECONDARY {
            let message = shortened(message.into());
            self.secondary.push(Label { place: place.clone(), location: None, message });
        }
        self
    }

    /// Adds a note.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(shortened(note.into()));
        self
    }

    /// Adds a suggested fix.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(shortened(help.into()));
        self
    }

    /// Adds a suggested fix, with an edit of the primary node that applies it.
    ///
    /// ```
    /// use kfp_diag::{Diagnostic, codes};
    /// use kfp_model::{Location, Place};
    /// let place = Place::root().key("memory");
    /// let diagnostic = Diagnostic::error(codes::QUANTITY, &place, "invalid memory quantity `1GB`")
    ///     .replace("use `1G`", "1GB", "1G");
    /// assert_eq!(diagnostic.help, ["use `1G`"]);
    /// assert_eq!(diagnostic.edit.map(|edit| edit.to).as_deref(), Some("1G"));
    /// ```
    pub fn replace(self, help: impl Into<String>, from: &str, to: &str) -> Self {
        let Label { place, location, .. } = self.primary.clone();
        let mut diagnostic = self.help(help);
        diagnostic.edit = Some(Edit { place, location, from: from.to_owned(), to: to.to_owned() });
        diagnostic
    }

    /// Adds a suggested fix, with an edit that applies it to the rest of a line of a source file.
    pub fn replace_at(self, help: impl Into<String>, location: Location, from: &str, to: &str) -> Self {
        let place = self.primary.place.clone();
        let mut diagnostic = self.help(help);
        let location = Some(location);
        diagnostic.edit = Some(Edit { place, location, from: from.to_owned(), to: to.to_owned() });
        diagnostic
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}
