//! One thing to check, recognised by what it says.

use kfp_compiler::diag::{Diagnostic, NoSources, Surroundings};
use kfp_compiler::read::{Manifests, Rejected, manifests};
use kfp_lint::{is_argo, lint};
use kfp_model::Locations;

use crate::document::Document;
use crate::settings::Settings;
use crate::source::Text;

/// What every manifest of Argo has somewhere.
const GROUP: &[u8] = b"argoproj.io/";
/// What every pipeline document has somewhere.
const VERSION: &[u8] = b"schema_version";

/// One thing to check.
#[derive(Debug)]
pub(super) enum Subject {
    /// A document with pipelines.
    Pipelines(Box<Document>),
    /// A file with manifests of Argo.
    Manifests(Box<Manifests>),
    /// A text that is neither.
    Rejected(Box<Rejected>),
}

/// Locations of nodes that no program made.
static NOWHERE: std::sync::LazyLock<Locations> = std::sync::LazyLock::new(Locations::default);

impl Subject {
    /// Reads a text that is a pipeline document where it is no manifest.
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

    /// Likewise, where the text says that it is one of both.
    pub(super) fn recognise(text: Text) -> Option<Self> {
        if has(&text.bytes, GROUP) {
            return match manifests(&text.name, &text.bytes) {
                Ok(file) => is_argo(&file).then(|| Self::Manifests(Box::new(file))),
                Err(rejected) => Some(Self::Rejected(rejected)),
            };
        }
        has(&text.bytes, VERSION).then(|| Self::read(text))
    }

    /// What rendering needs besides the diagnostics.
    pub(super) fn surroundings(&self) -> Surroundings<'_> {
        let written = match self {
            Self::Pipelines(document) => return document.surroundings(),
            Self::Manifests(file) => file.written(),
            Self::Rejected(rejected) => rejected.written(),
        };
        Surroundings { written: Some(written), locations: &NOWHERE, world: &NoSources }
    }
}

/// The names of what was checked, and what was found in each subject. Manifests are seen together.
pub(super) fn check_all(
    subjects: &[Subject],
    pipeline: Option<&str>,
    settings: &Settings,
) -> anyhow::Result<(Vec<String>, Vec<Vec<Diagnostic>>)> {
    let files: Vec<&Manifests> = subjects
        .iter()
        .filter_map(|subject| match subject {
            Subject::Manifests(file) => Some(&**file),
            Subject::Pipelines(_) | Subject::Rejected(_) => None,
        })
        .collect();
    let mut linted = lint(&files).into_iter();
    let (mut names, mut found) = (Vec::new(), Vec::new());
    for subject in subjects {
        match subject {
            Subject::Pipelines(document) => {
                let (pipelines, diagnostics) = document.check_all(pipeline, settings)?;
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
    Ok((names, found))
}

fn has(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|window| window == word)
}
