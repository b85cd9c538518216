//! The published schemas of pipeline documents and of `kfpc.toml` are up to date and match real files.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::process::Command;

use jsonschema::Validator;
use serde_json::{Value, json};
use tests::{Programs, workspace};

const CONFORMANCE: &str = env!("CARGO_BIN_EXE_conformance");

/// Runs the command successfully and returns its output.
fn output(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn schema(subject: &str) -> Value {
    let text = output(Programs::get().kfpc(workspace()).args(["schema", subject]));
    serde_json::from_str(&text).unwrap()
}

fn validator(subject: &str) -> Validator {
    let schema = schema(subject);
    jsonschema::meta::validate(&schema).unwrap();
    jsonschema::validator_for(&schema).unwrap()
}

/// Returns the schema violations of the value.
fn faults(validator: &Validator, value: &Value) -> Vec<String> {
    validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn the_published_schemas_are_up_to_date() {
    for (subject, file) in [("document", "document.schema.json"), ("config", "kfpc.schema.json")] {
        let path = workspace().join("docs").join(file);
        let text = format!("{:#}\n", schema(subject));
        if std::env::var_os("KFPC_UPDATE_DOCS").is_some() {
            fs::write(&path, &text).unwrap();
        }
        let found = fs::read_to_string(&path).unwrap_or_default();
        assert!(found == text, "docs/{file} is out of date: run this test with KFPC_UPDATE_DOCS=1");
    }
}

#[test]
fn every_document_of_the_conformance_set_and_of_the_examples_is_valid() {
    let validator = validator("document");
    let cases = output(Command::new(CONFORMANCE).arg("list"));
    let mut documents: Vec<(&str, String)> =
        cases.lines().map(|case| (case, output(Command::new(CONFORMANCE).args(["export", case])))).collect();
    let programs = Programs::get();
    for program in [&programs.llm_finetuning, &programs.hpo_pipeline] {
        documents.push((program.to_str().unwrap(), output(Command::new(program).arg("export"))));
    }
    assert!(documents.len() > 200, "found only {}", documents.len());
    for (name, text) in documents {
        assert_eq!(faults(&validator, &serde_json::from_str(&text).unwrap()), [""; 0], "{name}");
    }
}

#[test]
fn both_forms_of_locations_are_valid_and_others_are_not() {
    let validator = validator("document");
    let document = |key: &str, value: Value| {
        let mut document = json!({"schema_version": 1, "pipelines": [], "components": {}});
        document[key] = value;
        document
    };
    for (key, value, is_valid) in [
        (
            "source_map",
            json!({"files": ["a.rs"], "positions": [[0, 1, 1]], "nodes": {"/pipelines/0": 0}}),
            true,
        ),
        ("locations", json!({"/pipelines/0": {"file": "a.rs", "line": 1, "column": 1}}), true),
        ("source_map", json!({"files": ["a.rs"]}), false),
        ("locations", json!({"/pipelines/0": "a.rs:1"}), false),
        ("schema_version", json!(2), false),
        ("extra", json!(1), false),
        ("pipelines", json!([{"name": "a", "root": {}, "settings": {"timeout": "90m"}}]), true),
        ("pipelines", json!([{"name": "a", "root": {}, "settings": {"timeout": "soon"}}]), false),
        (
            "pipelines",
            json!([{"name": "a", "root": {"tasks": [{"id": "a", "name": "a", "kind": "call"}]}}]),
            false,
        ),
    ] {
        let found = faults(&validator, &document(key, value.clone()));
        assert_eq!(found.is_empty(), is_valid, "{key}: {value}: {found:?}");
    }
}

#[test]
fn settings_are_valid_and_misspelt_ones_are_not() {
    let validator = validator("config");
    for (settings, is_valid) in [
        (json!({}), true),
        (json!({"image": "a:1", "python-image": "b:1", "target": "local", "allow": ["KFP0415"]}), true),
        (
            json!({"stores": {"lake": {"endpoint": "minio:9000", "insecure": true, "access-key": "s/a"}}}),
            true,
        ),
        (json!({"imgae": "a:1"}), false),
        (json!({"target": "cluster"}), false),
        (json!({"allow": ["0415"]}), false),
        (json!({"stores": {"lake": {"acces-key": "s/a"}}}), false),
    ] {
        let found = faults(&validator, &settings);
        assert_eq!(found.is_empty(), is_valid, "{settings}: {found:?}");
    }
}
