//! The options of `kfpc compile`: invalid values are rejected with the name of the option and the expected format,
//! and never reported as a bug of the compiler.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::Path;

use tests::{Programs, workspace};

/// Values that every option rejects.
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
    // Longer than every limit.
    LONG,
];
const LONG: &str = match std::str::from_utf8(&[b'x'; 600]) {
    Ok(text) => text,
    Err(_) => "",
};

/// Returns the exit code and the messages.
fn compile(folder: &Path, document: &str, settings: &str, arguments: &[String]) -> (i32, String) {
    fs::write(folder.join("kfpc.toml"), settings).unwrap();
    let mut kfpc = Programs::get().kfpc(folder);
    kfpc.arg("compile").arg(workspace().join("tests/tests/documents").join(document)).args(arguments);
    let output = kfpc.output().unwrap();
    (output.status.code().unwrap(), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// Returns the value as a TOML string, with escapes that JSON has as well.
fn quoted(value: &str) -> String {
    serde_json::Value::from(value).to_string()
}

#[test]
fn options_reject_values_that_are_invalid_in_a_workflow() {
    let folder = tempfile::tempdir().unwrap();
    // The option, the prefix of the value, the exit code, and the expected format.
    for (option, before, code, allowed) in [
        ("image", "", 1, "as `registry.example.com/team/image:1.2`"),
        ("python-image", "", 1, "as `registry.example.com/team/image:1.2`"),
        ("service-account", "", 1, "in lowercase letters, digits, `-` and `.`"),
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
            let passed = compile(folder.path(), "waiting.json", "", &[format!("--{option}={value}")]);
            let settings = format!("{option} = {}", quoted(&value));
            let set = compile(folder.path(), "waiting.json", &settings, &[]);
            for ((found, text), name) in [(passed, format!("`--{option}`")), (set, format!("`{option}`"))] {
                assert_eq!(found, code, "{name} {value}: {text}");
                for text in [name.as_str(), allowed] {
                    assert!(text.contains(text), "{name} {value}: no `{text}` in {text}");
                }
                assert!(!text.contains("bug"), "{name} {value}: {text}");
            }
        }
    }
}

#[test]
fn stores_reject_values_that_are_invalid_in_a_workflow() {
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
            let (code, text) =
                compile(folder.path(), "stores.yaml", &settings, &["--python-image=python:3.11".to_owned()]);
            assert!([1, 2].contains(&code), "{settings}: {text}");
            let is_named = text.contains(&format!("`{key}` of `[stores.lake]` in kfpc.toml"))
                || text.contains("invalid `[stores.lake]` in kfpc.toml");
            assert!(is_named && text.contains(allowed) && !text.contains("bug"), "{settings}: {text}");
        }
    }
}

#[test]
fn artifact_arguments_must_be_below_the_pipeline_root() {
    let folder = tempfile::tempdir().unwrap();
    let root = "pipeline-root = 's3://bucket/team'";
    let elsewhere =
        ["gs://bucket/team/x", "s3://bucket/teams/x", "s3://bucket/team/", "s3://bucket/team/{{x"];
    for value in HOSTILE.into_iter().chain(elsewhere) {
        let arguments = ["-p".to_owned(), format!("model={value}")];
        let (code, text) = compile(folder.path(), "starts-with-artifacts.yaml", root, &arguments);
        assert_eq!(code, 1, "{value}: {text}");
        assert!(text.contains("error[KFP0612]") && text.contains("`-p model=s3://bucket/team/…`"), "{text}");
    }
    let arguments = ["-p", "model=s3://bucket/team/é 1", "-p", "table=null"].map(str::to_owned);
    assert_eq!(compile(folder.path(), "starts-with-artifacts.yaml", root, &arguments).0, 0);
}
