//! `kfpc check` on Argo manifests: files and folders, together with pipeline documents, in every format.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tests::{Programs, workspace};

const FINE: &str = "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {generateName: a-}\nspec:\n  \
                    entrypoint: main\n  templates:\n  - name: main\n    container: {image: 'busybox:1.36', \
                    command: [echo]}\n";
const INVALID: &str = "apiVersion: argoproj.io/v1alpha1\nkind: Workflo\nmetadata: {generateName: a-}\n";

fn check(folder: &Path, arguments: &[&str]) -> Output {
    Programs::get().kfpc(folder).arg("check").args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn files_and_folders_are_checked_together() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::create_dir(root.join("sub")).unwrap();
    fs::write(root.join("fine.yaml"), FINE).unwrap();
    fs::write(root.join("sub/wrong.yml"), format!("{FINE}---\n{INVALID}")).unwrap();
    fs::write(root.join("sub/values.yaml"), "replicas: 1\n").unwrap();
    fs::copy(workspace().join("tests/tests/documents/waiting.json"), root.join("sub/waiting.json")).unwrap();

    let fine = check(root, &["fine.yaml", "sub/waiting.json"]);
    assert_eq!(fine.status.code(), Some(0), "{}", text(&fine.stderr));
    assert!(text(&fine.stderr).starts_with("Checked fine.yaml, "), "{}", text(&fine.stderr));

    let invalid = check(root, &["--format", "short", "."]);
    assert_eq!(invalid.status.code(), Some(1));
    let line = "sub/wrong.yml:11:7: error[KFP0901]: unknown kind `Workflo`\n1 error\n";
    assert_eq!(text(&invalid.stdout), line);

    let json = check(root, &["--format", "json", "fine.yaml", "sub/wrong.yml"]);
    let report: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(report["errors"], 1);
    assert_eq!(report["diagnostics"][0]["primary"]["file"], "sub/wrong.yml");
    assert_eq!(report["diagnostics"][0]["primary"]["line"], 11);
}

#[test]
fn a_folder_without_anything_to_check_is_a_usage_error() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("values.yaml"), "replicas: 1\n").unwrap();
    let output = check(folder.path(), &["."]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("no Argo manifest"), "{}", text(&output.stderr));
    assert_eq!(check(folder.path(), &["missing.yaml"]).status.code(), Some(2));
}

#[test]
fn unreadable_manifests_are_reported_with_a_location() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.yaml"), "apiVersion: argoproj.io/v1alpha1\nkind: [\n").unwrap();
    for arguments in [["--format", "short", "a.yaml"], ["--format", "short", "."]] {
        let output = check(folder.path(), &arguments);
        assert_eq!(output.status.code(), Some(1));
        assert!(text(&output.stdout).contains("a.yaml:2:7: error[KFP0103]"), "{}", text(&output.stdout));
    }
}

#[test]
fn manifests_are_read_from_standard_input() {
    let mut command: Command = Programs::get().kfpc(workspace());
    command.args(["check", "--format", "short", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(INVALID.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(text(&output.stdout).starts_with("<stdin>:2:7: error[KFP0901]"), "{}", text(&output.stdout));
}
