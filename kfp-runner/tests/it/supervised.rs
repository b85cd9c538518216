//! Steps with a supervisor between them and the runner.

use std::fs;

use kfp_runner::{FailureClass, State};
use serde_json::json;

use crate::support::{Bench, message_of, pipeline, processes_of, step, value_of, with};

#[test]
fn the_supervisor_is_on_record_before_the_step_runs() {
    let bench = Bench::new();
    let store = bench.options.store.join("runs.sqlite");
    let tasks: Vec<_> =
        (0..8).map(|idx| step(&format!("it-{idx}"), "recorded", &json!({"store": store}))).collect();
    let report = bench.run(&pipeline(&json!(tasks)));
    for idx in 0..8 {
        assert_eq!(value_of(&report, &format!("it-{idx}"), "value"), json!(true));
    }
}

#[test]
fn a_step_that_stops_its_supervisor_ends_after_its_timeout() {
    let mut bench = Bench::new();
    bench.options.grace = std::time::Duration::from_millis(100);
    let task = with(step("it", "stop-parent", &json!({})), &json!({"policy": {"timeout": "1s"}}));
    let report = bench.run(&pipeline(&json!([task])));
    assert_eq!(report.task("it").unwrap().class, Some(FailureClass::Timeout));
    assert_eq!(processes_of(&bench), [""; 0]);
}

#[test]
fn a_step_that_kills_its_supervisor_ends_as_a_whole() {
    let bench = Bench::new();
    let child = bench.path("child");
    let report = bench.run(&pipeline(&json!([step("it", "kill-parent", &json!({"child": child}))])));
    assert_eq!(report.task("it").unwrap().state, State::Failed);
    let message = message_of(&report, "it");
    assert!(message.starts_with("the step was ended by the signal 9 (SIGKILL)"), "{message}");
    assert_eq!(processes_of(&bench), [""; 0]);
    let child = fs::read_to_string(child).unwrap();
    let stat = fs::read_to_string(format!("/proc/{child}/stat")).unwrap_or_default();
    assert!(stat.is_empty() || stat.contains(") Z "), "{stat}");
}
