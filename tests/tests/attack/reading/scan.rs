//! Folders with everything that a file can be.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;

use rustix::fs::{CWD, Mode, OFlags, mkdirat, openat};
use serde_json::Value;

use super::{Ground, SECRET, device, pipe, shown};

const WRONG: &str = "apiVersion: argoproj.io/v1alpha1\nkind: Workflo\nmetadata: {generateName: a-}\n";

/// Makes a folder whose path is longer than the system lets programs name: a folder that nobody can read.
fn deep(folder: &Path) {
    let name = "d".repeat(200);
    let mut handle = openat(CWD, folder, OFlags::DIRECTORY, Mode::empty()).unwrap();
    for _ in 0..22 {
        mkdirat(&handle, &name, Mode::from_raw_mode(0o755)).unwrap();
        handle = openat(&handle, &name, OFlags::DIRECTORY, Mode::empty()).unwrap();
    }
}

/// A folder with one of each; `true` where device nodes can be made.
fn zoo(ground: &Ground) -> bool {
    let inside = ground.inside();
    let secret = ground.root.path().join("secret.yaml");
    fs::write(&secret, format!("{WRONG}{SECRET}: 1\n")).unwrap();
    pipe(&inside.join("a-pipe.yaml"));
    UnixListener::bind(inside.join("b-socket.yaml")).unwrap();
    symlink("/dev/zero", inside.join("c-zero.json")).unwrap();
    symlink("nowhere", inside.join("d-dangling.yaml")).unwrap();
    symlink("e-loop.yaml", inside.join("e-loop.yaml")).unwrap();
    symlink("..", inside.join("f-up")).unwrap();
    symlink(&secret, inside.join("g-outside.yaml")).unwrap();
    File::create(inside.join("h-huge.yaml")).unwrap().set_len(1 << 40).unwrap();
    ground.script("i-script.yaml", format!("#!/bin/sh\nx: |\n touch canary\n{WRONG}"));
    ground.binary("j-binary.yaml", 0o755);
    fs::create_dir(inside.join("k.yaml")).unwrap();
    ground.write("k.yaml/wrong.yaml", WRONG);
    symlink("k.yaml/wrong.yaml", inside.join("l-link.yaml")).unwrap();
    fs::write(inside.join(OsStr::from_bytes(b"m-\xff.yaml")), WRONG).unwrap();
    ground.write("z-wrong.yaml", WRONG);
    device(&inside.join("y-device.yaml"))
}

#[test]
fn every_odd_file_is_one_line_of_the_report_and_none_ends_it() {
    let ground = Ground::new();
    let has_device = zoo(&ground);
    if !has_device {
        eprintln!("skipped: device nodes cannot be made here");
    }
    let output = ground.attack(&["check", ".", "--format", "short"]);
    assert_eq!(output.status.code(), Some(1));
    let report = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = report.lines().filter(|line| !line.starts_with("y-device.yaml")).collect();
    let wrong = "error[KFP0901]: `Workflo` is no kind of Argo";
    let expected = [
        "a-pipe.yaml: warning[KFP0113]: skipped `a-pipe.yaml`: it is a pipe, not a regular file".to_owned(),
        "b-socket.yaml: warning[KFP0113]: skipped `b-socket.yaml`: it is a socket, not a regular file".to_owned(),
        "c-zero.json: warning[KFP0113]: skipped `c-zero.json`: it is a link to a file outside of the folder"
            .to_owned(),
        "d-dangling.yaml: warning[KFP0113]: skipped `d-dangling.yaml`: it is a link to a file that does not exist"
            .to_owned(),
        "e-loop.yaml: warning[KFP0113]: skipped `e-loop.yaml`: it is a link that leads back to itself".to_owned(),
        "f-up: warning[KFP0113]: skipped `f-up`: it is a link to a folder that it is in".to_owned(),
        "g-outside.yaml: warning[KFP0113]: skipped `g-outside.yaml`: it is a link to a file outside of the folder"
            .to_owned(),
        "h-huge.yaml: warning[KFP0113]: skipped `h-huge.yaml`: it is larger than 32 MiB".to_owned(),
        format!("i-script.yaml:5:7: {wrong}"),
        format!("k.yaml/wrong.yaml:2:7: {wrong}"),
        format!("l-link.yaml:2:7: {wrong}"),
        format!("m-\\xFF.yaml:2:7: {wrong}"),
        format!("z-wrong.yaml:2:7: {wrong}"),
        format!("5 errors, {} warnings", if has_device { 9 } else { 8 }),
    ];
    assert_eq!(lines, expected, "{report}");
    for format in ["text", "json", "sarif", "github"] {
        let output = ground.attack(&["check", ".", "--format", format]);
        assert_eq!(output.status.code(), Some(1), "{format}");
        assert!(shown(&output).contains("h-huge.yaml"), "{format}");
    }
    let json = ground.attack(&["check", ".", "--format", "json"]);
    let report: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(report["diagnostics"][0]["primary"]["file"], "a-pipe.yaml");
}

