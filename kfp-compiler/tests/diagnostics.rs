//! Every code as people see it: each document in `diagnostics/` is read and checked, and the report is compared
//! with the snapshot beside it. A document is named after the code that it is about.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test panics where its own files are not as they should be"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use kfp_compiler::check::check;
use kfp_compiler::diag::{Code, Diagnostic, Format, NoSources, Severity, Surroundings, World, render};
use kfp_compiler::read::read;
use kfp_model::Locations;

/// Codes of lowering, of runs and of manifests, which need something else than a document: their snapshots are where they come up.
const ELSEWHERE: [&str; 3] = ["KFP06", "KFP08", "KFP09"];

/// Rust sources that the locations of documents name, beside the documents.
struct Folder(PathBuf);

impl World for Folder {
    fn source(&self, path: &str) -> Option<String> {
        fs::read_to_string(self.0.join(path)).ok()
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics")
}

/// The documents, sorted by name.
fn documents() -> Vec<PathBuf> {
    let is_document = |path: &PathBuf| path.extension().is_some_and(|end| end == "yaml" || end == "json");
    let mut documents: Vec<PathBuf> =
        fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).filter(is_document).collect();
    documents.sort();
    documents
}

/// The code that the name of the document starts with.
fn code(document: &Path) -> Code {
    let name = document.file_stem().unwrap().to_str().unwrap();
    Code::parse(name.split('-').next().unwrap()).unwrap_or_else(|| panic!("`{name}` starts with a code"))
}

/// What is wrong with the document, as the report and as codes.
fn report(path: &Path, format: Format) -> (String, BTreeSet<Code>) {
    let name = path.file_name().unwrap().to_str().unwrap();
    let world = Folder(folder().join("sources"));
    let codes = |diagnostics: &[Diagnostic]| diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    match read(name, &fs::read(path).unwrap()) {
        Err(rejected) => {
            let surroundings = Surroundings {
                written: Some(rejected.written()),
                locations: &Locations::default(),
                world: &NoSources,
            };
            (render(&rejected.diagnostics, surroundings, format, false), codes(&rejected.diagnostics))
        }
        Ok(source) => {
            let about = code(path);
            let mut diagnostics = Vec::new();
            for pipeline in &source.document.pipelines {
                diagnostics.extend(check(&source.document, pipeline).diagnostics);
            }
            // Warnings about what a small document does not use would drown the error that it is about.
            diagnostics
                .retain(|diagnostic| diagnostic.severity == Severity::Error || diagnostic.code == about);
            let locations = &source.document.locations;
            let surroundings = Surroundings { written: Some(source.written()), locations, world: &world };
            (render(&diagnostics, surroundings, format, false), codes(&diagnostics))
        }
    }
}

#[test]
fn reports_are_as_reviewed() {
    insta::with_settings!({
        snapshot_path => "diagnostics",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        for path in documents() {
            let (text, codes) = report(&path, Format::Text);
            let name = path.file_stem().unwrap().to_str().unwrap();
            assert!(codes.contains(&code(&path)), "{name} reports {codes:?}:\n{text}");
            insta::assert_snapshot!(name, text);
        }
    });
}

#[test]
fn every_code_has_a_document() {
    let shown: BTreeSet<Code> = documents().iter().map(|path| code(path)).collect();
    let missing: Vec<Code> = Code::all()
        .filter(|code| !ELSEWHERE.iter().any(|stage| code.as_str().starts_with(stage)))
        .filter(|code| !shown.contains(code))
        .collect();
    assert!(missing.is_empty(), "{missing:?} have no document in tests/diagnostics");
}

#[test]
fn other_formats_are_as_reviewed() {
    let path = folder().join("KFP0404-three-in-a-circle.yaml");
    insta::with_settings!({
        snapshot_path => "diagnostics",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_snapshot!("format-short", report(&path, Format::Short).0);
        insta::assert_snapshot!("format-json", report(&path, Format::Json).0);
    });
}
