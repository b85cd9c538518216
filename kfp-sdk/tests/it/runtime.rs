//! Steps as they run in containers: from the executor input to files, exit code and termination log.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value as Json, json};
use tempfile::TempDir;

/// The binary with the steps.
const PROGRAM: &str = env!("CARGO_BIN_EXE_kfp-sdk-steps");

/// A step to run: its component, its inputs, and the names of its outputs.
struct Case {
    component: &'static str,
    /// The input parameters.
    parameters: Json,
    /// The input artifacts by name, each with the keys of its entries; `null` is an absent artifact.
    artifacts: Json,
    /// The output parameters.
    returns: &'static [&'static str],
    /// The output artifacts with their kinds.
    writes: &'static [(&'static str, &'static str)],
}

impl Case {
    fn new(component: &'static str, parameters: Json) -> Self {
        Self { component, parameters, artifacts: json!({}), returns: &[], writes: &[] }
    }

    fn returns(self, returns: &'static [&'static str]) -> Self {
        Self { returns, ..self }
    }

    fn writes(self, writes: &'static [(&'static str, &'static str)]) -> Self {
        Self { writes, ..self }
    }

    fn takes(self, artifacts: Json) -> Self {
        Self { artifacts, ..self }
    }

    /// Returns the executor input, whose paths are in `folder`.
    fn executor_input(&self, folder: &Path) -> Json {
        let path = |parts: &str| folder.join(parts).to_str().unwrap().to_owned();
        let mut paths = json!({});
        let mut inputs = json!({});
        for (name, keys) in self.artifacts.as_object().unwrap() {
            paths[name] = path(if keys.is_array() { "in" } else { keys.as_str().unwrap_or("") }).into();
            let entries =
                keys.as_array().map_or_else(|| vec![entry(keys)], |keys| keys.iter().map(entry).collect());
            inputs[name] = json!({"artifacts": entries});
        }
        let mut outputs =
            json!({"parameters": {}, "artifacts": {}, "paths": {}, "outputFile": path("out/all")});
        for name in self.returns {
            outputs["parameters"][name] = json!({"outputFile": path(&format!("out/{name}"))});
        }
        for (name, kind) in self.writes {
            let schema = json!({"schemaTitle": kind, "schemaVersion": "0.0.1"});
            let entry = json!({"name": name, "uri": format!("run/{name}"), "key": format!("run/{name}"), "type": schema,
                               "metadata": {"preset": true}});
            outputs["parameters"][name] = json!({"outputFile": path(&format!("out/{name}-value"))});
            outputs["artifacts"][name] = json!({"artifacts": [entry]});
            outputs["paths"][name] = path(&format!("out/{name}")).into();
        }
        json!({
            "inputs": {"parameterValues": self.parameters, "artifacts": inputs, "paths": paths},
            "outputs": outputs,
        })
    }
}

/// Returns the value of the artifact with a key, or a list of values.
fn entry(key: &Json) -> Json {
    match key {
        Json::String(key) => json!({"name": "rows", "key": key, "uri": key, "metadata": {"source": "web"}}),
        Json::Array(keys) => keys.iter().map(entry).collect(),
        other => other.clone(),
    }
}

/// Returns a folder with the files that the steps read.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("in/models")).unwrap();
    for (name, text) in [("rows", "1\n2"), ("models/a", "A"), ("models/b", "B"), ("models/c", "C")] {
        fs::write(folder.path().join("in").join(name), text).unwrap();
    }
    folder
}

/// Runs the binary, with its termination log in the folder.
fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(PROGRAM)
        .args(arguments)
        .current_dir(folder)
        .env("KFP_TERMINATION_LOG", folder.join("out/log"))
        .env("KFP_SECRET_TOKEN", "hunter2")
        .env_remove("RUST_BACKTRACE")
        .output()
        .unwrap()
}

