//! Artifacts of Python steps.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::{StepResult, has_python, run};

/// The interface of a step that only writes the artifact `model`.
fn one_artifact() -> Value {
    json!({"inputs": {}, "outputs": {"model": {"kind": "artifact", "optional": false}}, "returns": []})
}

/// Returns the value of an artifact that the step has written.
fn artifact(result: &StepResult, name: &str) -> Value {
    serde_json::from_str(result.outputs[name].as_str().unwrap()).unwrap()
}

/// Returns the digest that Rust computes for an artifact of the step.
fn digest(result: &StepResult, name: &str) -> String {
    let content = kfp_digest::of_path(&result.folder.path().join(format!("art-{name}"))).unwrap();
    kfp_digest::of_artifact(&artifact(result, name), &content)
}

#[test]
fn artifacts_have_paths_metadata_and_a_value() {
    if !has_python() {
        return;
    }
    let interface = json!({
        "inputs": {"data": {"kind": "artifact", "optional": false}},
        "outputs": {"model": {"kind": "artifact", "optional": false}},
        "returns": [],
    });
    let folder = tempfile::tempdir().unwrap();
    let rows = folder.path().join("rows");
    fs::write(&rows, "1 2 3").unwrap();
    let value = json!({"key": "k", "uri": "k", "name": "rows", "type": {"schemaTitle": "system.Dataset"}, "metadata": {"rows": 3}});
    let inputs =
        |path: &Path| json!({"artifacts": {"data": {"artifacts": [value]}}, "paths": {"data": path}});
    let source = "from kfp.dsl import Dataset, Input, Model, Output\n\
        def step(data: Input[Dataset], model: Output[Model]):\n\
        \x20   open(model.path, 'w').write(open(data.path).read())\n\
        \x20   model.framework = 'x'\n\
        \x20   model.metadata['rows'] = data.metadata['rows']\n";
    let result = run(source, &interface, &inputs(&rows));
    assert_eq!(result.code, 0, "{}", result.stderr);
    assert_eq!(fs::read_to_string(result.folder.path().join("art-model")).unwrap(), "1 2 3");
    let value = artifact(&result, "model");
    assert_eq!(value["metadata"], json!({"framework": "x", "rows": 3}));

    let unwritten = "def step(data, model): pass\n";
    let result = run(unwritten, &interface, &inputs(&rows));
    assert_eq!(result.termination["message"], "artifact `model` was not written: its path does not exist");

    let half = "def step(data, model):\n    open(model.path, 'w').write('half')\n    raise ValueError()\n";
    let result = run(half, &interface, &inputs(&rows));
    assert!(!result.folder.path().join("art-model").exists(), "a partial artifact is not removed");
}

#[test]
fn metrics_need_no_file() {
    if !has_python() {
        return;
    }
    let unwritten = "artifact `metrics` was not written: its path does not exist";
    let unlogged = format!("{unwritten}, and no metrics were logged");
    let log = "metrics.log_metric('accuracy', 0.75)";
    let accuracy = Ok(json!({"accuracy": 0.75}));
    for (kind, optional, body, expected) in [
        ("system.Metrics", false, log, accuracy.clone()),
        ("system.Metrics", true, log, accuracy),
        (
            "system.ClassificationMetrics",
            false,
            "metrics.log_roc_curve([0.25], [1.0], [0.5])",
            Ok(json!({"confidenceMetrics": [
                {"confidenceThreshold": 0.5, "falsePositiveRate": 0.25, "recall": 1},
            ]})),
        ),
        ("system.Metrics", true, "pass", Ok(Value::Null)),
        ("system.Metrics", false, "pass", Err(unlogged.as_str())),
        (
            "system.Metrics",
            false,
            "metrics.log_metric('a', 1); os.symlink('none', metrics.path)",
            Err(unwritten),
        ),
        (
            "system.Metrics",
            false,
            "metrics.log_metric('loss', float('nan'))",
            Err(
                "the metadata of artifact `metrics` cannot be written: NaN and infinity are not allowed in JSON",
            ),
        ),
        ("system.Model", false, "metrics.metadata['accuracy'] = 0.75", Err(unwritten)),
    ] {
        let interface = json!({
            "inputs": {},
            "outputs": {"metrics": {"kind": "artifact", "optional": optional, "type": kind}},
            "returns": [],
        });
        let result = run(&format!("import os\ndef step(metrics):\n    {body}\n"), &interface, &json!({}));
        let file = result.folder.path().join("art-metrics");
        match expected {
            Ok(Value::Null) => assert_eq!(result.outputs["metrics"], "null", "{body}"),
            Ok(metadata) => {
                assert_eq!(result.code, 0, "{body}: {}", result.stderr);
                let value = artifact(&result, "metrics");
                assert_eq!(value["metadata"], metadata, "{body}");
                assert_eq!(fs::read(&file).unwrap(), b"", "{body}");
                assert_eq!(value["digest"], json!(digest(&result, "metrics")), "{body}");
            }
            Err(message) => {
                assert_eq!(result.termination["message"], message, "{body}");
                assert!(!file.exists(), "{body}");
            }
        }
    }
}

