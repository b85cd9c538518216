//! One diagnostic: code, severity, message, locations, notes and help.

use std::fmt;

use kfp_model::Place;

use crate::codes::Code;
use crate::shorten::shortened;

/// Other nodes that a diagnostic shows.
const SECONDARY: usize = 16;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is emitted or run.
    Error,
    /// Something is emitted or run, but it may not be what is wanted.
    Warning,
}

/// Something that is wrong with a pipeline.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "a diagnostic that is dropped is never seen"]
pub struct Diagnostic {
    /// The code, which `kfpc explain` knows more about.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong: lower case, no full stop, names in backticks, of which only the beginning is shown where they
    /// are long. It stands alone in one-line formats.
    pub message: String,
    /// Where it is wrong.
    pub primary: Label,
    /// What it contradicts: at most 16 nodes.
    pub secondary: Vec<Label>,
    /// Facts that explain the message.
    pub notes: Vec<String>,
    /// What to do.
    pub help: Vec<String>,
    /// The change that puts it right, where there is an obvious one; what it does is the last of the help.
    pub edit: Option<Edit>,
}

/// A text that is to be replaced by another one.
///
/// The node is known, and not where it stands: an edit is shown only if the text stands there exactly once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The node that holds the text, or is named by it.
    pub place: Place,
    /// What stands there.
    pub from: String,
    /// What is to stand there.
    pub to: String,
}

/// A node of the document with a remark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The node.
    pub place: Place,
    /// What is to be seen here; may be empty.
    pub message: String,
}

impl Diagnostic {
    /// An error at a node.
    pub fn error(code: Code, place: &Place, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, place, message)
    }

    /// A warning at a node.
    pub fn warning(code: Code, place: &Place, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, place, message)
    }

    fn new(code: Code, severity: Severity, place: &Place, message: impl Into<String>) -> Self {
        Self {
            code,
            severity,
            message: shortened(message.into()),
            primary: Label { place: place.clone(), message: String::new() },
            secondary: Vec::new(),
            notes: Vec::new(),
            help: Vec::new(),
            edit: None,
        }
    }

    /// Adds a remark at the node itself.
    pub fn label(mut self, message: impl Into<String>) -> Self {
        self.primary.message = shortened(message.into());
        self
    }

    /// Adds another node with a remark. Of very many, as in a cycle of a thousand tasks, the first ones are kept: the
    /// message says how many there are.
    pub fn also(mut self, place: &Place, message: impl Into<String>) -> Self {
        if self.secondary.len() < SECONDARY {
            self.secondary.push(Label { place: place.clone(), message: shortened(message.into()) });
        }
        self
    }

    /// Adds a fact.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(shortened(note.into()));
        self
    }

    /// Adds what to do.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(shortened(help.into()));
        self
    }

    /// Adds what to do, and the change at the node itself that does it.
    ///
    /// ```
    /// use kfp_diag::{Diagnostic, codes};
    /// use kfp_model::Place;
    /// let place = Place::root().key("memory");
    /// let diagnostic = Diagnostic::error(codes::QUANTITY, &place, "`1GB` is no amount of memory")
    ///     .replace("use `1G`", "1GB", "1G");
    /// assert_eq!(diagnostic.help, ["use `1G`"]);
    /// assert_eq!(diagnostic.edit.map(|edit| edit.to).as_deref(), Some("1G"));
    /// ```
    pub fn replace(self, help: impl Into<String>, from: &str, to: &str) -> Self {
        let place = self.primary.place.clone();
        let mut diagnostic = self.help(help);
        diagnostic.edit = Some(Edit { place, from: from.to_owned(), to: to.to_owned() });
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
