//! Every command reports problems in the requested format, and shows, denies or allows warnings as requested.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tests::{Programs, workspace};

/// A pipeline with an unused parameter, which is a warning.
const UNUSED: &str = "tests/tests/documents/unused.yaml";

/// The exit code, standard output and standard error of a command.
struct CommandOutput {
    code: i32,
    data: String,
    messages: String,
}

fn output(command: &mut Command) -> CommandOutput {
    let output = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    CommandOutput {
        code: output.status.code().unwrap(),
        data: text(&output.stdout),
        messages: text(&output.stderr),
    }
}

/// Runs a command in a folder with the document and these settings.
fn kfpc(folder: &Path, settings: &str, arguments: &[&str]) -> CommandOutput {
    fs::copy(workspace().join(UNUSED), folder.join("unused.yaml")).unwrap();
    fs::write(folder.join("kfpc.toml"), settings).unwrap();
    output(Programs::get().kfpc(folder).args(arguments))
}

#[test]
fn warnings_are_shown_denied_or_allowed() {
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
        let output = kfpc(folder.path(), settings, &all);
        assert_eq!(output.code, code, "{settings} {arguments:?}: {}", output.messages);
        assert_eq!(
            output.data.contains(expect),
            !expect.is_empty() || output.data.is_empty(),
            "{}",
            output.data
        );
    }
}

#[test]
fn denied_warnings_stop_every_command() {
    let folder = tempfile::tempdir().unwrap();
    for command in [&["compile"][..], &["graph"], &["describe"], &["run", "-p", "path=x"]] {
        let all = [command, &["unused.yaml", "--deny", "warnings"]].concat();
        let output = kfpc(folder.path(), "", &all);
        assert_eq!((output.code, output.data.as_str()), (1, ""), "{command:?}");
        assert!(output.messages.contains("error[KFP0415]"), "{}", output.messages);
        assert!(output.messages.contains("= note: warnings are denied"), "{}", output.messages);
    }
}

#[test]
fn an_unknown_code_is_reported_with_the_nearest_one() {
    let folder = tempfile::tempdir().unwrap();
    let nearest = "error: unknown code `KFP415`\nhelp: use `KFP0415`\n";
    let output = kfpc(folder.path(), "", &["check", "unused.yaml", "--allow", "KFP415"]);
    assert_eq!((output.code, output.messages.as_str()), (2, nearest));
    let output = kfpc(folder.path(), "", &["explain", "KFP041S"]);
    assert_eq!(output.code, 2);
    assert!(
        output.messages.starts_with("error: unknown code `KFP041S`\nhelp: use `KFP041"),
        "{}",
        output.messages
    );
    for code in ["KFP0415", "kfp0415", "kfp415", "415"] {
        let output = kfpc(folder.path(), "", &["explain", code]);
        assert!(
            output.data.starts_with("KFP0415: ") && output.data.ends_with(".\n"),
            "{code}: {}",
            output.data
        );
    }
    let output = kfpc(folder.path(), "", &["check", "unused.yaml", "--allow", "E0277"]);
    assert!(output.messages.contains("run `kfpc explain` for a list of codes"), "{}", output.messages);
}

#[test]
fn an_unknown_code_in_the_settings_is_reported_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let nearest = "unknown code `KFP415`: use `KFP0415`";
    for (settings, line, expect) in [
        ("allow = ['KFP415']", "1 | allow = ['KFP415']", nearest),
        ("image = 'a:1'\nallow = ['KFP0416', 'KFP415']", "2 | allow = ['KFP0416', 'KFP415']", nearest),
        ("allow = ['warnings']", "1 | allow = ['warnings']", "unknown code `warnings`: run `kfpc explain`"),
        ("allow = 'KFP0415'", "1 | allow = 'KFP0415'", "expected a sequence"),
        ("deny = ['KFP0415']", "1 | deny = ['KFP0415']", "unknown field `deny`, expected one of"),
        ("deny-warnings = ['KFP0415']", "1 | deny-warnings = ['KFP0415']", "expected a boolean"),
    ] {
        for command in ["check", "compile"] {
            let output = kfpc(folder.path(), settings, &[command, "unused.yaml"]);
            assert_eq!((output.code, output.data.as_str()), (2, ""), "{settings}: {}", output.messages);
            for text in ["invalid `", "kfpc.toml`", line, expect] {
                assert!(output.messages.contains(text), "{settings}: no `{text}` in {}", output.messages);
            }
        }
    }
}

#[test]
fn every_command_supports_every_format() {
    let folder = tempfile::tempdir().unwrap();
    for command in [&["compile"][..], &["graph"], &["describe"]] {
        let quiet = kfpc(folder.path(), "allow = ['KFP0415']", &[command, &["unused.yaml"]].concat());
        for format in ["text", "short", "json", "sarif", "github"] {
            let all = [command, &["unused.yaml", "--message-format", format]].concat();
            let output = kfpc(folder.path(), "", &all);
            assert_eq!((output.code, &output.data), (0, &quiet.data), "{command:?}");
            assert!(is_in(format, &output.messages), "{command:?} {format}: {}", output.messages);
        }
    }
    for format in ["short", "json", "sarif", "github"] {
        let output = kfpc(folder.path(), "", &["check", "unused.yaml", "--format", format]);
        assert!(is_in(format, &output.data), "{format}: {}", output.data);
    }
}

/// Returns whether the report contains the one warning in this format.
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
fn the_reasons_that_a_run_cannot_start_are_one_report() {
    let folder = tempfile::tempdir().unwrap();
    let output = kfpc(folder.path(), "", &["run", "unused.yaml", "--message-format", "json"]);
    assert_eq!(output.code, 2, "{}", output.messages);
    let report: Value = serde_json::from_str(&output.messages).unwrap();
    let codes: Vec<&str> = report["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .map(|found| found["code"].as_str().unwrap())
        .collect();
    assert_eq!(codes, ["KFP0801", "KFP0415"]);
}

#[test]
fn an_invalid_document_is_reported_in_the_format_too() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("wrong.yaml"), "schema_version: 1\npipelins: []\ncomponents: {}\n").unwrap();
    let output = kfpc(folder.path(), "", &["check", "wrong.yaml", "--format", "json"]);
    let report: Value = serde_json::from_str(&output.data).unwrap();
    assert_eq!(report["diagnostics"][0]["edit"]["replacement"], "pipelines");
    let output = kfpc(folder.path(), "", &["compile", "wrong.yaml", "--message-format", "github"]);
    assert_eq!(output.code, 1);
    assert!(output.messages.starts_with("::error file=wrong.yaml,line=2,col=1,"), "{}", output.messages);
}
