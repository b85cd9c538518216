//! Draws each document in `pictures/` in all formats, and compares the pictures with the snapshots next to it. Each
//! document is a separate test.
#![expect(clippy::unwrap_used, reason = "a test panics if it cannot continue")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use kfp_compiler::check::check;
use kfp_compiler::emit::{dot::dot, mermaid::mermaid, svg::svg};
use kfp_compiler::read::read;
use kfp_model::Document;
use libtest_mimic::{Arguments, Trial};

/// A test of a document with a name.
type Test = fn(&str, Document);

fn main() -> ExitCode {
    let tests: [(&str, Test); 3] = [
        ("documents_become_the_reviewed_pictures", documents_become_the_reviewed_pictures),
        ("the_position_of_tasks_has_no_meaning", the_position_of_tasks_has_no_meaning),
        ("svg_is_well_formed", svg_is_well_formed),
    ];
    let mut trials = Vec::new();
    for (name, document) in documents() {
        for (what, test) in tests {
            let (name, document) = (name.clone(), document.clone());
            trials.push(Trial::test(format!("{what}::{name}"), move || {
                test(&name, document);
                Ok(())
            }));
        }
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn documents() -> Vec<(String, Document)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pictures");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
        .collect();
    paths.sort();
    assert!(!paths.is_empty());
    let document = |path: &PathBuf| {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let source = read(&name, &fs::read(path).unwrap()).unwrap_or_else(|error| panic!("{error:#?}"));
        (name, source.document)
    };
    paths.iter().map(document).collect()
}

/// Returns the pictures of the first pipeline, by file extension.
fn pictures(document: &Document) -> [(&'static str, String); 3] {
    let outcome = check(document, &document.pipelines[0]);
    let program = outcome.program.unwrap_or_else(|| panic!("{:#?}", outcome.diagnostics));
    [("mermaid", mermaid(program.root())), ("dot", dot(program.root())), ("svg", svg(program.root()))]
}

fn documents_become_the_reviewed_pictures(name: &str, document: Document) {
    insta::with_settings!({snapshot_path => "pictures", prepend_module_to_snapshot => false, omit_expression => true}, {
        for (form, picture) in pictures(&document) {
            insta::assert_snapshot!(format!("{name}.{form}"), picture);
        }
    });
}

fn the_position_of_tasks_has_no_meaning(name: &str, mut document: Document) {
    let before = pictures(&document);
    document.pipelines[0].root.tasks.reverse();
    assert_eq!(pictures(&document), before, "{name}");
}

fn svg_is_well_formed(name: &str, document: Document) {
    let [_, _, (_, picture)] = pictures(&document);
    let mut open = Vec::new();
    let mut rest = picture.as_str();
    while let Some((text, after)) = rest.split_once('<') {
        assert!(!text.contains('>'), "{name}: {text}");
        let (tag, after) = after.split_once('>').unwrap();
        let element = tag.split([' ', '/']).find(|part| !part.is_empty()).unwrap();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(element), "{name}");
        } else if !tag.ends_with('/') {
            open.push(element);
        }
        assert_eq!(tag.matches('"').count() % 2, 0, "{name}: {tag}");
        rest = after;
    }
    assert!(open.is_empty(), "{name}: {open:?}");
    for reference in picture.split('&').skip(1) {
        let known = ["amp;", "lt;", "gt;", "quot;"].iter().any(|known| reference.starts_with(known));
        assert!(known, "{name}: &{reference:.20}");
    }
}
