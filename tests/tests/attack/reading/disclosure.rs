//! Documents that refer to other files.

use std::fs::{self, File};
use std::os::unix::fs::symlink;

use serde_json::{Value, json};

use super::commands::{OTHER, each_command, with_source};
use super::{SECRET, Sandbox, output_text, pipe};

/// Returns a document with a mistake whose location is line 1 of the file.
fn document(file: &str) -> String {
    let location = json!({"file": file, "line": 1, "column": 1});
    let document = json!({
        "schema_version": 1,
        "components": {},
        "pipelines": [{"name": "p", "root": {"tasks": []}, "inputs": {"Bad Name!": {"type": "string"}}}],
        "locations": {"/pipelines/0/inputs/Bad Name!": location},
    });
    document.to_string()
}

#[test]
fn locations_neither_show_outside_lines_nor_block() {
    let sandbox = Sandbox::new();
    sandbox.write("other.yaml", OTHER);
    let inside = sandbox.inside();
    symlink("../outside.rs", inside.join("link.rs")).unwrap();
    symlink("..", inside.join("up")).unwrap();
    symlink("loop.rs", inside.join("loop.rs")).unwrap();
    symlink("/dev/zero", inside.join("zero.rs")).unwrap();
    pipe(&inside.join("pipe.rs"));
    fs::create_dir(inside.join("folder.rs")).unwrap();
    sandbox.write("token.txt", SECRET);
    symlink("token.txt", inside.join("token.rs")).unwrap();
    // A sparse file that is practically endless.
    File::create(inside.join("huge.rs")).unwrap().set_len(1 << 40).unwrap();
    let absolute = sandbox.root.path().join("outside.rs").display().to_string();
    for file in [
        absolute.as_str(),
        "../outside.rs",
        "link.rs",
        "up/outside.rs",
        "loop.rs",
        "zero.rs",
        "pipe.rs",
        "folder.rs",
        "token.txt",
        "token.rs",
        "huge.rs",
        "/proc/self/environ",
        "/dev/stdin",
        "",
        ".",
        "a\u{0}b",
    ] {
        sandbox.write("d.json", document(file));
        for command in each_command().filter(|command| !command.contains(&"bind")) {
            sandbox.attack(&with_source(command, "d.json"));
        }
    }
}

#[test]
fn a_line_of_the_documents_own_package_is_shown() {
    let sandbox = Sandbox::new();
    let inside = sandbox.inside();
    fs::create_dir_all(inside.join("package/src")).unwrap();
    sandbox.write("Cargo.toml", "[workspace]\nmembers = ['package']\n");
    sandbox.write("package/Cargo.toml", "[package]\nname = 'package'\n");
    sandbox.write("package/src/main.rs", "fn pipeline() {}\n");
    sandbox.write("package/d.json", document("package/src/main.rs"));
    for folder in [inside.clone(), inside.join("package"), std::env::temp_dir()] {
        let mut command = tests::Programs::get().kfpc(&folder);
        let output = command.arg("check").arg(inside.join("package/d.json")).output().unwrap();
        assert!(output_text(&output).contains("fn pipeline() {}"), "{}", output_text(&output));
    }
}

#[test]
fn settings_that_are_a_link_do_not_show_its_target() {
    let sandbox = Sandbox::new();
    sandbox.write("other.yaml", OTHER);
    let secret = sandbox.root.path().join("credentials");
    for content in [format!("image = ['{SECRET}']\n"), format!("{SECRET}\n"), format!("'{SECRET}' = 1\n")] {
        fs::write(&secret, content).unwrap();
        let link = sandbox.inside().join("kfpc.toml");
        symlink(&secret, &link).unwrap();
        let output = sandbox.attack(&["check", "other.yaml"]);
        assert_eq!(output.status.code(), Some(2), "{}", output_text(&output));
        fs::remove_file(&link).unwrap();
    }
    pipe(&sandbox.inside().join("kfpc.toml"));
    let output = sandbox.attack(&["check", "other.yaml"]);
    assert!(output_text(&output).contains("it is a pipe, not a regular file"), "{}", output_text(&output));
}

#[test]
fn machine_readable_reports_name_the_file_without_its_line() {
    let sandbox = Sandbox::new();
    sandbox.write("d.json", document("../outside.rs"));
    let output = sandbox.attack(&["check", "d.json", "--format", "json"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["diagnostics"][0]["primary"]["file"], "../outside.rs");
}