/// Returns the output and files of a run as text, without the path of the folder.
fn summary(folder: &Path, output: &Output) -> String {
    let mut text = format!("exit code {}\n", output.status.code().unwrap());
    for (name, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
        if !bytes.is_empty() {
            text.push_str(&format!("{name}: {}\n", shortened(String::from_utf8_lossy(bytes).trim_end())));
        }
    }
    let mut files = Vec::new();
    list(&folder.join("out"), &mut files);
    for file in files {
        let name = file.strip_prefix(folder).unwrap().display();
        match fs::read_to_string(&file) {
            Ok(content) => text.push_str(&format!("{name}: {}\n", shortened(&content))),
            Err(_) => text.push_str(&format!("{name}/\n")),
        }
    }
    without_threads(&text.replace(folder.to_str().unwrap(), "[folder]"))
}

/// Removes the id of the thread that panicked.
fn without_threads(text: &str) -> String {
    let line = |line: &str| match (line.find(" ("), line.find(") panicked")) {
        (Some(start), Some(end)) => format!("{}{}\n", &line[..start], &line[end + 1..]),
        _ => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}

/// Replaces the middle of a long text.
fn shortened(text: &str) -> String {
    let length = text.chars().count();
    if length <= 1000 {
        return text.to_owned();
    }
    let (start, end): (String, String) =
        (text.chars().take(60).collect(), text.chars().skip(length - 20).collect());
    format!("{start}[{} bytes in total]{end}", text.len())
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        files.push(path.clone());
        list(&path, files);
    }
}

/// Runs a step and returns its summary.
fn outcome(case: &Case) -> String {
    let folder = folder();
    let input = case.executor_input(folder.path()).to_string();
    summary(folder.path(), &run(folder.path(), &["component", case.component, "--executor_input", &input]))
}

fn check(name: &str, cases: &[(&str, Case)]) {
    let outcomes = cases.iter().map(|(title, case)| format!("# {title}\n{}", outcome(case)));
    insta::assert_snapshot!(name, outcomes.collect::<Vec<_>>().join("\n"));
}

const MODEL: &[(&str, &str)] = &[("model", "system.Model")];

fn measure(parameters: Json) -> Case {
    let case = Case::new("measure", parameters).takes(json!({"rows": "in/rows"}));
    case.returns(&["mean", "count", "label"]).writes(MODEL)
}

#[test]
fn inputs_are_read() {
    let everything = json!({
        "rate": 0.25, "label": "{{x}} $(y) é", "sizes": [1, 2], "kind": "fast", "trial": {"rate": 1, "size": 3},
    });
    check(
        "inputs",
        &[
            ("all inputs are set", measure(everything)),
            (
                "defaults and absent inputs",
                measure(json!({"label": "", "rate": null, "sizes": null, "trial": {"rate": 2}})),
            ),
            ("a required parameter is missing", measure(json!({"rate": 1.0}))),
            ("a parameter has another type", measure(json!({"label": "a", "rate": "fast"}))),
            ("a part of a parameter has another type", measure(json!({"label": "a", "sizes": [1, 2.5]}))),
            (
                "a struct has an unknown field",
                measure(json!({"label": "a", "trial": {"rate": 1.0, "speed": 2}})),
            ),
            ("an enum has no such variant", measure(json!({"label": "a", "kind": "Fast"}))),
            ("an artifact is absent", measure(json!({"label": "a"})).takes(json!({"rows": null}))),
            ("an artifact is not mentioned", measure(json!({"label": "a"})).takes(json!({}))),
            (
                "an artifact is a list",
                measure(json!({"label": "a"})).takes(json!({"rows": ["in/rows", "in/rows"]})),
            ),
            (
                "the file of an artifact is missing",
                measure(json!({"label": "a"})).takes(json!({"rows": "in/gone"})),
            ),
        ],
    );
}

#[test]
fn lists_of_artifacts_are_read() {
    let gather = |artifacts: Json| Case::new("gather", json!({})).takes(artifacts).returns(&["output"]);
    let nested = json!([["models/a"], [], ["models/c", "models/b"]]);
    check(
        "artifact_lists",
        &[
            (
                "lists, also nested ones",
                gather(json!({"models": ["models/b", "/models/a"], "nested": nested, "extra": "in/rows"})),
            ),
            ("all inputs are absent", gather(json!({"extra": null}))),
            ("an item is absent", gather(json!({"models": ["models/a", null]}))),
            ("a key points outside the folder", gather(json!({"models": ["../secrets"]}))),
            ("a list is not nested", gather(json!({"nested": ["models/a"]}))),
        ],
    );
}

