//! `kfpc diff`: the inputs that can be compared, and the exit codes.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tests::{Programs, workspace};

const DOCUMENT: &str = "kfp-compiler/tests/differences/base.yaml";
const MANIFEST: &str = "examples/llm-finetuning/workflow.yaml";

fn diff(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } =
        Programs::get().kfpc(folder).arg("diff").args(arguments).output().unwrap();
    (status.code(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

/// Creates a copy of a workspace file in a new folder, with a string replaced.
fn edited(file: &str, from: &str, to: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(workspace().join(file)).unwrap();
    assert!(text.contains(from), "`{file}` does not contain `{from}`");
    let path = folder.path().join(Path::new(file).file_name().unwrap());
    fs::write(&path, text.replace(from, to)).unwrap();
    (folder, path)
}

#[test]
fn equal_pipelines_exit_with_0_and_print_nothing() {
    for file in [DOCUMENT, MANIFEST] {
        let (code, stdout, stderr) = diff(workspace(), &[file, file]);
        assert_eq!((code, stdout.as_str()), (Some(0), ""), "{file}: {stderr}");
    }
}

#[test]
fn differences_exit_with_1() {
    for (file, from, to, expected) in [
        (DOCUMENT, "memory: 1Gi", "memory: 2Gi", "resources.memory: 1Gi → 2Gi"),
        (MANIFEST, "failFast: false", "failFast: true", "dag.failFast: false → true"),
    ] {
        let (_folder, path) = edited(file, from, to);
        let (code, stdout, stderr) = diff(workspace(), &[file, path.to_str().unwrap()]);
        assert_eq!(code, Some(1), "{stdout}{stderr}");
        assert!(stdout.contains(expected), "{stdout}");
    }
}

#[test]
fn changed_descriptions_are_mentioned() {
    let (_folder, path) = edited(
        DOCUMENT,
        "  train:\n    name: train\n",
        "  train:\n    name: train\n    description: Trains.\n",
    );
    let (code, stdout, stderr) = diff(workspace(), &[DOCUMENT, path.to_str().unwrap()]);
    assert_eq!((code, stdout.as_str()), (Some(0), ""));
    assert!(stderr.contains("Only descriptions have changed"), "{stderr}");
}

#[test]
fn credentials_are_not_printed() {
    let with = |index: &str| {
        edited(
            DOCUMENT,
            "function: load,",
            &format!("function: load, pip_index: \"https://{index}host/simple\","),
        )
    };
    let (_before, before) = with("me:hunter2@");
    let (_after, after) = with("me:changed2@");
    let (_without, without) = with("");
    for format in ["text", "json", "markdown"] {
        for (before, after, expected) in [
            (&before, &after, "https://host/simple with other credentials"),
            (&before, &without, "https://host/simple without credentials"),
            (&workspace().join(DOCUMENT), &before, "https://host/simple"),
        ] {
            let (code, stdout, stderr) =
                diff(workspace(), &[before.to_str().unwrap(), after.to_str().unwrap(), "--format", format]);
            assert_eq!(code, Some(1), "{stdout}{stderr}");
            assert!(stdout.contains(expected), "{stdout}");
            assert!(!stdout.contains("hunter2") && !stdout.contains("changed2"), "{stdout}");
        }
    }
}

#[test]
fn formats_for_programs_and_pull_requests() {
    let (_folder, path) = edited(DOCUMENT, "parallelism: 2", "parallelism: 3");
    let arguments = [DOCUMENT, path.to_str().unwrap(), "--format"];
    let (_, json, _) = diff(workspace(), &[&arguments[..], &["json"]].concat());
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["changes"][0]["facts"][0]["after"], "3");
    let (_, markdown, _) = diff(workspace(), &[&arguments[..], &["markdown"]].concat());
    assert!(markdown.contains("| | parallelism | `2` | `3` |"), "{markdown}");
}

#[test]
fn incomparable_inputs_exit_with_2() {
    let (_folder, wrong) = edited(DOCUMENT, "component: best", "component: worst");
    for (arguments, expected) in [
        (vec![DOCUMENT, MANIFEST], "compile the pipeline first"),
        (vec![DOCUMENT, wrong.to_str().unwrap()], "has errors"),
        (vec![DOCUMENT, "nowhere.yaml"], "nowhere.yaml"),
        (vec![DOCUMENT, "README.md"], "cannot compare"),
        (vec!["no-such-revision", "--package", "examples"], "unknown revision"),
        (vec![DOCUMENT], "AFTER"),
        (vec!["nope:a.json", DOCUMENT], "the revision `nope` is unknown"),
        (vec!["-", "-"], "both versions from standard input"),
    ] {
        let (code, stdout, stderr) = diff(workspace(), &arguments);
        assert_eq!(code, Some(2), "{arguments:?}: {stdout}{stderr}");
        assert!(stderr.contains(expected), "{arguments:?}: {stderr}");
    }
}

/// Creates a repository with a package whose program prints a document next to it. It depends on a package of a
/// workspace outside the repository.
fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let libraries = folder.path().join("libraries");
    fs::create_dir_all(libraries.join("output/src")).unwrap();
    for (name, text) in [
        ("Cargo.toml", "[workspace]\nresolver = \"3\"\nmembers = [\"output\"]\npackage.edition = \"2024\"\n"),
        ("output/Cargo.toml", "[package]\nname = \"output\"\nedition.workspace = true\n"),
        ("output/src/lib.rs", "pub fn write(text: &str) { print!(\"{text}\"); }\n"),
    ] {
        fs::write(libraries.join(name), text).unwrap();
    }
    let package = folder.path().join("pipelines");
    fs::create_dir_all(package.join("src")).unwrap();
    let document = fs::read_to_string(workspace().join(DOCUMENT)).unwrap();
    fs::write(package.join("document.yaml"), document).unwrap();
    fs::write(
        package.join("src/main.rs"),
        "fn main() { output::write(include_str!(\"../document.yaml\")); }",
    )
    .unwrap();
    let manifest = "[package]\nname = \"pipelines\"\nedition = \"2024\"\n[workspace]\n\
                    [dependencies]\noutput = { path = \"../libraries/output\" }\n";
    fs::write(package.join("Cargo.toml"), manifest).unwrap();
    fs::write(package.join(".gitignore"), "/target\nCargo.lock\n").unwrap();
    for arguments in [&["init", "--quiet"][..], &["add", "."], &["commit", "--quiet", "-m", "first"]] {
        let identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"];
        let git = Command::new("git").args(identity).args(arguments).current_dir(&package).output().unwrap();
        assert!(git.status.success(), "{}", String::from_utf8_lossy(&git.stderr));
    }
    folder
}

