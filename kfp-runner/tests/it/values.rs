//! Values and artifacts that pass through steps.

use std::fs;

use kfp_model::{Document, Location, Place};
use kfp_runner::{Cancel, Metric, RunError, State, Store};
use serde_json::{Value, json};

use crate::support::{Fixture, document, input, output, pipeline, step, value_of};

#[test]
fn values_with_special_characters_pass_unchanged() {
    for value in [
        json!("{{workflow.name}} $(HOME) $$ ${X} `id` \" ' \\ \n\r\t\u{0}\u{7f} é 🇩🇪 \u{2028}"),
        json!({"": [null, true, 0.1, 1e21, 1e-7, 9_007_199_254_740_993_i64, i64::MIN], "{{": {"$": []}}),
        json!("null"),
        json!("@/etc/hostname"),
        json!("--executor_input"),
        json!("x".repeat(30_000)),
    ] {
        let fixture = Fixture::new();
        let report = fixture.run(&pipeline(&json!([
            step("a", "echo", &json!({"value": {"constant": value}})),
            step("b", "echo", &json!({"value": output("a", "value")})),
        ])));
        let passed = value_of(&report, "b", "value");
        assert_eq!(kfp_model::value::encode(&passed), kfp_model::value::encode(&value));
    }
}

#[test]
fn artifacts_pass_between_steps_and_are_recorded() {
    let fixture = Fixture::new();
    let report = fixture.run(&pipeline(&json!([
        step("writer", "write", &json!({"text": "hello"})),
        step("reader", "read", &json!({"file": output("writer", "file")})),
        step("none", "read", &json!({"file": null})),
    ])));
    assert_eq!(value_of(&report, "reader", "text"), json!("hello 5"));
    assert_eq!(value_of(&report, "none", "text"), json!("absent"));
    let file = value_of(&report, "writer", "file");
    let key = file["key"].as_str().unwrap();
    assert!(key.starts_with(&format!("runs/{}/writer/1/out-", report.id)) && key.ends_with("/file"), "{key}");
    assert_eq!(file["type"]["schemaTitle"], json!("system.Dataset"));
    let path = fixture.options.store.canonicalize().unwrap().join(file["key"].as_str().unwrap());
    assert_eq!(file["uri"], json!(format!("file://{}", path.display())));
    let tasks = Store::open(&fixture.options.store).unwrap().tasks(&report.id).unwrap();
    let reader = tasks.iter().find(|task| task.name == "reader").unwrap();
    assert_eq!((reader.state, reader.attempts), (State::Succeeded, 1));
    assert_eq!(reader.inputs["file"], file);
}

#[test]
fn the_store_keeps_the_document_the_locations_and_the_arguments_of_each_run() {
    let fixture = Fixture::new();
    let mut document = document(&[json!({
        "name": "test",
        "inputs": {"number": {"type": "integer"}},
        "root": {"tasks": [step("a", "echo", &json!({"value": input("number")}))]},
    })]);
    let task = Place::root().key("pipelines").index(0).key("root").key("tasks").index(0);
    let location = Location { file: "src/pipelines.rs".to_owned(), line: 12, column: 7 };
    document.locations.insert(task.clone(), location.clone());
    for number in [1, 2] {
        let arguments = json!({"number": number});
        let report = fixture.run_document(&document, &arguments, &Cancel::new(), |_| ()).unwrap();
        let store = Store::open_read_only(&fixture.options.store).unwrap();
        assert_eq!(json!(store.run(&report.id).unwrap().arguments), arguments);
        let kept = Document::from_json(&store.document(&report.id).unwrap().unwrap()).unwrap();
        assert_eq!(kept.locations.get(&task), Some(&location));
        assert_eq!(kept, document);
    }
}

