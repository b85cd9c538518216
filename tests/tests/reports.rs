//! What is wrong is told in the format that is asked for, by every command, with the warnings that are wanted.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tests::{Programs, workspace};

/// A pipeline with a parameter that nothing uses, which is a warning.
const UNUSED: &str = "tests/tests/documents/unused.yaml";

/// How a command ended, and what it wrote to standard output and standard error.
struct Told {
    code: i32,
    data: String,
    messages: String,
}

fn told(command: &mut Command) -> Told {
    let output = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    Told { code: output.status.code().unwrap(), data: text(&output.stdout), messages: text(&output.stderr) }
}

/// A command in a folder with the document, and with these settings where there are any.
fn kfpc(folder: &Path, settings: &str, arguments: &[&str]) -> Told {
    fs::copy(workspace().join(UNUSED), folder.join("unused.yaml")).unwrap();
    fs::write(folder.join("kfpc.toml"), settings).unwrap();
    told(Programs::get().kfpc(folder).args(arguments))
}

#[test]
fn warnings_are_told_denied_or_allowed() {
    let folder = tempfile::tempdir().unwrap();
    let cases: [(&str, &[&str], i32, &str); 7] = [
        ("", &[], 0, "warning[KFP0415]"),
        ("", &["--deny", "warnings"], 1, "error[KFP0415]"),
        ("", &["--allow", "kfp0415"], 0, ""),
        ("", &["--deny", "warnings", "--allow", "KFP0416", "--allow", "KFP0415"], 0, ""),
        ("deny-warnings = true", &[], 1, "error[KFP0415]"),
        ("allow = ['KFP0415']", &["--deny", "warnings"], 0, ""),
        ("deny-warnings = true\nallow = ['KFP0416']", &["--allow", "KFP0415"], 0, ""),
    ];
    for (settings, arguments, code, expect) in cases {
        let all = [&["check", "unused.yaml", "--format", "short"], arguments].concat();
        let told = kfpc(folder.path(), settings, &all);
        assert_eq!(told.code, code, "{settings} {arguments:?}: {}", told.messages);
        assert_eq!(told.data.contains(expect), !expect.is_empty() || told.data.is_empty(), "{}", told.data);
    }
}

#[test]
fn a_command_whose_pipeline_has_denied_warnings_does_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for command in [&["compile"][..], &["graph"], &["describe"], &["run", "-p", "path=x"]] {
        let all = [command, &["unused.yaml", "--deny", "warnings"]].concat();
        let told = kfpc(folder.path(), "", &all);
        assert_eq!((told.code, told.data.as_str()), (1, ""), "{command:?}");
        assert!(told.messages.contains("error[KFP0415]"), "{}", told.messages);
        assert!(told.messages.contains("= note: warnings are denied"), "{}", told.messages);
    }
}

#[test]
fn an_unknown_code_is_told_with_the_nearest_one() {
    let folder = tempfile::tempdir().unwrap();
    let nearest = "error: there is no code `KFP415` to allow: `KFP0415` is the nearest one\n";
    let told = kfpc(folder.path(), "", &["check", "unused.yaml", "--allow", "KFP415"]);
    assert_eq!((told.code, told.messages.as_str()), (2, nearest));
    let told = kfpc(folder.path(), "", &["explain", "KFP415"]);
    assert_eq!(told.code, 2);
    assert!(told.messages.contains("`KFP0415` is the nearest one"), "{}", told.messages);
    let told = kfpc(folder.path(), "", &["check", "unused.yaml", "--allow", "E0277"]);
    assert!(told.messages.contains("`kfpc explain` lists them all"), "{}", told.messages);
}

