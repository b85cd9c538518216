//! Imports from declared stores on the command line: they are compiled, and read from a folder in local runs.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tests::{Programs, workspace};

const SETTINGS: &str = "python-image = 'python:3.11'\n\
    [stores.lake]\nscheme = 's3'\nendpoint = 'minio.example.org'\naccess-key = 'minio/access'\n\
    secret-key = 'minio/secret'\npath = 'mirror'\n";

fn kfpc(folder: &Path, command: &str) -> Command {
    let mut kfpc = Programs::get().kfpc(folder);
    kfpc.arg(command).arg(workspace().join("tests/tests/documents/stores.yaml"));
    kfpc
}

fn output_text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout)
}

#[test]
fn declared_stores_are_compiled_and_read_from_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("kfpc.toml"), SETTINGS).unwrap();
    let compiled = kfpc(folder, "compile").output().unwrap();
    assert!(compiled.status.success(), "{}", output_text(&compiled));
    let yaml = String::from_utf8(compiled.stdout).unwrap();
    for text in ["endpoint: minio.example.org", "name: minio\n", "key: access", "template: import-lake"] {
        assert!(yaml.contains(text), "missing `{text}` in\n{yaml}");
    }

    fs::create_dir_all(folder.join("mirror/surveys")).unwrap();
    fs::write(folder.join("mirror/surveys/rows.csv"), "a\nb\n").unwrap();
    let ran = kfpc(folder, "run").args(["--format", "json"]).output().unwrap();
    assert!(ran.status.success(), "{}", output_text(&ran));
    let report: Value = serde_json::from_slice(&ran.stdout).unwrap();
    assert_eq!(report["outputs"]["count"], 2);

    let missing = kfpc(folder, "run").args(["-p", "part=none.csv"]).output().unwrap();
    assert_eq!(missing.status.code(), Some(1));
    assert!(output_text(&missing).contains("none.csv` does not exist"), "{}", output_text(&missing));
}

#[test]
fn an_undeclared_store_is_rejected() {
    let folder = tempfile::tempdir().unwrap();
    let output = kfpc(folder.path(), "compile").args(["--python-image", "python:3.11"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let text = output_text(&output);
    assert!(
        text.contains("error[KFP0608]: no store is declared for a URI that starts with `s3://surveys/`"),
        "{text}"
    );
    let output = kfpc(folder.path(), "run").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        output_text(&output).contains("cannot read `s3://surveys/rows.csv` on this machine"),
        "{}",
        output_text(&output)
    );
}
