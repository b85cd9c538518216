//! Checks that strings in a document never become tags in the workflow.
//!
//! Each string in each document in `lowering/` is replaced by one that Argo would expand. Either `check` rejects the
//! document, or the specification of the workflow contains no tag at that place.
#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test panics if it cannot continue")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use kfp_compiler::check::check;
use kfp_compiler::lower::{Options, Store, lower};
use kfp_model::Document;
use serde_json::{Value, json};

/// The replacement: a complete tag, and the start of a tag without an end.
const TEXT: &str = "{{kfpmark}} {{{kfpmark{{";

fn documents() -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lowering");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    let read = |path: &std::path::PathBuf| serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    paths.iter().map(read).chain([approval()]).collect()
}

/// A document with an approval, and with strings that only a few documents have.
fn approval() -> Value {
    let choice = json!({"enum": {"name": "Choice", "variants": ["yes", "no"]}});
    let outputs = json!({
        "choice": {"type": choice, "description": "what to do"},
        "note": {"type": "string", "description": "why"},
    });
    let approval = json!({"approval": {"message": "deploy?", "outputs": outputs}});
    let call =
        json!({"call": {"callee": {"component": "e"}, "arguments": {"x": {"reference": {"input": "q"}}}}});
    let python = json!({"file": "e.py", "function": "e", "source": "def e(x):\n    return x\n"});
    json!({
        "schema_version": 1,
        "pipelines": [{
            "name": "p",
            "description": "a pipeline",
            "version": "1",
            "inputs": {"q": {"type": "string", "default": "usual", "description": "an input"}},
            "root": {"tasks": [
                {"id": "ap", "name": "ap", "kind": approval},
                {"id": "t", "name": "t", "kind": call, "policy": {
                    "environment": {"A": {"literal": "value"}},
                    "labels": {"a": "b"},
                    "annotations": {"a": "b"},
                    "cache": {"for": {"max_age": "1h", "key": "the-key"}},
                }},
            ]},
        }],
        "components": {"e": {
            "name": "e",
            "description": "a component",
            "inputs": {"x": {"type": "string", "default": "usual", "description": "an input"}},
            "outputs": {"output": {"type": "string", "description": "an output"}},
            "implementation": {"python": python},
        }},
    })
}

/// Collects the pointers of all strings in a value.
fn strings(value: &Value, pointer: &str, found: &mut Vec<String>) {
    match value {
        Value::String(_) => found.push(pointer.to_owned()),
        Value::Array(items) => {
            for (idx, item) in items.iter().enumerate() {
                strings(item, &format!("{pointer}/{idx}"), found);
            }
        }
        Value::Object(fields) => {
            for (name, item) in fields {
                let name = name.replace('~', "~0").replace('/', "~1");
                strings(item, &format!("{pointer}/{name}"), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Returns the kind of a string: the last three steps of the pointer, without indices.
fn kind(pointer: &str) -> String {
    let steps = pointer.rsplit('/').take(3);
    steps.map(|step| if step.parse::<u32>().is_ok() { "*" } else { step }).collect::<Vec<_>>().join("/")
}

fn options() -> Options {
    Options {
        image: Some("registry.example/pipelines:1".to_owned()),
        python_image: Some("python:3.11-slim".to_owned()),
        pipeline_root: Some("s3://bucket/team".parse().unwrap()),
        stores: ["lake", "s3"]
            .map(|scheme| {
                let endpoint = Some("minio.example.org:9000".to_owned());
                (scheme.to_owned(), Store { endpoint, ..Store::new(scheme) })
            })
            .into(),
        ..Options::default()
    }
}

/// Returns the specification of the workflow, if the document is accepted.
fn specification(document: &Value) -> Option<String> {
    let document = Document::from_json(&document.to_string()).ok()?;
    let program = check(&document, &document.pipelines[0]).program?;
    let workflow = lower(&program, &options()).ok()?.workflow;
    Some(serde_json::to_string(&workflow.spec).unwrap())
}

#[test]
fn strings_of_users_do_not_become_tags() {
    let mut seen = BTreeSet::new();
    let mut accepted = BTreeSet::new();
    for document in documents() {
        let mut pointers = Vec::new();
        strings(&document, "", &mut pointers);
        for pointer in pointers {
            if !seen.insert(kind(&pointer)) {
                continue;
            }
            let mut changed = document.clone();
            *changed.pointer_mut(&pointer).unwrap() = Value::from(TEXT);
            let Some(specification) = specification(&changed) else { continue };
            for part in ["{{kfpmark", "kfpmark{{"] {
                assert!(!specification.contains(part), "{pointer}: {part} in {specification}");
            }
            accepted.insert(kind(&pointer));
        }
    }
    for kind in [
        "message/approval/kind",
        "description/q/inputs",
        "description/choice/outputs",
        "literal/A/environment",
    ] {
        assert!(accepted.contains(kind), "{kind}: {accepted:#?}");
    }
}