#[test]
fn numbers_of_metrics_artifacts_are_recorded() {
    let fixture = Fixture::new();
    let report = fixture.run(&pipeline(&json!([step("it", "measure", &json!({"number": 0.25}))])));
    let metrics = Store::open(&fixture.options.store).unwrap().metrics(&report.id).unwrap();
    let expect = Metric {
        path: "it".to_owned(),
        artifact: "scores".to_owned(),
        name: "accuracy".to_owned(),
        value: 0.25,
    };
    assert_eq!(metrics, [expect]);
}

#[test]
fn lists_of_artifacts_are_collected_and_read() {
    let fixture = Fixture::new();
    let report = fixture.run(&pipeline(&json!([
        {"id": "each", "name": "each", "kind": {"loop": {
            "items": {"constant": ["a", "b", "c"]},
            "body": {
                "tasks": [step("writer", "write", &json!({"text": {"reference": {"item": "each"}}}))],
                "yields": {"file": output("writer", "file")},
            },
        }}},
        step("reader", "read-all", &json!({"files": output("each", "file")})),
    ])));
    assert_eq!(value_of(&report, "reader", "value"), json!(["a", "b", "c"]));
}

#[test]
fn files_of_the_user_become_artifacts() {
    let fixture = Fixture::new();
    let path = fixture.path("with space.csv");
    fs::write(&path, "rows").unwrap();
    let kind = json!({"artifact": {"name": "system.Dataset", "version": "0.0.1"}});
    let document = json!({
        "name": "test",
        "inputs": {"file": {"type": kind}},
        "root": {"tasks": [
            step("argument", "read", &json!({"file": input("file")})),
            {"id": "import", "name": "import", "kind": {"import": {
                "uri": {"constant": format!("file://{}", path.replace(' ', "%20"))},
                "type": kind,
                "metadata": {"size": {"constant": 4}},
            }}},
            step("imported", "read", &json!({"file": output("import", "artifact")})),
        ]},
    });
    let report = fixture.try_run(&document, &json!({"file": path})).unwrap();
    assert_eq!(value_of(&report, "argument", "text"), json!("rows None"));
    assert_eq!(value_of(&report, "imported", "text"), json!("rows 4"));
}

#[test]
fn defaults_are_used_for_missing_arguments() {
    let fixture = Fixture::new();
    let report = fixture.run(&pipeline(&json!([
        step("missing", "text", &json!({})),
        step("passed", "text", &json!({"value": "mine"})),
    ])));
    for (task, value) in [("missing", "usual"), ("passed", "mine")] {
        assert_eq!(value_of(&report, task, "value"), json!(value), "{task}");
    }
}

#[test]
fn invalid_arguments_and_unsupported_steps_are_reported_before_anything_starts() {
    let fixture = Fixture::new();
    let document = json!({
        "name": "test",
        "inputs": {"rate": {"type": "float"}, "name": {"type": "string"}},
        "root": {"tasks": [step("it", "number", &json!({"value": input("rate")}))]},
    });
    let error = fixture.try_run(&document, &json!({"rate": "abc", "nmae": "x"})).unwrap_err();
    assert_eq!(error.code(), "KFP0801");
    let RunError::Arguments(problems) = error else { panic!("{error}") };
    assert_eq!(problems.len(), 3, "{problems:?}");

    let mut document: Value = pipeline(&json!([step("it", "plain", &json!({}))]));
    document["components"] = json!({"plain": {
        "name": "plain", "implementation": {"container": {"image": "alpine:3.20", "command": ["true"]}},
    }});
    let mut fixture = fixture;
    fixture.options.container_engines = ["no-such-docker", "false"].map(Into::into).to_vec();
    let error = fixture.try_run(&document, &json!({})).unwrap_err();
    assert_eq!(error.code(), "KFP0802");
    assert_eq!(
        error.to_string(),
        "cannot run the pipeline on this machine: the task `it` runs the container component `plain`, which requires \
         a container engine; tried `no-such-docker info`, `false info`"
    );
    assert!(!fixture.options.store.exists());
}