#[test]
fn an_unknown_code_in_the_settings_is_told_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let nearest = "there is no code `KFP415` to allow: `KFP0415` is the nearest one";
    for (settings, line, expect) in [
        ("allow = ['KFP415']", "1 | allow = ['KFP415']", nearest),
        ("image = 'a:1'\nallow = ['KFP0416', 'KFP415']", "2 | allow = ['KFP0416', 'KFP415']", nearest),
        ("allow = ['warnings']", "1 | allow = ['warnings']", "`kfpc explain` lists them all"),
        ("allow = 'KFP0415'", "1 | allow = 'KFP0415'", "expected a sequence"),
        ("deny = ['KFP0415']", "1 | deny = ['KFP0415']", "unknown field `deny`, expected one of"),
        ("deny-warnings = ['KFP0415']", "1 | deny-warnings = ['KFP0415']", "expected a boolean"),
    ] {
        for command in ["check", "compile"] {
            let told = kfpc(folder.path(), settings, &[command, "unused.yaml"]);
            assert_eq!((told.code, told.data.as_str()), (2, ""), "{settings}: {}", told.messages);
            for text in ["invalid `", "kfpc.toml`", line, expect] {
                assert!(told.messages.contains(text), "{settings}: no `{text}` in {}", told.messages);
            }
        }
    }
}

#[test]
fn every_command_tells_in_every_format() {
    let folder = tempfile::tempdir().unwrap();
    for command in [&["compile"][..], &["graph"], &["describe"]] {
        let quiet = kfpc(folder.path(), "allow = ['KFP0415']", &[command, &["unused.yaml"]].concat());
        for format in ["text", "short", "json", "sarif", "github"] {
            let all = [command, &["unused.yaml", "--message-format", format]].concat();
            let told = kfpc(folder.path(), "", &all);
            assert_eq!((told.code, &told.data), (0, &quiet.data), "{command:?}");
            assert!(is_in(format, &told.messages), "{command:?} {format}: {}", told.messages);
        }
    }
    for format in ["short", "json", "sarif", "github"] {
        let told = kfpc(folder.path(), "", &["check", "unused.yaml", "--format", format]);
        assert!(is_in(format, &told.data), "{format}: {}", told.data);
    }
}

/// Whether the report tells the one warning in this format.
fn is_in(format: &str, report: &str) -> bool {
    let json = || serde_json::from_str::<Value>(report).unwrap_or_default();
    match format {
        "text" => report.starts_with("warning[KFP0415]: ") && report.contains("-->"),
        "short" => report.starts_with("unused.yaml:6:7: warning[KFP0415]: "),
        "json" => json()["diagnostics"][0]["code"] == "KFP0415",
        "sarif" => json()["runs"][0]["results"][0]["ruleId"] == "KFP0415",
        _ => report.starts_with("::warning file=unused.yaml,line=6,col=7,"),
    }
}

#[test]
fn why_a_run_cannot_start_is_one_report() {
    let folder = tempfile::tempdir().unwrap();
    let told = kfpc(folder.path(), "", &["run", "unused.yaml", "--message-format", "json"]);
    assert_eq!(told.code, 2, "{}", told.messages);
    let report: Value = serde_json::from_str(&told.messages).unwrap();
    let codes: Vec<&str> = report["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .map(|found| found["code"].as_str().unwrap())
        .collect();
    assert_eq!(codes, ["KFP0801", "KFP0415"]);
}

#[test]
fn a_text_that_is_no_document_is_told_in_the_format_too() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("wrong.yaml"), "schema_version: 1\npipelins: []\ncomponents: {}\n").unwrap();
    let told = kfpc(folder.path(), "", &["check", "wrong.yaml", "--format", "json"]);
    let report: Value = serde_json::from_str(&told.data).unwrap();
    assert_eq!(report["diagnostics"][0]["edit"]["replacement"], "pipelines");
    let told = kfpc(folder.path(), "", &["compile", "wrong.yaml", "--message-format", "github"]);
    assert_eq!(told.code, 1);
    assert!(told.messages.starts_with("::error file=wrong.yaml,line=2,col=1,"), "{}", told.messages);
}
