//! Files that cases read: a workflow puts them where the pipeline root says, so that the test itself has to know
//! nothing of the store.

use std::collections::BTreeMap;

use kfp_compiler::lower::BINARY;
use serde_json::{Value, json};

/// A workflow that stores files in a folder below the pipeline root, as `s3://bucket/prefix/folder`.
pub(crate) fn workflow(files: &BTreeMap<String, String>, folder: &str, image: &str) -> Value {
    let key = folder.splitn(4, '/').nth(3).expect("a URI has a scheme, a bucket and a key");
    let path = |idx: usize| format!("/tmp/files/{idx}");
    let given = |(idx, content): (usize, &String)| {
        let name = format!("file-{idx}");
        json!({"name": name, "path": path(idx), "raw": {"data": content}})
    };
    let kept = |(idx, name): (usize, &String)| {
        let key = format!("{key}/{name}");
        json!({"name": format!("file-{idx}"), "path": path(idx), "archive": {"none": {}}, "s3": {"key": key}})
    };
    json!({
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Workflow",
        "metadata": {"generateName": "conformance-files-"},
        "spec": {"entrypoint": "store", "templates": [{
            "name": "store",
            "inputs": {"artifacts": files.values().enumerate().map(given).collect::<Vec<_>>()},
            "outputs": {"artifacts": files.keys().enumerate().map(kept).collect::<Vec<_>>()},
            "container": {"image": image, "command": [BINARY, "list"]},
        }]},
    })
}

#[test]
fn keys_begin_behind_the_bucket() {
    let files = BTreeMap::from([("input.txt".to_owned(), "text".to_owned())]);
    let workflow = workflow(&files, "s3://bucket/prefix/folder", "image");
    let key = workflow.pointer("/spec/templates/0/outputs/artifacts/0/s3/key");
    assert_eq!(key, Some(&json!("prefix/folder/input.txt")));
}
