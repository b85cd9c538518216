//! Reads and checks each document in `diagnostics/`, and compares the report with the snapshot next to it. The name of
//! a document starts with the code that it tests. Each document is a separate test.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test panics if its own files are invalid"
)]

use std::collections::BTreeSet;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use kfp_compiler::check::check;
use kfp_compiler::read::read;
use kfp_diag::source::{Rejected, manifests};
use kfp_diag::{
    Code, Diagnostic, Format, NoSources, Severity, Spans, Surroundings, World, Written, codes, render,
};
use kfp_model::{Locations, Place};
use libtest_mimic::{Arguments, Trial};
use serde_json::{Value, json};

/// Codes of scans, of rustc, of Python sources, of lowering, of runs and of manifests, which need more than a document. Other tests
/// have their snapshots.
const ELSEWHERE: [&str; 10] =
    ["KFP0112", "KFP0113", "KFP0114", "KFP0215", "KFP0216", "KFP0217", "KFP0218", "KFP06", "KFP08", "KFP09"];

/// A test of the document at a path.
type Test = fn(&Path);

fn main() -> ExitCode {
    let of_document: [(&str, Test); 2] = [
        ("reports_are_as_reviewed", reports_are_as_reviewed),
        ("sarif_reports_conform_to_the_schema", sarif_reports_conform_to_the_schema),
    ];
    let others: [(&str, fn()); 5] = [
        ("every_code_has_a_document", every_code_has_a_document),
        ("other_formats_are_as_reviewed", other_formats_are_as_reviewed),
        ("edits_fix_their_diagnostics", edits_fix_their_diagnostics),
        ("long_reports_and_lines_are_truncated", long_reports_and_lines_are_truncated),
        ("commands_of_ci_services_are_not_printed", commands_of_ci_services_are_not_printed),
    ];
    let mut trials: Vec<Trial> = others.into_iter().map(|(name, test)| trial(name, test)).collect();
    for path in documents() {
        let document = path.file_stem().unwrap().to_str().unwrap();
        for (name, test) in of_document {
            let path = path.clone();
            trials.push(trial(&format!("{name}::{document}"), move || test(&path)));
        }
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// Creates a test that fails if the function panics.
fn trial(name: &str, test: impl FnOnce() + Send + 'static) -> Trial {
    Trial::test(name, move || {
        test();
        Ok(())
    })
}

/// The Rust sources of the locations in documents, in a folder next to the documents.
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

/// Returns the code that the name of the document starts with.
fn code(document: &Path) -> Code {
    let name = document.file_stem().unwrap().to_str().unwrap();
    Code::parse(name.split('-').next().unwrap()).unwrap_or_else(|| panic!("`{name}` starts with a code"))
}

/// Returns the report on the document and its codes.
fn report(path: &Path, format: Format) -> (String, BTreeSet<Code>) {
    let name = path.file_name().unwrap().to_str().unwrap();
    let world = Folder(folder().join("sources"));
    let codes_of =
        |diagnostics: &[Diagnostic]| diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    let rejection = |rejected: Box<Rejected>| {
        let surroundings = Surroundings {
            written: Some(rejected.written()),
            locations: &Locations::default(),
            world: &NoSources,
        };
        (render(&rejected.diagnostics, surroundings, format, false), codes_of(&rejected.diagnostics))
    };
    let bytes = fs::read(path).unwrap();
    if code(path) == codes::NOT_PORTABLE {
        return rejection(manifests(name, &bytes).unwrap_err());
    }
    match read(name, &bytes) {
        Err(rejected) => rejection(rejected),
        Ok(source) => {
            let about = code(path);
            let mut diagnostics = Vec::new();
            for pipeline in &source.document.pipelines {
                diagnostics.extend(check(&source.document, pipeline).diagnostics);
            }
            // Unrelated warnings about a small document would hide the tested error.
            diagnostics
                .retain(|diagnostic| diagnostic.severity == Severity::Error || diagnostic.code == about);
            let locations = &source.document.locations;
            let surroundings = Surroundings { written: Some(source.written()), locations, world: &world };
            (render(&diagnostics, surroundings, format, false), codes_of(&diagnostics))
        }
    }
}

fn reports_are_as_reviewed(path: &Path) {
    let (text, codes) = report(path, Format::Text);
    let name = path.file_stem().unwrap().to_str().unwrap();
    assert!(codes.contains(&code(path)), "{name} reports {codes:?}:\n{text}");
    insta::with_settings!({
        snapshot_path => "diagnostics",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_snapshot!(name, text);
    });
}

fn every_code_has_a_document() {
    let shown: BTreeSet<Code> = documents().iter().map(|path| code(path)).collect();
    let missing: Vec<Code> = Code::all()
        .filter(|code| !ELSEWHERE.iter().any(|stage| code.as_str().starts_with(stage)))
        .filter(|code| !shown.contains(code))
        .collect();
    assert!(missing.is_empty(), "{missing:?} have no document in tests/diagnostics");
}

fn other_formats_are_as_reviewed() {
    let cycle = folder().join("KFP0404-three-in-a-circle.yaml");
    let edited = folder().join("KFP0206-unknown-argument.yaml");
    insta::with_settings!({
        snapshot_path => "diagnostics",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_snapshot!("format-short", report(&cycle, Format::Short).0);
        insta::assert_snapshot!("format-json", report(&cycle, Format::Json).0);
        insta::assert_snapshot!("format-json-edit", report(&edited, Format::Json).0);
        insta::assert_snapshot!("format-sarif", report(&edited, Format::Sarif).0);
        insta::assert_snapshot!("format-github", report(&cycle, Format::Github).0);
    });
}

fn index(number: &Value) -> usize {
    usize::try_from(number.as_u64().unwrap()).unwrap()
}

/// Returns the byte offset of a line and column, both counted from 1, with columns in characters.
fn offset(text: &str, line: &Value, column: &Value) -> usize {
    let (line, column) = (index(line), index(column));
    let start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
    start + text[start..].char_indices().nth(column - 1).map_or(text.len() - start, |(idx, _)| idx)
}

fn edits_fix_their_diagnostics() {
    let mut edits = 0;
    for path in documents() {
        let report: Value = serde_json::from_str(&report(&path, Format::Json).0).unwrap();
        for found in report["diagnostics"].as_array().unwrap().iter().filter(|found| !found["edit"].is_null())
        {
            edits += 1;
            let edit = &found["edit"];
            let mut text = fs::read_to_string(&path).unwrap();
            if edit["file"] != path.file_name().unwrap().to_str().unwrap() {
                // The edit is in Rust source: the snapshot shows it.
                continue;
            }
            let start = offset(&text, &edit["line"], &edit["column"]);
            let end = offset(&text, &edit["end_line"], &edit["end_column"]);
            text.replace_range(start..end, edit["replacement"].as_str().unwrap());
            let left: Vec<String> = match read("edited", text.as_bytes()) {
                Err(rejected) => rejected.diagnostics.into_iter().map(|found| found.message).collect(),
                Ok(source) => {
                    let document = &source.document;
                    let found = document.pipelines.iter().flat_map(|of| check(document, of).diagnostics);
                    found.map(|found| found.message).collect()
                }
            };
            let message = found["message"].as_str().unwrap();
            assert!(!left.iter().any(|left| left == message), "{message}\n{text}");
        }
    }
    assert!(edits >= 12, "{edits} edits");
}

/// Checks every report against the requirements of the SARIF 2.1.0 schema for the parts that are written.
fn sarif_reports_conform_to_the_schema(path: &Path) {
    let is_region = |region: &Value| {
        let number = |key: &str| region[key].as_u64().unwrap_or(0);
        let end = region.get("endLine").is_none()
            || (number("endLine"), number("endColumn")) >= (number("startLine"), number("startColumn"));
        number("startLine") >= 1 && number("startColumn") >= 1 && end
    };
    let is_location = |location: &Value| {
        let physical = &location["physicalLocation"];
        let uri = physical["artifactLocation"]["uri"].as_str();
        uri.is_some_and(|uri| !uri.is_empty() && !uri.contains(' ')) && is_region(&physical["region"])
    };
    let empty = json!([]);
    let name = path.display();
    let log: Value = serde_json::from_str(&report(path, Format::Sarif).0).unwrap();
    assert_eq!((&log["version"], log["runs"].as_array().unwrap().len()), (&json!("2.1.0"), 1), "{name}");
    let run = &log["runs"][0];
    let driver = &run["tool"]["driver"];
    assert_eq!((&driver["name"], &run["columnKind"]), (&json!("kfpc"), &json!("unicodeCodePoints")));
    let results = run["results"].as_array().unwrap();
    assert!(!results.is_empty(), "{name}");
    for result in results {
        let rule = &driver["rules"][index(&result["ruleIndex"])];
        assert_eq!(rule["id"], result["ruleId"], "{name}");
        assert!(rule["shortDescription"]["text"].is_string() && rule["fullDescription"]["text"].is_string());
        assert!(["error", "warning"].contains(&result["level"].as_str().unwrap()), "{name}");
        assert!(!result["message"]["text"].as_str().unwrap().is_empty(), "{name}");
        assert_eq!(result["locations"].as_array().unwrap().len(), 1, "{name}");
        let related = result.get("relatedLocations").unwrap_or(&empty).as_array().unwrap();
        for location in result["locations"].as_array().unwrap().iter().chain(related) {
            let nowhere = fs::read(path).unwrap().is_empty() || path.to_str().unwrap().contains("KFP0101");
            assert!(is_location(location) || nowhere, "{name}: {location}");
        }
        for fix in result.get("fixes").unwrap_or(&empty).as_array().unwrap() {
            let change = &fix["artifactChanges"][0];
            let replacement = &change["replacements"][0];
            assert!(change["artifactLocation"]["uri"].is_string(), "{name}");
            assert!(is_region(&replacement["deletedRegion"]), "{name}");
            assert!(replacement["insertedContent"]["text"].is_string(), "{name}");
            assert!(!fix["description"]["text"].as_str().unwrap().is_empty(), "{name}");
        }
    }
}

/// Returns a report on a document in which the position of each place is the whole text.
fn report_on(text: &str, diagnostics: &[Diagnostic], format: Format) -> String {
    struct Whole(usize);
    impl Spans for Whole {
        fn span(&self, _: &Place) -> Option<Range<usize>> {
            Some(0..self.0)
        }
    }
    let spans = Whole(text.len());
    let written = Written { name: "long.yaml", text, spans: &spans };
    let locations = Locations::default();
    render(
        diagnostics,
        Surroundings { written: Some(written), locations: &locations, world: &NoSources },
        format,
        false,
    )
}

fn long_reports_and_lines_are_truncated() {
    let place = Place::root();
    let warning =
        |idx: usize| Diagnostic::warning(codes::EMPTY_BODY, &place.index(idx), format!("the {idx}th"));
    let mut many: Vec<Diagnostic> = (0..150).map(warning).collect();
    many.push(Diagnostic::error(codes::SYNTAX, &place, "the only one"));
    let text = report_on("text", &many, Format::Text);
    assert!(text.contains("error[KFP0103]: the only one"), "{text}");
    assert!(
        text.ends_with("\n\n50 more; use another format to see all of them\n\n1 error, 150 warnings\n"),
        "{text}"
    );
    assert_eq!(report_on("text", &many, Format::Short).lines().count(), 152);

    let long = "x".repeat(100_000);
    let error = Diagnostic::error(codes::SYNTAX, &place, format!("unknown key `{long}`"));
    let text = report_on(&long, &[error], Format::Text);
    assert!(text.len() < 400 && text.contains("--> long.yaml:1:1"), "{text}");
}

/// In all formats, neither messages nor source lines contain commands of a CI service.
fn commands_of_ci_services_are_not_printed() {
    let source = "a ##[error]x ##vso[task.complete]y ##teamcity[message]z";
    let error = Diagnostic::error(codes::SYNTAX, &Place::root(), format!("unknown key `{source}`")).replace(
        "use ##[group]",
        "a",
        "##[group]",
    );
    for format in [Format::Text, Format::Short, Format::Github, Format::Json, Format::Sarif] {
        let text = report_on(source, std::slice::from_ref(&error), format);
        assert!(!["##[", "##vso[", "##teamcity["].iter().any(|command| text.contains(command)), "{text}");
    }
}