#[test]
fn failures_have_classes_and_remove_outputs() {
    let fail = |kind: &str| Case::new("fail", json!({"kind": kind})).returns(&["output"]).writes(MODEL);
    let kinds = [
        "data",
        "permanent",
        "transient",
        "unknown",
        "long",
        "panic",
        "formatted panic",
        "panic without message",
        "worker",
        "not a number",
        "infinite",
    ];
    check("failures", &kinds.map(|kind| (kind, fail(kind))));
}

#[test]
fn outputs_are_written() {
    let repeat = |parameters: Json| Case::new("repeat", parameters).returns(&["text"]);
    let kinds = &[("metrics", "system.Metrics"), ("classes", "system.ClassificationMetrics")];
    let score = |loss: f64| Case::new("score", json!({"loss": loss})).writes(kinds);
    check(
        "outputs",
        &[
            ("the largest parameter", repeat(json!({"times": 32 * 1024}))),
            ("a byte too many", repeat(json!({"times": 32 * 1024 + 1}))),
            ("the limit is in bytes, not characters", repeat(json!({"times": 20_000, "part": "é"}))),
            ("a path is missing", repeat(json!({"times": 1})).returns(&[])),
            ("an artifact is not written", Case::new("forget", json!({})).writes(MODEL)),
            ("an artifact is a dangling link", Case::new("dangle", json!({})).writes(MODEL)),
            ("the path of an artifact is missing", Case::new("forget", json!({}))),
            ("metrics", score(1.0)),
            ("a metric is NaN", score(-1.0)),
        ],
    );
}

#[test]
fn metrics_need_no_file() {
    let kinds = &[
        ("metrics", "system.Metrics"),
        ("classes", "system.ClassificationMetrics"),
        ("optional", "system.Metrics"),
    ];
    let log = |outputs: &[&str]| Case::new("log", json!({"outputs": outputs})).writes(kinds);
    check(
        "metrics",
        &[
            ("required outputs", log(&["metrics", "classes"])),
            ("an optional output", log(&["metrics", "classes", "optional"])),
            ("nothing is logged", log(&["classes"])),
            ("metadata of a model", Case::new("describe", json!({})).writes(MODEL)),
            ("a dangling link", Case::new("dangle-metrics", json!({})).writes(&kinds[..1])),
        ],
    );
}

#[test]
fn secrets_and_status_are_read() {
    let failures = json!([{"task": "load", "message": "no rows", "exit_code": 10, "class": "data"}]);
    let explain = |failures: &Json| {
        Case::new("explain", json!({"state": "Failed", "failures": failures})).returns(&["output"])
    };
    check(
        "secrets_and_status",
        &[
            (
                "a secret comes from the environment",
                Case::new("unlock", json!({"token": "a/b"})).returns(&["output"]),
            ),
            ("failures as a list", explain(&failures)),
            ("invalid failures", explain(&json!("none"))),
        ],
    );
    let folder = folder();
    let input = Case::new("unlock", json!({})).returns(&["output"]).executor_input(folder.path()).to_string();
    let mut command = Command::new(PROGRAM);
    command.args(["component", "unlock", "--executor_input", &input]).env_remove("KFP_SECRET_TOKEN");
    command.env("KFP_TERMINATION_LOG", folder.path().join("out/log")).env("KFP_SECRET_SPARE", "x");
    insta::assert_snapshot!("secret_missing", summary(folder.path(), &command.output().unwrap()));
}

