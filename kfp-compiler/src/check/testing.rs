//! A small document that the tests of the rules modify, and the comparison of diagnostics.

#![expect(clippy::needless_pass_by_value, reason = "tests read better with values written in place")]

use kfp_diag::codes;
use kfp_model::Document;
use serde_json::{Value, json};

use super::check;

/// Applies the edits to the document, checks it, and compares all diagnostics with the expected ones.
///
/// An edit sets the value at a JSON pointer, in which `tasks` means the tasks of the pipeline. Expectations are
/// written `CODE place: message`. Unused parameters are not reported.
#[track_caller]
pub(crate) fn check_with(edits: &[(&str, Value)], expect: &[&str]) {
    let mut value = base();
    for (pointer, edit) in edits {
        set(&mut value, pointer, edit.clone());
    }
    let document: Document = serde_json::from_value(value).expect("the test has a readable document");
    let outcome = check(&document, &document.pipelines[0]);
    let found: Vec<String> = outcome
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.code != codes::UNUSED_INPUT)
        .map(|diagnostic| {
            let place = diagnostic.primary.place.as_str().replace("/pipelines/0/root/tasks", "tasks");
            format!("{} {place}: {}", diagnostic.code, diagnostic.message)
        })
        .collect();
    assert_eq!(found, expect, "\nfor {edits:?}");
}

/// Checks the document with these tasks and compares the diagnostics.
#[track_caller]
pub(crate) fn check_tasks(tasks: Value, expect: &[&str]) {
    check_with(&[("tasks", tasks)], expect);
}

/// Returns the document with these tasks.
pub(crate) fn document(tasks: &Value) -> Document {
    let mut value = base();
    set(&mut value, "tasks", tasks.clone());
    serde_json::from_value(value).expect("the test has a readable document")
}

/// A call of a component; the task's id is its name.
pub(crate) fn call(name: &str, component: &str, arguments: Value) -> Value {
    json!({"id": name, "name": name, "kind": {"call": {
        "callee": {"component": component}, "arguments": arguments,
    }}})
}

/// A reference to an output.
pub(crate) fn output(task: &str, output: &str) -> Value {
    json!({"reference": {"output": {"task": task, "output": output}}})
}

/// A reference to a parameter of the pipeline.
pub(crate) fn input(name: &str) -> Value {
    json!({"reference": {"input": name}})
}

/// A call of `load`, which has the outputs `rows`, `table` and the optional `note`.
pub(crate) fn load() -> Value {
    call("load", "load", json!({"path": input("path")}))
}

/// A branch with one arm and an optional `otherwise` region.
pub(crate) fn branch(name: &str, condition: Value, region: Value, otherwise: Option<Value>) -> Value {
    let arm = json!({"name": format!("{name}-yes"), "condition": condition, "region": region});
    let mut branch = json!({"arms": [arm]});
    if let Some(otherwise) = otherwise {
        branch["otherwise"] = otherwise;
    }
    json!({"id": name, "name": name, "kind": {"branch": branch}})
}

/// A loop over `items`.
pub(crate) fn repeat(name: &str, items: Value, body: Value) -> Value {
    json!({"id": name, "name": name, "kind": {"loop": {"items": items, "body": body}}})
}

/// An exit handler whose exit region calls `notify` with the text.
pub(crate) fn exit_handler(name: &str, body: Value, text: Value) -> Value {
    let exit = call(&format!("{name}-exit"), "notify", json!({"text": text}));
    json!({"id": name, "name": name, "kind": {"exit_handler": {"body": body, "exit": {"tasks": [exit]}}}})
}

/// A condition that depends on the run.
pub(crate) fn some_condition() -> Value {
    json!({"compare": {"left": input("threshold"), "operator": "less", "right": {"constant": 1}}})
}

/// A task, and a loop of two tasks that depend on it.
pub(crate) fn nested_loop() -> Value {
    let rate = json!({"reference": {"item": "each"}});
    let train = call("each.train", "train", json!({"table": output("load", "table"), "rate": rate}));
    let text = json!({"concat": [{"value": output("each.train", "accuracy")}]});
    let report = call("each.report", "notify", json!({"text": text}));
    json!([load(), repeat("each", input("rates"), json!({"tasks": [train, report]}))])
}

fn set(value: &mut Value, pointer: &str, edit: Value) {
    let pointer = match pointer.strip_prefix("tasks") {
        Some(rest) => format!("/pipelines/0/root/tasks{rest}"),
        None => pointer.to_owned(),
    };
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer starts with a slash");
    let parent = value.pointer_mut(parent).expect("the parent of what is set exists");
    match parent {
        Value::Array(items) => match key.parse::<usize>() {
            Ok(idx) if idx < items.len() => items[idx] = edit,
            _ => items.push(edit),
        },
        other => other[key] = edit,
    }
}

/// A document with four components and a pipeline that has parameters of every kind and no tasks.
pub(crate) fn base() -> Value {
    let dataset = json!({"artifact": {"name": "system.Dataset", "version": "0.0.1"}});
    let model = json!({"artifact": {"name": "system.Model", "version": "0.0.1"}});
    let mode = json!({"enum": {"name": "Mode", "variants": ["fast", "exact"]}});
    let fields =
        json!({"rate": {"type": "float"}, "mode": {"type": mode}, "seed": {"type": {"option": "integer"}}});
    let trial = json!({"struct": {"name": "Trial", "fields": fields}});
    let image = json!({"container": {"image": "alpine:3.20", "command": ["true"]}});
    json!({
        "schema_version": 1,
        "pipelines": [{
            "name": "demo",
            "inputs": {
                "path": {"type": "string"},
                "threshold": {"type": "float", "default": 0.5},
                "count": {"type": "integer", "default": 3},
                "rates": {"type": {"list": "float"}, "default": [0.1]},
                "mode": {"type": mode, "default": "fast"},
                "trial": {"type": trial},
                "limit": {"type": {"option": "integer"}},
                "token": {"type": "secret"},
            },
            "root": {"tasks": []},
        }],
        "components": {
            "load": {
                "name": "load",
                "inputs": {"path": {"type": "string"}},
                "outputs": {
                    "rows": {"type": "integer"}, "table": {"type": dataset}, "note": {"type": {"option": "string"}},
                },
                "implementation": image,
            },
            "train": {
                "name": "train",
                "inputs": {
                    "table": {"type": dataset}, "rate": {"type": "float", "default": 0.1},
                    "mode": {"type": mode, "default": "fast"},
                },
                "outputs": {"accuracy": {"type": "float"}, "model": {"type": model}},
                "implementation": image,
            },
            "notify": {
                "name": "notify",
                "inputs": {
                    "text": {"type": "string"}, "token": {"type": {"option": "secret"}},
                    "values": {"type": {"option": {"list": "float"}}}, "trial": {"type": {"option": trial}},
                },
                "implementation": image,
            },
            "deploy": {
                "name": "deploy",
                "inputs": {"model": {"type": model}},
                "implementation": image,
            },
        },
    })
}
