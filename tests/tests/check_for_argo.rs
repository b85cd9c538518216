//! `kfpc check` rejects what `kfpc compile` would reject, except for missing options, unless the project only runs
//! its pipelines locally.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use tests::Programs;

fn kfpc(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let output = Programs::get().kfpc(folder).args(arguments).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8_lossy(&output.stderr).into_owned())
}

fn call(id: &str, callee: &Value, arguments: &Value) -> Value {
    json!({"id": id, "name": id, "kind": {"call": {"callee": callee, "arguments": arguments}}})
}

fn say(id: &str, value: &Value) -> Value {
    call(id, &json!({"component": "say"}), &json!({"value": value}))
}

/// Returns an exit handler around a step; its exit task takes the value.
fn handler(value: &Value) -> Value {
    let of_step = json!({"reference": {"output": {"task": "work", "output": "value"}}});
    let body = json!({"tasks": [say("work", &json!({"constant": 1}))], "yields": {"value": of_step}});
    json!({"id": "handler", "name": "handler", "kind": {"exit_handler": {
        "body": body, "exit": {"tasks": [say("exit", value)]}}}})
}

/// Returns pipelines that only run locally, with the expected code and location.
fn local_ones() -> Vec<(&'static str, &'static str, Vec<Value>)> {
    let pipeline = |name: &str, tasks: Value| json!({"name": name, "root": {"tasks": tasks}});
    let failures = json!({"field": {"of": {"reference": {"status": "handler"}}, "name": "failures"}});
    let output = json!({"reference": {"guarded": {"task": "handler", "output": "value"}}});
    let each = json!({"id": "each", "name": "each", "kind": {"loop": {
        "items": {"constant": [1, 2]},
        "body": {"tasks": [call("part", &json!({"pipeline": "part"}), &json!({}))]}}}});
    let mut again = call("again", &json!({"pipeline": "deep"}), &json!({}));
    again["kind"]["call"]["max_depth"] = 60.into();
    let condition = json!({"holds": {"reference": {"output": {"task": "ask", "output": "value"}}}});
    let deeper = json!({"id": "deeper", "name": "deeper", "kind": {"branch": {"arms": [
        {"name": "arm", "condition": condition, "region": {"tasks": [again]}}]}}});
    let ask = call("ask", &json!({"component": "ask"}), &json!({}));
    vec![
        (
            "KFP0601",
            "/pipelines/0/root/tasks/0",
            vec![pipeline("part", json!([handler(&failures), say("other", &json!({"constant": 2}))]))],
        ),
        (
            "KFP0601",
            "/pipelines/1/root/tasks/0",
            vec![pipeline("main", json!([each])), pipeline("part", json!([handler(&output)]))],
        ),
        ("KFP0610", "/pipelines/0", vec![pipeline("deep", json!([ask, deeper]))]),
    ]
}

fn write(folder: &Path, pipelines: &[Value]) {
    let component = |name: &str, r#type: &str, inputs: Value| {
        let container = json!({"image": "busybox:1", "command": ["true"]});
        json!({"name": name, "inputs": inputs, "outputs": {"value": {"type": r#type}}, "implementation": {"container": container}})
    };
    let any = json!({"value": {"type": "any"}});
    let document = json!({"schema_version": 1, "pipelines": pipelines, "components": {
        "say": {"name": "say", "inputs": any, "outputs": any, "implementation": {"rust": {}}},
        "ask": component("ask", "boolean", json!({}))}});
    fs::write(folder.join("pipeline.json"), document.to_string()).unwrap();
}

#[test]
fn check_rejects_what_argo_cannot_run() {
    for (code, place, pipelines) in local_ones() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &pipelines);
        let name = pipelines[0]["name"].as_str().unwrap();
        let (exit, compiled) = kfpc(
            folder.path(),
            &["compile", "pipeline.json", "--pipeline", name, "--image", "i:1", "--message-format", "json"],
        );
        assert_eq!(exit, 1, "{compiled}");
        let output = Programs::get()
            .kfpc(folder.path())
            .args(["check", "pipeline.json", "--format", "json"])
            .output()
            .unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(1), "{report}");
        assert_eq!(report, serde_json::from_str::<Value>(&compiled).unwrap());
        let text = report.to_string();
        assert!(text.contains(code) && text.contains(place), "{code} at {place}: {text}");
        // The project only runs its pipelines locally.
        fs::write(folder.path().join("kfpc.toml"), "target = \"local\"\n").unwrap();
        let (exit, text) = kfpc(folder.path(), &["check", "pipeline.json"]);
        assert_eq!(exit, 0, "{text}");
    }
}

#[test]
fn check_accepts_pipelines_with_missing_options() {
    let folder = tempfile::tempdir().unwrap();
    write(
        folder.path(),
        &[json!({"name": "small", "root": {"tasks": [say("work", &json!({"constant": 1}))]}})],
    );
    let (exit, text) = kfpc(folder.path(), &["compile", "pipeline.json"]);
    assert!(exit == 1 && text.contains("KFP0602"), "{text}");
    let (exit, text) = kfpc(folder.path(), &["check", "pipeline.json"]);
    assert_eq!(exit, 0, "{text}");
    // Options that are set are checked.
    fs::write(folder.path().join("kfpc.toml"), "image = \"Upper/Case:1\"\n").unwrap();
    let (exit, text) = kfpc(folder.path(), &["check", "pipeline.json"]);
    assert!(exit == 1 && text.contains("KFP0612"), "{text}");
}
