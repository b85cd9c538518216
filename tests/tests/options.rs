//! What `kfpc compile` is told besides the pipeline: nothing that a workflow cannot hold gets through, each option is
//! named with what it takes, and nobody is told that the compiler has a bug.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::Path;

use tests::{Programs, workspace};

/// What no option takes.
const HOSTILE: [&str; 13] = [
    "",
    " ",
    "a b",
    "Upper Case",
    "{{x}}",
    "{{=1 + 1}}",
    "{{x",
    "$(HOME)",
    "a\nb",
    "\u{7}",
    "é",
    "a/../{b}",
    // Longer than everything that is allowed.
    LONG,
];
const LONG: &str = match std::str::from_utf8(&[b'x'; 600]) {
    Ok(text) => text,
    Err(_) => "",
};

/// The code of exit, and everything that is told.
fn compile(folder: &Path, document: &str, settings: &str, arguments: &[String]) -> (i32, String) {
    fs::write(folder.join("kfpc.toml"), settings).unwrap();
    let mut kfpc = Programs::get().kfpc(folder);
    kfpc.arg("compile").arg(workspace().join("tests/tests/documents").join(document)).args(arguments);
    let output = kfpc.output().unwrap();
    (output.status.code().unwrap(), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// The value in the quotes of TOML, with escapes that JSON has as well.
fn quoted(value: &str) -> String {
    serde_json::Value::from(value).to_string()
}

#[test]
fn options_take_nothing_that_a_workflow_cannot_hold() {
    let folder = tempfile::tempdir().unwrap();
    // What stands before the value, the code of exit, and what is allowed.
    for (option, before, code, allowed) in [
        ("image", "", 1, "as `registry.example.com/team/image:1.2`"),
        ("python-image", "", 1, "as `registry.example.com/team/image:1.2`"),
        ("service-account", "", 1, "in lower case letters, digits, `-` and `.`"),
        ("pipeline-root", "", 2, "write `s3://bucket/prefix` in letters, digits, `.`, `-` and `_`"),
        (
            "pipeline-root",
            "s3://bucket/",
            2,
            "write `s3://bucket/prefix` in letters, digits, `.`, `-` and `_`",
        ),
        ("argo-version", "", 2, "expected a version such as `4.1` or `3.7.16`"),
    ] {
        for value in HOSTILE {
            let value = format!("{before}{value}");
            let given = compile(folder.path(), "waiting.json", "", &[format!("--{option}={value}")]);
            let settings = format!("{option} = {}", quoted(&value));
            let set = compile(folder.path(), "waiting.json", &settings, &[]);
            for ((found, told), name) in [(given, format!("`--{option}`")), (set, format!("`{option}`"))] {
                assert_eq!(found, code, "{name} {value}: {told}");
                for text in [name.as_str(), allowed] {
                    assert!(told.contains(text), "{name} {value}: no `{text}` in {told}");
                }
                assert!(!told.contains("bug"), "{name} {value}: {told}");
            }
        }
    }
}

#[test]
fn stores_are_read_with_what_a_workflow_can_hold() {
    let folder = tempfile::tempdir().unwrap();
    let lake = "[stores.lake]\nscheme = 's3'\n";
    for (key, before, rest, allowed) in [
        ("image", "", "endpoint = 'minio'", "as `registry.example.com/team/image:1.2`"),
        ("endpoint", "", "", "as `minio.example.org:9000`"),
        ("endpoint", "https://minio", "", "as `minio.example.org:9000`"),
        ("region", "", "endpoint = 'minio'", "as `eu-central-1`"),
        ("access-key", "minio/", "endpoint = 'minio'\nsecret-key = 'minio/key'", "SECRET/KEY"),
        ("secret-key", "minio/", "endpoint = 'minio'\naccess-key = 'minio/key'", "SECRET/KEY"),
    ] {
        for value in HOSTILE {
            let settings = format!("{lake}{rest}\n{key} = {}\n", quoted(&format!("{before}{value}")));
            let (code, told) =
                compile(folder.path(), "stores.yaml", &settings, &["--python-image=python:3.11".to_owned()]);
            assert!([1, 2].contains(&code), "{settings}: {told}");
            let is_named = told.contains(&format!("`{key}` of `[stores.lake]` in kfpc.toml"))
                || told.contains("`[stores.lake]` in kfpc.toml is wrong");
            assert!(is_named && told.contains(allowed) && !told.contains("bug"), "{settings}: {told}");
        }
    }
}

#[test]
fn artifacts_that_a_run_starts_with_lie_below_the_pipeline_root() {
    let folder = tempfile::tempdir().unwrap();
    let root = "pipeline-root = 's3://bucket/team'";
    let elsewhere =
        ["gs://bucket/team/x", "s3://bucket/teams/x", "s3://bucket/team/", "s3://bucket/team/{{x"];
    for value in HOSTILE.into_iter().chain(elsewhere) {
        let arguments = ["-p".to_owned(), format!("model={value}")];
        let (code, told) = compile(folder.path(), "starts-with-artifacts.yaml", root, &arguments);
        assert_eq!(code, 1, "{value}: {told}");
        assert!(told.contains("error[KFP0612]") && told.contains("`-p model=s3://bucket/team/…`"), "{told}");
    }
    let arguments = ["-p", "model=s3://bucket/team/é 1", "-p", "table=null"].map(str::to_owned);
    assert_eq!(compile(folder.path(), "starts-with-artifacts.yaml", root, &arguments).0, 0);
}
