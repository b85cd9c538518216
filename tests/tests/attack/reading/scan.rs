//! Folders that contain every kind of file.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;

use rustix::fs::{CWD, Mode, OFlags, mkdirat, openat};
use serde_json::Value;

use super::{SECRET, Sandbox, device, output_text, pipe};

const INVALID: &str = "apiVersion: argoproj.io/v1alpha1\nkind: Workflo\nmetadata: {generateName: a-}\n";

/// Creates a folder whose path exceeds the path limit of the system, so that it cannot be read.
fn deep(folder: &Path) {
    let name = "d".repeat(200);
    let mut handle = openat(CWD, folder, OFlags::DIRECTORY, Mode::empty()).unwrap();
    for _ in 0..22 {
        mkdirat(&handle, &name, Mode::from_raw_mode(0o755)).unwrap();
        handle = openat(&handle, &name, OFlags::DIRECTORY, Mode::empty()).unwrap();
    }
}

/// Fills a folder with one file of each kind; returns whether device nodes can be created.
fn every_kind(sandbox: &Sandbox) -> bool {
    let inside = sandbox.inside();
    let secret = sandbox.root.path().join("secret.yaml");
    fs::write(&secret, format!("{INVALID}{SECRET}: 1\n")).unwrap();
    pipe(&inside.join("a-pipe.yaml"));
    UnixListener::bind(inside.join("b-socket.yaml")).unwrap();
    symlink("/dev/zero", inside.join("c-zero.json")).unwrap();
    symlink("nowhere", inside.join("d-dangling.yaml")).unwrap();
    symlink("e-loop.yaml", inside.join("e-loop.yaml")).unwrap();
    symlink("..", inside.join("f-up")).unwrap();
    symlink(&secret, inside.join("g-outside.yaml")).unwrap();
    File::create(inside.join("h-huge.yaml")).unwrap().set_len(1 << 40).unwrap();
    sandbox.script("i-script.yaml", format!("#!/bin/sh\nx: |\n touch canary\n{INVALID}"));
    sandbox.binary("j-binary.yaml", 0o755);
    fs::create_dir(inside.join("k.yaml")).unwrap();
    sandbox.write("k.yaml/wrong.yaml", INVALID);
    symlink("k.yaml/wrong.yaml", inside.join("l-link.yaml")).unwrap();
    fs::write(inside.join(OsStr::from_bytes(b"m-\xff.yaml")), INVALID).unwrap();
    sandbox.write("z-wrong.yaml", INVALID);
    device(&inside.join("y-device.yaml"))
}

#[test]
fn every_odd_file_is_reported_on_one_line() {
    let sandbox = Sandbox::new();
    let has_device = every_kind(&sandbox);
    if !has_device {
        eprintln!("skipped: cannot create device nodes");
    }
    let output = sandbox.attack(&["check", ".", "--format", "short"]);
    assert_eq!(output.status.code(), Some(1));
    let report = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = report.lines().filter(|line| !line.starts_with("y-device.yaml")).collect();
    let wrong = "error[KFP0901]: unknown kind `Workflo`";
    let expected = [
        "a-pipe.yaml: warning[KFP0113]: skipped `a-pipe.yaml`: it is a pipe, not a regular file".to_owned(),
        "b-socket.yaml: warning[KFP0113]: skipped `b-socket.yaml`: it is a socket, not a regular file".to_owned(),
        "c-zero.json: warning[KFP0113]: skipped `c-zero.json`: it is a link to a file outside the folder"
            .to_owned(),
        "d-dangling.yaml: warning[KFP0113]: skipped `d-dangling.yaml`: it is a link to a file that does not exist"
            .to_owned(),
        "e-loop.yaml: warning[KFP0113]: skipped `e-loop.yaml`: it is a link that leads back to itself".to_owned(),
        "f-up: warning[KFP0113]: skipped `f-up`: it is a link to a folder that contains it".to_owned(),
        "g-outside.yaml: warning[KFP0113]: skipped `g-outside.yaml`: it is a link to a file outside the folder"
            .to_owned(),
        "h-huge.yaml: warning[KFP0113]: skipped `h-huge.yaml`: it is larger than 32 MiB".to_owned(),
        format!("i-script.yaml:5:7: {wrong}"),
        "j-binary.yaml: warning[KFP0113]: skipped `j-binary.yaml`: it is not a UTF-8 text file: found an executable"
            .to_owned(),
        format!("k.yaml/wrong.yaml:2:7: {wrong}"),
        format!("l-link.yaml:2:7: {wrong}"),
        format!("m-\\xFF.yaml:2:7: {wrong}"),
        format!("z-wrong.yaml:2:7: {wrong}"),
        format!("5 errors, {} warnings", if has_device { 10 } else { 9 }),
    ];
    assert_eq!(lines, expected, "{report}");
    for format in ["text", "json", "sarif", "github"] {
        let output = sandbox.attack(&["check", ".", "--format", format]);
        assert_eq!(output.status.code(), Some(1), "{format}");
        assert!(output_text(&output).contains("h-huge.yaml"), "{format}");
    }
    let json = sandbox.attack(&["check", ".", "--format", "json"]);
    let report: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(report["diagnostics"][0]["primary"]["file"], "a-pipe.yaml");
}

