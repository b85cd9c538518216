//! Mistakes before there is a document, in the build of a package or of its graphs, are diagnostics in every format.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tests::{Programs, workspace};

/// Checks a pipeline of the binary `mistaken`.
fn check(pipeline: &str, format: &str) -> Command {
    let mut command = Programs::get().kfpc(workspace());
    command.arg("check").arg(&Programs::get().mistaken).args(["--pipeline", pipeline, "--format", format]);
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn settings() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings
}

#[test]
fn mistakes_in_graphs_are_diagnostics() {
    for pipeline in ["durations", "constants", "foreign", "panicking"] {
        let output = check(pipeline, "text").output().unwrap();
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(1), String::new()));
        settings().bind(|| insta::assert_snapshot!(format!("graph-{pipeline}"), text(&output.stderr)));
    }
}

#[test]
fn mistakes_in_graphs_are_reported_in_every_format() {
    let report = |format: &str| {
        let output = check("durations", format).output().unwrap();
        assert_eq!((output.status.code(), text(&output.stderr)), (Some(1), String::new()));
        text(&output.stdout)
    };
    let json: Value = serde_json::from_str(&report("json")).unwrap();
    let edits: Vec<&str> = json["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|found| found["edit"]["replacement"].as_str())
        .collect();
    assert_eq!(edits, ["1h", "30s", "7d"]);
    let sarif: Value = serde_json::from_str(&report("sarif")).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), 5);
    assert!(results.iter().all(|result| result["ruleId"] == "KFP0702"));
    let first = "tests/src/bin/mistaken.rs";
    assert!(report("short").starts_with(&format!("{first}:")));
    assert_eq!(report("github").matches(&format!("::error file={first},line=")).count(), 5);
}

#[test]
fn every_command_reports_mistakes_in_graphs() {
    let folder = tempfile::tempdir().unwrap();
    for (pipeline, code) in [("durations", "KFP0702"), ("panicking", "KFP0111")] {
        for command in
            [&["compile"][..], &["compile", "--out", "workflows"], &["graph"], &["describe"], &["run"]]
        {
            let output = Programs::get()
                .kfpc(folder.path())
                .args(command)
                .arg(&Programs::get().mistaken)
                .args(["--pipeline", pipeline, "--message-format", "json"])
                .output()
                .unwrap();
            assert_eq!((output.status.code(), text(&output.stdout)), (Some(1), String::new()), "{command:?}");
            let report: Value = serde_json::from_str(&text(&output.stderr)).unwrap();
            assert_eq!(report["diagnostics"][0]["code"], code, "{command:?}: {report}");
        }
    }
}

#[test]
fn errors_that_a_binary_prints_are_not_repeated() {
    let output = check("durration", "text").output().unwrap();
    let expected = "error: unknown pipeline `durration`, expected one of `constants`, `durations`, `foreign`, \
                    `leaking`, `panicking`\n";
    assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(2), expected));
}

/// Creates a package without dependencies.
fn package(folder: &Path, source: &str) {
    fs::create_dir_all(folder.join("src")).unwrap();
    let manifest = "[package]\nname = \"broken\"\nedition = \"2024\"\n[workspace]\n";
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    fs::write(folder.join("src/main.rs"), source).unwrap();
}

fn kfpc(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Programs::get().kfpc(folder);
    command.args(arguments).env("CARGO_TARGET_DIR", folder.join("target")).env("CARGO_NET_OFFLINE", "true");
    command.output().unwrap()
}

/// Two errors of rustc, one of them in a macro, and a warning.
const BROKEN: &str =
    "fn main() {\n    let unused = 1;\n    let rows: i64 = \"many\";\n    println!(\"{}\", rowz);\n}\n";

#[test]
fn errors_of_rustc_are_annotations() {
    let folder = tempfile::tempdir().unwrap();
    package(folder.path(), BROKEN);
    let check = |format: &str| kfpc(folder.path(), &["check", "--package", "broken", "--format", format]);

    let output = check("github");
    assert_eq!(output.status.code(), Some(1));
    let annotations = text(&output.stdout);
    for (line, code) in annotations.lines().zip(["3,col=21,endLine=3", "4,col=20,endLine=4"]) {
        let start = format!("::error file=src/main.rs,line={code},");
        assert!(line.starts_with(&start) && line.contains("title=KFP0114::"), "{annotations}");
    }
    assert_eq!(annotations.lines().count(), 2, "{annotations}");
    // The log also contains the errors as rustc prints them.
    assert!(text(&output.stderr).contains("3 |     let rows: i64 = \"many\";"), "{}", text(&output.stderr));
    settings().bind(|| insta::assert_snapshot!("rustc-short", text(&check("short").stdout)));
    let json: Value = serde_json::from_slice(&check("json").stdout).unwrap();
    let first = &json["diagnostics"][0];
    assert_eq!((&first["code"], &first["primary"]["line"]), (&"KFP0114".into(), &3.into()));
    let sarif: Value = serde_json::from_slice(&check("sarif").stdout).unwrap();
    let region = |idx: usize| {
        let location = &sarif["runs"][0]["results"][idx]["locations"][0]["physicalLocation"];
        (location["artifactLocation"]["uri"].clone(), location["region"]["startLine"].clone())
    };
    assert_eq!(region(0), ("src/main.rs".into(), 3.into()));
    assert_eq!(region(1), ("src/main.rs".into(), 4.into()));

    // A report on standard error is a single value.
    let output = kfpc(folder.path(), &["graph", "--package", "broken", "--message-format", "json"]);
    let report: Value = serde_json::from_slice(&output.stderr).unwrap();
    assert_eq!((output.status.code(), &report["errors"]), (Some(1), &2.into()));
}

#[test]
fn errors_of_rustc_are_printed_once_on_a_terminal() {
    let folder = tempfile::tempdir().unwrap();
    package(folder.path(), BROKEN);
    let output = kfpc(folder.path(), &["check", "--package", "broken"]);
    let messages = text(&output.stderr);
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(1), String::new()));
    assert_eq!(messages.matches("error[E0308]").count(), 1, "{messages}");
    let last = messages.lines().last().unwrap();
    assert!(last.starts_with("error: could not compile `broken`"), "{messages}");
}

#[test]
fn errors_of_cargo_are_printed_once() {
    let folder = tempfile::tempdir().unwrap();
    package(folder.path(), "fn main() {}\n");
    for format in ["text", "github", "json"] {
        let output = kfpc(folder.path(), &["check", "--package", "brokn", "--format", format]);
        let messages = text(&output.stderr);
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(2), String::new()), "{messages}");
        assert_eq!(messages.matches("error: ").count(), 1, "{messages}");
    }
}
