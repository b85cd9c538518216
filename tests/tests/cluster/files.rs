//! Files that cases read. A workflow stores them below the pipeline root or in the store `lake`, so that the test
//! itself needs access to neither.

use std::collections::BTreeMap;

use kfp_compiler::lower::BINARY;
use serde_json::{Value, json};

/// The location of the store `lake`.
pub(crate) struct Lake {
    /// Host and port of its S3 API.
    pub(crate) endpoint: String,
    /// The secret with its keys.
    pub(crate) secret: String,
}

/// Returns the bucket and the key of a file in the store, from `lake/BUCKET/KEY`.
pub(crate) fn in_lake(name: &str) -> Option<(&str, &str)> {
    name.strip_prefix("lake/")?.split_once('/')
}

/// Returns a workflow that stores files in a folder below the pipeline root, given as `s3://bucket/prefix/folder`.
pub(crate) fn workflow(
    files: &BTreeMap<String, String>,
    folder: &str,
    lake: Option<&Lake>,
    image: &str,
) -> Value {
    let key = folder.splitn(4, '/').nth(3).expect("a URI has a scheme, a bucket and a key");
    let path = |idx: usize| format!("/tmp/files/{idx}");
    let input = |(idx, content): (usize, &String)| {
        let name = format!("file-{idx}");
        json!({"name": name, "path": path(idx), "raw": {"data": content}})
    };
    let output = |(idx, name): (usize, &String)| {
        let place = match (in_lake(name), lake) {
            (Some((bucket, key)), Some(lake)) => in_bucket(lake, bucket, key),
            _ => json!({"key": format!("{key}/{name}")}),
        };
        json!({"name": format!("file-{idx}"), "path": path(idx), "archive": {"none": {}}, "s3": place})
    };
    json!({
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Workflow",
        "metadata": {"generateName": "conformance-files-"},
        "spec": {"entrypoint": "store", "templates": [{
            "name": "store",
            "inputs": {"artifacts": files.values().enumerate().map(input).collect::<Vec<_>>()},
            "outputs": {"artifacts": files.keys().enumerate().map(output).collect::<Vec<_>>()},
            "container": {"image": image, "command": [BINARY, "list"]},
        }]},
    })
}

fn in_bucket(lake: &Lake, bucket: &str, key: &str) -> Value {
    let secret = |key: &str| json!({"name": lake.secret, "key": key});
    json!({
        "endpoint": lake.endpoint,
        "insecure": true,
        "bucket": bucket,
        "key": key,
        "createBucketIfNotPresent": {},
        "accessKeySecret": secret("accesskey"),
        "secretKeySecret": secret("secretkey"),
    })
}

#[test]
fn files_are_stored_below_the_root_or_in_their_store() {
    let names = ["input.txt", "lake/rows/a/input.txt"];
    let files = names.map(|name| (name.to_owned(), "text".to_owned())).into();
    let lake = Lake { endpoint: "host:9000".to_owned(), secret: "keys".to_owned() };
    let workflow = workflow(&files, "s3://bucket/prefix/folder", Some(&lake), "image");
    let place = |idx: usize| &workflow["spec"]["templates"][0]["outputs"]["artifacts"][idx]["s3"];
    assert_eq!(place(0), &json!({"key": "prefix/folder/input.txt"}));
    assert_eq!((&place(1)["bucket"], &place(1)["key"]), (&json!("rows"), &json!("a/input.txt")));
}