#[test]
fn artifacts_have_the_digest_that_rust_computes() {
    if !has_python() {
        return;
    }
    let interface = one_artifact();
    let folder = "import os\n\
        def write(path, text, mode=0o644):\n\
        \x20   os.makedirs(os.path.dirname(path), exist_ok=True)\n\
        \x20   open(path, 'w').write(text)\n\
        \x20   os.chmod(path, mode)\n\
        def step(model):\n\
        \x20   os.makedirs(model.path + '/empty')\n\
        \x20   write(model.path + '/b/c', '1')\n\
        \x20   write(model.path + '/b-/c', '2', 0o755)\n\
        \x20   write(model.path + '/\u{e9}', 'x' * 300000)\n\
        \x20   os.symlink('b/c', model.path + '/link')\n\
        \x20   os.symlink('..', model.path + '/b/up')\n\
        \x20   os.symlink('nowhere', model.path + '/none')\n\
        \x20   model.metadata.update(rate=0.5, many=2**53+1, text='{{x}} $(y) \u{e9}', none=None)\n";
    let file = "def step(model):\n    open(model.path, 'w').write('1 2 3')\n";
    let executable =
        "import os\ndef step(model):\n    open(model.path, 'w')\n    os.chmod(model.path, 0o755)\n";
    for source in [folder, file, executable] {
        let result = run(source, &interface, &json!({}));
        assert_eq!(result.code, 0, "{}", result.stderr);
        let value = artifact(&result, "model");
        assert_eq!(value["digest"], json!(digest(&result, "model")), "{source}");
    }
}

/// A folder that is nested more deeply than Python can call functions.
const DEEP: &str = "import os\n\
    def step(model):\n\
    \x20   place, start = model.path, os.getcwd()\n\
    \x20   for _ in range(1200):\n\
    \x20       os.mkdir(place)\n\
    \x20       os.chdir(place)\n\
    \x20       place = 'd'\n\
    \x20   open('file', 'w').close()\n\
    \x20   os.chdir(start)\n";

#[test]
fn deep_folders_have_a_digest_and_are_removed_after_failures() {
    if !has_python() {
        return;
    }
    let interface = one_artifact();
    let result = run(DEEP, &interface, &json!({}));
    assert_eq!(result.code, 0, "{}", result.stderr);
    let value = artifact(&result, "model");
    assert_eq!(value["digest"], json!(digest(&result, "model")));

    let result = run(&format!("{DEEP}    raise ValueError('it failed')\n"), &interface, &json!({}));
    assert_eq!(result.termination["message"], "ValueError: it failed", "{}", result.stderr);
    assert!(!result.folder.path().join("art-model").exists());
}

#[test]
fn metadata_that_is_not_json_is_explained() {
    if !has_python() {
        return;
    }
    let interface = one_artifact();
    let nested =
        "value = 1\n    for _ in range(5000):\n        value = [value]\n    model.metadata['x'] = value";
    for (body, why) in [
        (
            "model.metadata['x'] = 10**5000",
            "it contains an integer of more than 64 bits: use a float or a string",
        ),
        (nested, "it is nested too deeply: 125 levels are allowed"),
    ] {
        let source = format!("def step(model):\n    open(model.path, 'w').close()\n    {body}\n");
        let result = run(&source, &interface, &json!({}));
        let expected = format!("the metadata of artifact `model` cannot be written: {why}");
        assert_eq!(result.termination, json!({"class": "data", "message": expected}), "{}", result.stderr);
    }
}

#[test]
fn artifacts_above_the_limit_have_no_digest() {
    if !has_python() {
        return;
    }
    let interface = one_artifact();
    let file = "open(model.path, 'w').write('123')";
    let folder = "os.makedirs(model.path + '/a'); open(model.path + '/a/b', 'w').write('123')";
    // It would take minutes to read this file.
    let sparse = "open(model.path, 'w').truncate(1 << 40)";
    for (body, limit, has_digest) in [
        (file, "", true),
        (file, "3", true),
        (file, "2", false),
        (folder, "3", true),
        (folder, "2", false),
        (folder, "0", false),
        ("open(model.path, 'w')", "0", false),
        (file, "no number", true),
        (file, &"9".repeat(5000), true),
        (sparse, "", false),
    ] {
        let source = format!(
            "import os\ndef step(model):\n    os.environ['KFP_DIGEST_LIMIT'] = '{limit}'\n    {body}\n"
        );
        let result = run(&source, &interface, &json!({}));
        assert_eq!(result.code, 0, "{body} {limit}: {}", result.stderr);
        let value = artifact(&result, "model");
        assert_eq!(value.get("digest").is_some(), has_digest, "{body} {limit}");
    }
}
