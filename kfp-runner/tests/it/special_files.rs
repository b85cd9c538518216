//! Steps whose outputs are something other than regular files and folders.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

use kfp_runner::{FailureClass, State};
use serde_json::json;

use crate::support::{Fixture, pipeline, step, value_of, with};

const FIFO: &str = "a FIFO";
const SOCKET: &str = "a socket";
const LINK: &str = "a symbolic link";
const FOLDER: &str = "a folder";
const OUTSIDE: &str = "outside the folder of the step";

#[test]
fn outputs_are_regular_files_and_folders() {
    let kinds = [("fifo", FIFO), ("socket", SOCKET), ("link", LINK), ("zero", LINK)];
    let mut cases = Vec::new();
    for (kind, name) in kinds {
        cases.push(("parameter", kind, format!("the output `value` is {name}: expected a regular file")));
        cases.push(("metadata", kind, format!("the output `file` is {name}: expected a regular file")));
        let artifact = format!("the artifact `file` is {name}: expected a regular file or a folder");
        cases.push(("artifact", kind, artifact));
        let content = format!(
            "the artifact `file` contains {name}, `deep/odd`: expected only regular files and folders"
        );
        cases.push(("content", kind, content));
    }
    cases.push(("parameter", "folder", format!("the output `value` is {FOLDER}: expected a regular file")));
    let partial = format!("the artifact `file` is {OUTSIDE}: expected a regular file or a folder");
    cases.push(("partial", "link", partial));
    let parameters =
        ["file", "value"].map(|name| format!("the output `{name}` is {OUTSIDE}: expected a regular file"));
    cases.push(("parameters", "link", parameters.join("; ")));

    // All in one run, as each of them takes a moment.
    let mut fixture = Fixture::new();
    fixture.options.parallelism = Some(8);
    let tasks: Vec<_> = cases
        .iter()
        .map(|(place, kind, _)| {
            let arguments = json!({"place": place, "kind": kind, "code": 0});
            let policy = json!({"policy": {"timeout": "60s", "cache": {"for": {"max_age": "1h"}}}});
            with(step(&format!("{place}-{kind}"), "odd", &arguments), &policy)
        })
        .collect();
    for round in 0..2 {
        let report = fixture.run(&pipeline(&json!(tasks)));
        for (place, kind, message) in &cases {
            let task = report.task(&format!("{place}-{kind}")).unwrap();
            assert_eq!(task.message.as_deref(), Some(message.as_str()), "{place} {kind}, round {round}");
            assert_eq!((task.state, task.class), (State::Failed, Some(FailureClass::Data)), "{place} {kind}");
        }
    }
}

#[test]
fn a_replaced_log_is_neither_followed_nor_waited_for() {
    let mut fixture = Fixture::new();
    fixture.options.parallelism = Some(8);
    let mut cases = Vec::new();
    for (kind, name) in [("fifo", FIFO), ("socket", SOCKET), ("zero", LINK), ("folder", FOLDER)] {
        let message = format!(
            "the step ended with exit code 3, and its termination log is {name}: expected a regular file"
        );
        cases.push(("termination", kind, message, vec![]));
        let tail = vec![format!("[the log is {name}: expected a regular file]")];
        cases.push(("log", kind, "the step ended with exit code 3".to_owned(), tail));
    }
    let tasks: Vec<_> = cases
        .iter()
        .map(|(place, kind, ..)| {
            let arguments = json!({"place": place, "kind": kind, "code": 3});
            with(step(&format!("{place}-{kind}"), "odd", &arguments), &json!({"policy": {"timeout": "60s"}}))
        })
        .collect();
    let report = fixture.run(&pipeline(&json!(tasks)));
    for (place, kind, message, tail) in cases {
        let task = report.task(&format!("{place}-{kind}")).unwrap();
        assert_eq!(task.message.as_deref(), Some(message.as_str()), "{place} {kind}");
        assert_eq!((task.exit_code, &task.log_tail), (Some(3), &tail), "{place} {kind}");
    }
}

#[test]
fn a_file_that_a_step_links_into_its_outputs_is_unchanged() {
    let fixture = Fixture::new();
    let path = fixture.folder.path().join("elsewhere");
    fs::write(&path, "content").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let report = fixture.run(&pipeline(&json!([step(
        "it",
        "hard-link",
        &json!({"path": fixture.path("elsewhere")})
    )])));
    assert_eq!(report.state, State::Succeeded, "{report:#?}");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    let key = value_of(&report, "it", "file")["key"].as_str().unwrap().to_owned();
    let output = fs::metadata(fixture.options.store.join(key)).unwrap();
    assert_eq!((output.nlink(), output.permissions().mode() & 0o777), (1, 0o600));
}
