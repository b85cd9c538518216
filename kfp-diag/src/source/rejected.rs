//! A file that could not be read or parsed.

use std::ops::Range;

use kfp_model::Place;

use super::fault::{Fault, Located};
use crate::diagnostic::Diagnostic;
use crate::surroundings::{Spans, Written};

/// A file that could not be read or parsed, with the errors.
#[derive(Debug)]
pub struct Rejected {
    /// The file name, or a placeholder such as `<stdin>`.
    pub name: String,
    /// The contents; empty if they are not UTF-8 text.
    pub text: String,
    /// The errors.
    pub diagnostics: Vec<Diagnostic>,
    /// The positions of the errors, in the order of the diagnostics.
    spans: Vec<(Place, Range<usize>)>,
}

impl Rejected {
    /// Creates a rejection from errors with positions; `name` is the file name in messages.
    pub fn new(name: &str, text: &str, found: impl IntoIterator<Item = Located>) -> Self {
        let (diagnostics, spans): (Vec<Diagnostic>, Vec<_>) = found
            .into_iter()
            .map(|(diagnostic, span)| {
                let place = diagnostic.primary.place.clone();
                (diagnostic, (place, span))
            })
            .unzip();
        Self { name: name.to_owned(), text: text.to_owned(), diagnostics, spans }
    }

    /// Creates a rejection from syntax or type errors.
    pub fn from_faults(name: &str, text: &str, faults: &[Fault]) -> Self {
        Self::new(name, text, faults.iter().map(Fault::located))
    }

    /// Creates a rejection of a file that could not be opened.
    pub fn unread(name: &str, diagnostic: Diagnostic) -> Self {
        Self { name: name.to_owned(), text: String::new(), diagnostics: vec![diagnostic], spans: Vec::new() }
    }

    /// Returns the contents and the positions of the errors, for rendering.
    pub fn written(&self) -> Written<'_> {
        Written { name: &self.name, text: &self.text, spans: self }
    }
}

impl Spans for Rejected {
    fn span(&self, place: &Place) -> Option<Range<usize>> {
        self.spans.iter().find(|(other, _)| other == place).map(|(_, span)| span.clone())
    }
}
