//! Steps with a supervisor between them and the runner.

use std::fs;

use kfp_runner::{FailureClass, State};
use serde_json::json;

use crate::support::{Fixture, message_of, pipeline, processes_of, step, value_of, with};

#[test]
fn the_supervisor_is_recorded_before_the_step_runs() {
    let fixture = Fixture::new();
    let store = fixture.options.store.join("runs.sqlite");
    let tasks: Vec<_> =
        (0..8).map(|idx| step(&format!("it-{idx}"), "recorded", &json!({"store": store}))).collect();
    let report = fixture.run(&pipeline(&json!(tasks)));
    for idx in 0..8 {
        assert_eq!(value_of(&report, &format!("it-{idx}"), "value"), json!(true));
    }
}

#[test]
fn a_step_that_stops_its_supervisor_ends_after_its_timeout() {
    let mut fixture = Fixture::new();
    fixture.options.grace = std::time::Duration::from_millis(100);
    let task = with(step("it", "stop-parent", &json!({})), &json!({"policy": {"timeout": "1s"}}));
    let report = fixture.run(&pipeline(&json!([task])));
    assert_eq!(report.task("it").unwrap().class, Some(FailureClass::Timeout));
    assert_eq!(processes_of(&fixture), [""; 0]);
}

#[test]
fn all_processes_of_a_step_that_kills_its_supervisor_end() {
    let fixture = Fixture::new();
    let child = fixture.path("child");
    let report = fixture.run(&pipeline(&json!([step("it", "kill-parent", &json!({"child": child}))])));
    assert_eq!(report.task("it").unwrap().state, State::Failed);
    let message = message_of(&report, "it");
    assert!(message.starts_with("the step was terminated by signal 9 (SIGKILL)"), "{message}");
    assert_eq!(processes_of(&fixture), [""; 0]);
    let child = fs::read_to_string(child).unwrap();
    let stat = fs::read_to_string(format!("/proc/{child}/stat")).unwrap_or_default();
    assert!(stat.is_empty() || stat.contains(") Z "), "{stat}");
}