#[test]
fn messages_and_outputs_do_not_contain_secrets() {
    let rejected = "contains the value of the secret in `KFP_SECRET_TOKEN`: values are stored and shown";
    for (kind, expect) in [
        ("panic", "no access with ***"),
        ("error", "xxx***"),
        ("output", &format!("output `output` of `leak` {rejected}")),
        ("metadata", &format!("metadata of output `model` of `leak` {rejected}")),
    ] {
        let folder = folder();
        let case = Case::new("leak", json!({"token": "a/b", "kind": kind}));
        let case = case.returns(&["output", "model"]).writes(&[("model", "system.Model")]);
        let input = case.executor_input(folder.path()).to_string();
        let mut command = Command::new(PROGRAM);
        command.args(["component", "leak", "--executor_input", &input]).env("KFP_SECRET_TOKEN", "hunter2");
        command.env("KFP_TERMINATION_LOG", folder.path().join("log")).env("RUST_BACKTRACE", "1");
        let output = command.output().unwrap();
        let log = fs::read_to_string(folder.path().join("log")).unwrap();
        assert!(log.contains(expect) && log.len() <= 2048, "{kind}: {log}");
        assert!(
            !log.contains("hunt") && !String::from_utf8_lossy(&output.stderr).contains("hunt"),
            "{kind}: {log}"
        );
        assert!(!output.status.success());
    }
}

#[test]
fn all_outputs_are_written_or_none() {
    let folder = folder();
    let mut input = measure(json!({"label": "a"})).executor_input(folder.path());
    // The parent of the output path is a file, not a folder.
    input["outputs"]["parameters"]["label"]["outputFile"] = "in/rows/label".into();
    let output = run(folder.path(), &["component", "measure", "--executor_input", &input.to_string()]);
    insta::assert_snapshot!("unwritable", summary(folder.path(), &output));
    assert_eq!(fs::read_to_string(folder.path().join("in/rows")).unwrap(), "1\n2");
}

#[test]
fn the_executor_input_may_be_a_file() {
    let folder = folder();
    let input = Case::new("repeat", json!({"times": 3})).returns(&["text"]).executor_input(folder.path());
    fs::write(folder.path().join("input.json"), input.to_string()).unwrap();
    let output = run(folder.path(), &["component", "repeat", "--executor_input=@input.json"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(fs::read_to_string(folder.path().join("out/text")).unwrap(), "\"xxx\"");
    assert!(!folder.path().join("out/log").exists(), "a successful step writes no termination log");
}

#[test]
fn invalid_arguments_are_reported() {
    let cases: &[&[&str]] = &[
        &["component", "repeat", "--executor_input", "@gone.json"],
        &["component", "repeat", "--executor_input", "{"],
        &["component", "repeat", "--executor_input", "[]"],
        &["component", "repaet", "--executor_input", "{}"],
        &["component", "elsewhere", "--executor_input", "{}"],
        &["component", "twin", "--executor_input", "{}"],
        &["component", "repeat"],
        &["export", "lenghts"],
        &["export", "lengths", "caller"],
        &["run"],
        &["list"],
        &["help"],
    ];
    let outputs = cases.iter().map(|arguments| {
        let folder = folder();
        format!("# {}\n{}", arguments.join(" "), summary(folder.path(), &run(folder.path(), arguments)))
    });
    insta::assert_snapshot!("invalid_arguments", outputs.collect::<Vec<_>>().join("\n"));
}

/// Returns the names of the pipelines and components in the exported document.
fn exported(arguments: &[&str]) -> (Vec<String>, Vec<String>) {
    let folder = folder();
    let output = run(folder.path(), arguments);
    let document = kfp_model::Document::from_json(&String::from_utf8(output.stdout).unwrap()).unwrap();
    let pipelines = document.pipelines.iter().map(|pipeline| pipeline.name.clone());
    (pipelines.collect(), document.components.keys().map(|id| id.0.clone()).collect())
}

#[test]
fn export_includes_called_pipelines() {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    for (arguments, pipelines, components) in [
        (&["export"][..], &["caller", "lengths", "repeated"][..], &["repeat", "unlock"][..]),
        (&["export", "caller"], &["caller", "repeated"], &["repeat"]),
        (&["export", "repeated"], &["repeated"], &["repeat"]),
        (&["export", "lengths"], &["lengths"], &["repeat", "unlock"]),
    ] {
        assert_eq!(exported(arguments), (names(pipelines), names(components)), "{arguments:?}");
    }
}

#[test]
fn describe_prints_schemas() {
    let folder = folder();
    let output = run(folder.path(), &["describe"]);
    insta::assert_snapshot!("described", String::from_utf8(output.stdout).unwrap());
}