#[test]
fn what_a_scan_cannot_read_fails_the_check_and_what_it_skips_does_not() {
    let ground = Ground::new();
    let inside = ground.inside();
    fs::create_dir(inside.join("folder")).unwrap();
    ground.write("folder/fine.yaml", super::commands::OTHER);
    symlink("nowhere", inside.join("folder/gone.yaml")).unwrap();
    let output = ground.attack(&["check", "folder"]);
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    assert_eq!(ground.attack(&["check", "folder", "--deny", "warnings"]).status.code(), Some(1));
    let allowed = ["check", "folder", "--allow", "KFP0113", "--allow", "KFP0416", "--format", "short"];
    assert!(ground.attack(&allowed).stdout.is_empty());
    deep(&inside.join("folder"));
    let output = ground.attack(&["check", "folder"]);
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
    let ground = Ground::new();
    ground.write("fine.yaml", super::commands::OTHER);
    let file = ground.write("closed.yaml", super::commands::OTHER);
    let folder = ground.inside().join("closed");
    fs::create_dir(&folder).unwrap();
    for path in [&file, &folder] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o000)).unwrap();
    }
    if File::open(&file).is_ok() {
        eprintln!("skipped: this user may read every file");
    } else {
        let output = ground.attack(&["check", ".", "--format", "short"]);
        let report = String::from_utf8(output.stdout).unwrap();
        let expected = "closed: error[KFP0112]: cannot read `closed`\n\
                        closed.yaml: error[KFP0112]: cannot read `closed.yaml`\n2 errors\n";
        assert_eq!(report, expected);
    }
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_folder_with_nothing_to_check_is_an_error_also_where_something_is_skipped() {
    let ground = Ground::new();
    fs::create_dir(ground.inside().join("folder")).unwrap();
    pipe(&ground.inside().join("folder/pipe.yaml"));
    let output = ground.attack(&["check", "folder"]);
    assert_eq!(output.status.code(), Some(2), "{}", shown(&output));
    assert!(shown(&output).contains("warning[KFP0113]"), "{}", shown(&output));
}

#[test]
fn a_document_without_the_pipeline_does_not_end_the_check_of_the_others() {
    let ground = Ground::new();
    ground.write("fine.yaml", super::commands::OTHER);
    ground.write("wrong.yaml", WRONG);
    let output = ground.attack(&["check", ".", "--pipeline", "gone", "--format", "short"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(shown(&output).contains("wrong.yaml:2:7: error[KFP0901]"), "{}", shown(&output));
    assert!(shown(&output).contains("there is no pipeline `gone`"), "{}", shown(&output));
}

#[test]
fn one_source_that_cannot_be_opened_does_not_end_the_check_of_the_others() {
    let ground = Ground::new();
    ground.write("wrong.yaml", WRONG);
    let output = ground.attack(&["check", "missing.yaml", "wrong.yaml", "--format", "short"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(shown(&output).contains("wrong.yaml:2:7: error[KFP0901]"), "{}", shown(&output));
    assert!(shown(&output).contains("cannot open `missing.yaml`"), "{}", shown(&output));
}
