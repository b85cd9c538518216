//! Compares a document with edited versions of it, and the differences with snapshots. Each edit is a separate test.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test panics if its own files are invalid"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use kfp_compiler::check::{Program, check};
use kfp_compiler::diff::{Difference, diff, diff_manifests, markdown, text};
use kfp_diag::source::manifests;
use kfp_model::Document;
use libtest_mimic::{Arguments, Trial};
use serde_json::Value;

fn main() -> ExitCode {
    let others: [(&str, fn()); 3] = [
        ("other_formats_are_as_reviewed", other_formats_are_as_reviewed),
        ("the_order_of_tasks_makes_no_difference", the_order_of_tasks_makes_no_difference),
        ("manifests_are_compared_as_reviewed", manifests_are_compared_as_reviewed),
    ];
    let mut trials: Vec<Trial> = others.into_iter().map(|(name, test)| trial(name, test)).collect();
    for (name, edits) in cases() {
        trials.push(trial(&format!("pipelines_are_compared_as_reviewed::{name}"), move || {
            pipelines_are_compared_as_reviewed(&name, &edits);
        }));
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

/// Returns the edits of each case, by JSON pointer.
fn cases() -> BTreeMap<String, BTreeMap<String, Value>> {
    yaml("cases.yaml")
}

fn file(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/differences").join(name)).unwrap()
}

fn yaml<T: serde::de::DeserializeOwned>(name: &str) -> T {
    serde_saphyr::from_str(&file(name)).unwrap()
}

fn edited(base: &Value, edits: &BTreeMap<String, Value>) -> Document {
    let mut value = base.clone();
    for (pointer, edit) in edits {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        match value.pointer_mut(parent).unwrap() {
            Value::Object(members) if edit.is_null() => {
                members.remove(key).unwrap();
            }
            Value::Object(members) => {
                members.insert(key.to_owned(), edit.clone());
            }
            Value::Array(items) if edit.is_null() => {
                items.remove(key.parse::<usize>().unwrap());
            }
            other => panic!("`{pointer}` leads to {other}"),
        }
    }
    serde_json::from_value(value).unwrap()
}

fn checked(document: &Document) -> Program<'_> {
    let outcome = check(document, &document.pipelines[0]);
    outcome.program.unwrap_or_else(|| panic!("{:#?}", outcome.diagnostics))
}

fn snapshots(assertions: impl FnOnce()) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("differences");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(assertions);
}

/// Returns the differences between the base and its edit in both directions.
fn differences(base: &Document, case: &Document) -> (Difference, Difference) {
    (diff(&checked(base), &checked(case)), diff(&checked(case), &checked(base)))
}

fn pipelines_are_compared_as_reviewed(name: &str, edits: &BTreeMap<String, Value>) {
    let base: Value = yaml("base.yaml");
    let (forth, back) = differences(&edited(&base, &BTreeMap::new()), &edited(&base, edits));
    assert_eq!(forth.is_empty(), text(&forth).is_empty(), "{name}");
    assert_eq!(forth.changes.len(), back.changes.len(), "{name}: {forth:#?} {back:#?}");
    snapshots(|| insta::assert_snapshot!(name, text(&forth)));
}

fn other_formats_are_as_reviewed() {
    let base: Value = yaml("base.yaml");
    let document = edited(&base, &BTreeMap::new());
    let (difference, _) = differences(&document, &edited(&base, &cases()["memory-and-condition"]));
    snapshots(|| {
        insta::assert_snapshot!("form-markdown", markdown(&difference));
        insta::assert_snapshot!("form-json", serde_json::to_string_pretty(&difference).unwrap());
    });
}

fn the_order_of_tasks_makes_no_difference() {
    let mut base: Value = yaml("base.yaml");
    let before = edited(&base, &BTreeMap::new());
    base["pipelines"][0]["root"]["tasks"].as_array_mut().unwrap().reverse();
    let (forth, back) = differences(&before, &edited(&base, &BTreeMap::new()));
    assert_eq!((forth.changes.as_slice(), back.changes.as_slice()), (&[][..], &[][..]));
}

fn manifests_are_compared_as_reviewed() {
    let before = file("workflow.yaml");
    let after = before
        .replace("busybox:1.36", "busybox:1.37")
        .replace("sha256sum(inputs.parameters.x)", "sha256sum(inputs.parameters.x + '2')")
        .replace("depends: first.Succeeded", "depends: first.Succeeded || first.Failed")
        .replace("value: \"1\"", "value: \"2\"");
    let read = |text: &str| manifests("workflow.yaml", text.as_bytes()).unwrap();
    assert!(diff_manifests(&read(&before), &read(&before)).is_empty());
    let difference = diff_manifests(&read(&before), &read(&after));
    snapshots(|| insta::assert_snapshot!("manifests", text(&difference)));
}
