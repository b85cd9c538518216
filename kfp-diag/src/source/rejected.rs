//! A file that is not read, and why.

use std::ops::Range;

use kfp_model::Place;

use super::fault::{Fault, Located};
use crate::diagnostic::Diagnostic;
use crate::surroundings::{Spans, Written};

/// A text that is not read, and why.
#[derive(Debug)]
pub struct Rejected {
    /// The name of the file, or what stands for it.
    pub name: String,
    /// The text; empty if the bytes are not one.
    pub text: String,
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
    /// Where it is wrong, in the order of the diagnostics.
    spans: Vec<(Place, Range<usize>)>,
}

impl Rejected {
    /// Creates a rejection from what was found; `name` is what messages call the text.
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

    /// Creates a rejection from faults in the form of the text.
    pub fn of_form(name: &str, text: &str, faults: &[Fault]) -> Self {
        Self::new(name, text, faults.iter().map(Fault::located))
    }

    /// Creates a rejection of a file that was not opened.
    pub fn unread(name: &str, diagnostic: Diagnostic) -> Self {
        Self { name: name.to_owned(), text: String::new(), diagnostics: vec![diagnostic], spans: Vec::new() }
    }

    /// Returns the text and the positions of what is wrong, as rendering needs them.
    pub fn written(&self) -> Written<'_> {
        Written { name: &self.name, text: &self.text, spans: self }
    }
}

impl Spans for Rejected {
    fn span(&self, place: &Place) -> Option<Range<usize>> {
        self.spans.iter().find(|(other, _)| other == place).map(|(_, span)| span.clone())
    }
}