#[test]
fn revisions_are_compared_as_files_and_as_packages() {
    let folder = repository();
    let package = folder.path().join("pipelines");
    let document = package.join("document.yaml");
    fs::write(&document, fs::read_to_string(&document).unwrap().replace("parallelism: 2", "parallelism: 9"))
        .unwrap();
    for arguments in [&["HEAD:document.yaml", "document.yaml"][..], &["HEAD", "--package", "pipelines"]] {
        let (code, stdout, stderr) = diff(&package, arguments);
        assert_eq!(code, Some(1), "{arguments:?}: {stdout}{stderr}");
        assert!(stdout.contains("parallelism: 2 → 9"), "{arguments:?}: {stdout}");
    }
    let (code, _, stderr) = diff(&package, &["HEAD:", "document.yaml"]);
    assert_eq!(code, Some(2), "{stderr}");
    assert!(stderr.contains("cannot read `HEAD:`: it is a folder"), "{stderr}");
    let (code, stdout, stderr) = diff(&package, &["HEAD", "HEAD", "--package", "pipelines"]);
    assert_eq!((code, stdout.as_str()), (Some(0), ""), "{stderr}");
    let worktrees = Command::new("git").args(["worktree", "list"]).current_dir(&package).output().unwrap();
    assert_eq!(String::from_utf8(worktrees.stdout).unwrap().lines().count(), 1);
}