#[test]
fn what_a_scan_cannot_read_fails_the_check_and_what_it_skips_does_not() {
    let sandbox = Sandbox::new();
    let inside = sandbox.inside();
    fs::create_dir(inside.join("folder")).unwrap();
    sandbox.write("folder/fine.yaml", super::commands::OTHER);
    symlink("nowhere", inside.join("folder/gone.yaml")).unwrap();
    let output = sandbox.attack(&["check", "folder"]);
    assert_eq!(output.status.code(), Some(0), "{}", output_text(&output));
    assert_eq!(sandbox.attack(&["check", "folder", "--deny", "warnings"]).status.code(), Some(1));
    let allowed = ["check", "folder", "--allow", "KFP0113", "--allow", "KFP0416", "--format", "short"];
    assert!(sandbox.attack(&allowed).stdout.is_empty());
    deep(&inside.join("folder"));
    let output = sandbox.attack(&["check", "folder"]);
    assert_eq!(output.status.code(), Some(1));
    insta::with_settings!({
        snapshot_path => "../../snapshots",
        prepend_module_to_snapshot => false,
        omit_expression => true,
        filters => [(r"(/?d{150,})+", "/DEEP"), (r" +\n", "\n")],
    }, {
        insta::assert_snapshot!("scan", String::from_utf8(output.stderr).unwrap());
    });
}

#[test]
fn files_and_folders_without_permission_fail_the_check() {
    let sandbox = Sandbox::new();
    sandbox.write("fine.yaml", super::commands::OTHER);
    let file = sandbox.write("closed.yaml", super::commands::OTHER);
    let folder = sandbox.inside().join("closed");
    fs::create_dir(&folder).unwrap();
    for path in [&file, &folder] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o000)).unwrap();
    }
    if File::open(&file).is_ok() {
        eprintln!("skipped: this user can read every file");
    } else {
        let output = sandbox.attack(&["check", ".", "--format", "short"]);
        let report = String::from_utf8(output.stdout).unwrap();
        let expected = "closed: error[KFP0112]: cannot read `closed`\n\
                        closed.yaml: error[KFP0112]: cannot read `closed.yaml`\n2 errors\n";
        assert_eq!(report, expected);
    }
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn files_in_another_encoding_are_skipped_with_a_warning() {
    let sandbox = Sandbox::new();
    sandbox.write("fine.yaml", super::commands::OTHER);
    let utf16: Vec<u8> = format!("\u{feff}{INVALID}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    sandbox.write("a-utf16.yaml", utf16);
    sandbox.write("b-latin1.yaml", b"name: caf\xe9\n");
    sandbox.write("c-empty.yaml", "");
    let output = sandbox.attack(&["check", ".", "--allow", "KFP0416", "--format", "short"]);
    assert_eq!(output.status.code(), Some(0), "{}", output_text(&output));
    let expected = "a-utf16.yaml: warning[KFP0113]: skipped `a-utf16.yaml`: it is not a UTF-8 text file: found UTF-16\n\
                    b-latin1.yaml: warning[KFP0113]: skipped `b-latin1.yaml`: it is not a UTF-8 text file: found \
                    invalid UTF-8\n2 warnings\n";
    assert_eq!(String::from_utf8(output.stdout).unwrap(), expected);
}

#[test]
fn a_folder_with_only_skipped_files_is_an_error() {
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.inside().join("folder")).unwrap();
    pipe(&sandbox.inside().join("folder/pipe.yaml"));
    let output = sandbox.attack(&["check", "folder"]);
    assert_eq!(output.status.code(), Some(2), "{}", output_text(&output));
    assert!(output_text(&output).contains("warning[KFP0113]"), "{}", output_text(&output));
}

#[test]
fn a_document_without_the_pipeline_does_not_stop_the_check() {
    let sandbox = Sandbox::new();
    sandbox.write("fine.yaml", super::commands::OTHER);
    sandbox.write("wrong.yaml", INVALID);
    let output = sandbox.attack(&["check", ".", "--pipeline", "gone", "--format", "short"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output_text(&output).contains("wrong.yaml:2:7: error[KFP0901]"), "{}", output_text(&output));
    assert!(output_text(&output).contains("gone`"), "{}", output_text(&output));
}

#[test]
fn a_source_that_cannot_be_opened_does_not_stop_the_check() {
    let sandbox = Sandbox::new();
    sandbox.write("wrong.yaml", INVALID);
    let output = sandbox.attack(&["check", "missing.yaml", "wrong.yaml", "--format", "short"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output_text(&output).contains("wrong.yaml:2:7: error[KFP0901]"), "{}", output_text(&output));
    assert!(output_text(&output).contains("cannot open `missing.yaml`"), "{}", output_text(&output));
}
