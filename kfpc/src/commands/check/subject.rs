//! A subject of `kfpc check`: a pipeline document or Argo manifests, recognized by content.

use kfp_diag::source::{Manifests, Rejected, manifests};
use kfp_diag::{Diagnostic, NoSources, Surroundings};
use kfp_lint::{is_argo, lint};
use kfp_model::Locations;

use crate::document::Document;
use crate::reporter::has_errors;
use crate::settings::Settings;
use crate::source::Text;

/// Text that every Argo manifest contains.
const GROUP: &str = "argoproj.io/";
/// Text that every pipeline document contains.
const VERSION: &str = "schema_version";

/// A subject to check.
#[derive(Debug)]
pub(super) enum Subject {
    /// A document with pipelines.
    Pipelines(Box<Document>),
    /// A file with Argo manifests.
    Manifests(Box<Manifests>),
    /// A string that cannot be read as either.
    Rejected(Box<Rejected>),
}

/// The locations of a string that no pipeline binary wrote.
static NOWHERE: std::sync::LazyLock<Locations> = std::sync::LazyLock::new(Locations::default);

impl Subject {
    /// Reads Argo manifests, or else a pipeline document.
    pub(super) fn read(text: Text) -> Self {
        if text.binary.is_none() && has(&text.bytes, GROUP) {
            match manifests(&text.name, &text.bytes) {
                Ok(file) if is_argo(&file) => return Self::Manifests(Box::new(file)),
                Ok(_) => {}
                Err(rejected) => return Self::Rejected(rejected),
            }
        }
        match Document::read(text) {
            Ok(document) => Self::Pipelines(Box::new(document)),
            Err(rejected) => Self::Rejected(rejected),
        }
    }

    /// Reads Argo manifests or a pipeline document; returns `None` for other texts.
    pub(super) fn recognize(text: Text) -> Option<Self> {
        if has(&text.bytes, GROUP) {
            return match manifests(&text.name, &text.bytes) {
                Ok(file) => is_argo(&file).then(|| Self::Manifests(Box::new(file))),
                Err(rejected) => Some(Self::Rejected(rejected)),
            };
        }
        has(&text.bytes, VERSION).then(|| Self::read(text))
    }

    /// Returns whether it is checked, or would be if it could be read.
    pub(super) fn is_of_interest(&self) -> bool {
        match self {
            Self::Pipelines(_) | Self::Manifests(_) => true,
            Self::Rejected(rejected) => has_errors(&rejected.diagnostics),
        }
    }

    /// Returns what rendering diagnostics requires.
    pub(super) fn surroundings(&self) -> Surroundings<'_> {
        let written = match self {
            Self::Pipelines(document) => return document.surroundings(),
            Self::Manifests(file) => file.written(),
            Self::Rejected(rejected) => rejected.written(),
        };
        Surroundings { written: Some(written), locations: &NOWHERE, world: &NoSources }
    }
}

/// The results of a check.
#[derive(Default)]
pub(super) struct Report {
    /// The names of checked pipelines and manifests.
    pub(super) names: Vec<String>,
    /// The diagnostics of each subject.
    pub(super) found: Vec<Vec<Diagnostic>>,
    /// Errors of subjects that could not be checked.
    pub(super) errors: Vec<anyhow::Error>,
}

/// Checks all subjects. Manifests are checked together, as they may refer to each other.
pub(super) fn check_all(subjects: &[Subject], pipeline: Option<&str>, settings: &Settings) -> Report {
    let files: Vec<&Manifests> = subjects
        .iter()
        .filter_map(|subject| match subject {
            Subject::Manifests(file) => Some(&**file),
            Subject::Pipelines(_) | Subject::Rejected(_) => None,
        })
        .collect();
    let mut linted = lint(&files).into_iter();
    let Report { mut names, mut found, mut errors } = Report::default();
    for subject in subjects {
        match subject {
            Subject::Pipelines(document) => {
                let (pipelines, diagnostics) =
                    document.check_all(pipeline, settings).unwrap_or_else(|error| {
                        errors.push(error);
                        (Vec::new(), Vec::new())
                    });
                names.extend(pipelines);
                found.push(diagnostics);
            }
            Subject::Manifests(file) => {
                names.push(file.name.clone());
                found.push(linted.next().unwrap_or_default());
            }
            Subject::Rejected(rejected) => found.push(rejected.diagnostics.clone()),
        }
    }
    Report { names, found, errors }
}

/// Returns whether the text may be a document or a manifest.
pub(super) fn is_recognized(bytes: &[u8]) -> bool {
    has(bytes, GROUP) || has(bytes, VERSION)
}

fn has(bytes: &[u8], text: &str) -> bool {
    bytes.utf8_chunks().any(|chunk| chunk.valid().contains(text))
}
