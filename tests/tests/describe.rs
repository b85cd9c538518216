//! `kfpc describe`: the description of a pipeline's interface for users and programs.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::PathBuf;

use serde_json::{Value, json};
use tests::{Programs, workspace};

fn describe(arguments: &[&str]) -> String {
    let output = Programs::get().kfpc(workspace()).arg("describe").args(arguments).output().unwrap();
    // Warnings about unused parameters are ignored here.
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn snapshots(check: impl FnOnce()) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(check);
}

const EVERY_TYPE: &str = "tests/tests/documents/parameters.yaml";

#[test]
fn all_types_are_described() {
    snapshots(|| {
        insta::assert_snapshot!("describe-text", describe(&[EVERY_TYPE]));
        insta::assert_snapshot!("describe-json", describe(&[EVERY_TYPE, "--format", "json"]));
    });
}

#[test]
fn the_schema_accepts_what_a_run_accepts() {
    let schema: Value = serde_json::from_str(&describe(&[EVERY_TYPE, "--format", "json"])).unwrap();
    jsonschema::meta::validate(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let trial = json!({"rate": 0.5});
    let required = json!({"text": "a", "token": "a/b", "trial": trial, "other": {"inner": trial}, "model": "model.json"});
    assert!(validator.is_valid(&required), "{:?}", validator.iter_errors(&required).collect::<Vec<_>>());
    for (name, value, fits) in [
        ("whole", json!(1.5), false),
        ("number", json!(1), true),
        ("token", json!("a"), false),
        ("trials", json!([{"rate": 1, "kind": null}]), true),
        ("trials", json!([{"rate": 1, "speed": 2}]), false),
        ("other", trial.clone(), false),
        ("kind", json!("careful"), false),
        ("maybe_kind", json!(null), true),
        ("maybe", json!(3), false),
        ("model", json!({"key": "runs/a/model"}), true),
        ("model", json!({"uri": "s3://bucket"}), false),
        ("tables", json!([{"key": "runs/a/table"}]), true),
        ("tables", json!(["table.csv"]), false),
        ("limits", json!({"cpu": "2"}), false),
        ("anything", json!(null), true),
        ("unknown", json!(1), false),
    ] {
        let mut arguments = required.clone();
        arguments[name] = value.clone();
        assert_eq!(validator.is_valid(&arguments), fits, "{name} = {value}");
    }
    for name in ["text", "token", "trial", "other", "model"] {
        let mut arguments = required.clone();
        arguments.as_object_mut().unwrap().remove(name);
        assert!(!validator.is_valid(&arguments), "{name} is required");
    }
}

#[test]
fn pipeline_binaries_and_kfpc_print_the_same_schema() {
    let programs = Programs::get();
    let schemas: fn(&PathBuf) -> Value = |program| {
        let output = std::process::Command::new(program).arg("describe").output().unwrap();
        serde_json::from_slice(&output.stdout).unwrap()
    };
    for (program, pipelines) in [
        (&programs.llm_finetuning, &["llm-finetuning-pipeline"][..]),
        (&programs.hpo_pipeline, &["hpo-pipeline", "random-search", "successive-halving"]),
    ] {
        let expected = schemas(program);
        for pipeline in pipelines {
            let path = program.to_str().unwrap();
            let found = describe(&["--format", "json", "--pipeline", pipeline, path]);
            assert_eq!(serde_json::from_str::<Value>(&found).unwrap(), expected[pipeline]);
        }
    }
}

#[test]
fn the_example_is_described() {
    let program = Programs::get().llm_finetuning.to_str().unwrap();
    snapshots(|| insta::assert_snapshot!("describe-llm-finetuning", describe(&[program])));
}
