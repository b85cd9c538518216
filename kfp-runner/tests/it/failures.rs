//! Steps that fail in different ways.

use std::time::Duration;

use kfp_runner::{Event, FailureClass, State};
use serde_json::{Value, json};

use crate::support::{Fixture, message_of, output, pipeline, states, step, value_of, with};

#[test]
fn every_kind_of_failure_is_reported() {
    let oversize = format!("\"{}\"", "x".repeat(40_000));
    for (component, arguments, class, exit_code, expect) in [
        (
            "fail",
            json!({"code": 10, "class": "data", "message": "no rows"}),
            FailureClass::Data,
            Some(10),
            "no rows",
        ),
        ("plain-fail", json!({"code": 3}), FailureClass::Unknown, Some(3), "the step ended with exit code 3"),
        (
            "plain-fail",
            json!({"code": 75}),
            FailureClass::Transient,
            Some(75),
            "the step ended with exit code 75",
        ),
        (
            "die",
            json!({"signal": 6}),
            FailureClass::Unknown,
            Some(134),
            "the step was terminated by signal 6 (SIGABRT)",
        ),
        (
            "die",
            json!({"signal": 9}),
            FailureClass::Oom,
            Some(137),
            "the step was terminated by signal 9 (SIGKILL): the machine may have been out of memory",
        ),
        ("silent", json!({}), FailureClass::Data, None, "the step did not write its output `value`"),
        (
            "raw",
            json!({"text": "NaN"}),
            FailureClass::Data,
            None,
            "invalid output `value`: expected a finite number, found `\"NaN\"`",
        ),
        (
            "raw",
            json!({"text": "{"}),
            FailureClass::Data,
            None,
            "invalid output `value`: expected JSON of type `f64`, found `\"{\"`",
        ),
        (
            "raw",
            json!({"text": "[1]"}),
            FailureClass::Data,
            None,
            "invalid output `value`: expected a float, found `[1]`",
        ),
        ("empty-artifact", json!({}), FailureClass::Data, None, "the step did not write the artifact `file`"),
        (
            "echo",
            json!({"value": {"constant": serde_json::from_str::<Value>(&oversize).unwrap()}}),
            FailureClass::Data,
            None,
            "the output `value` has 40000 bytes, but a parameter has at most 32768: make it an artifact",
        ),
    ] {
        let fixture = Fixture::new();
        let report = fixture.run(&pipeline(&json!([step("it", component, &arguments)])));
        let task = report.task("it").unwrap();
        assert_eq!((report.state, task.state), (State::Failed, State::Failed), "{component}");
        assert_eq!(task.message.as_deref(), Some(expect));
        assert_eq!((task.class, task.exit_code), (Some(class), exit_code), "{expect}");
    }
}

#[test]
fn the_output_of_a_failed_step_is_reported() {
    let fixture = Fixture::new();
    let failing = json!({"code": 1, "class": "unknown", "message": "x"});
    let report = fixture.run(&pipeline(&json!([step("it", "fail", &failing)])));
    assert_eq!(report.task("it").unwrap().log_tail, ["about to fail"]);
}

#[test]
fn dependants_of_a_failed_step_do_not_run_and_others_do() {
    let fixture = Fixture::new();
    let report = fixture.run(&pipeline(&json!([
        step("bad", "plain-fail", &json!({"code": 10})),
        with(step("after", "number", &json!({"value": 1})), &json!({"after": ["bad"]})),
        step("later", "number", &json!({"value": output("after", "value")})),
        step("other", "number", &json!({"value": 1})),
    ])));
    let states = states(&report);
    assert_eq!(report.state, State::Failed);
    assert_eq!((states["after"], states["later"]), (State::Omitted, State::Omitted));
    assert_eq!(states["other"], State::Succeeded);
}

#[test]
fn retries_follow_the_class_of_the_failure() {
    for (code, succeeds_at, limit, attempts, state) in [
        (75, 3, 2, 3, State::Succeeded),
        (1, 2, 1, 2, State::Succeeded),
        (75, 3, 1, 2, State::Failed),
        (10, 2, 5, 1, State::Failed),
        (11, 2, 5, 1, State::Failed),
    ] {
        let fixture = Fixture::new();
        let arguments = json!({"counter": fixture.path("c"), "succeeds_at": succeeds_at, "code": code});
        let task = with(step("it", "flaky", &arguments), &json!({"policy": {"retry": {"limit": limit}}}));
        let mut retries = 0;
        let report = fixture
            .observe(&pipeline(&json!([task])), &json!({}), &kfp_runner::Cancel::new(), |event| {
                if let Event::AttemptFailed { retry_in: Some(delay), .. } = event {
                    assert_eq!(delay, Duration::ZERO);
                    retries += 1;
                }
            })
            .unwrap();
        let task = report.task("it").unwrap();
        assert_eq!((task.state, task.attempts, retries), (state, attempts, attempts - 1), "code {code}");
    }
}

#[test]
fn tiers_limit_the_retries_of_each_class() {
    let tiers =
        json!({"oom": {"limit": 1, "memory": {"factor": 2.0}}, "data": {}, "transient": {"limit": 2}});
    for (code, attempts) in [(137, 2), (10, 4), (75, 3), (11, 1)] {
        let fixture = Fixture::new();
        let arguments = json!({"counter": fixture.path("c"), "succeeds_at": 9, "code": code});
        let policy = json!({"retry": {"limit": 3, "tiers": tiers}, "resources": {"memory": "64Mi"}});
        let task = with(step("it", "flaky", &arguments), &json!({"policy": policy}));
        let report = fixture.run(&pipeline(&json!([task])));
        assert_eq!(report.task("it").unwrap().attempts, attempts, "code {code}");
    }
}

#[test]
fn a_step_that_exceeds_its_timeout_is_ended_even_if_it_ignores_signals() {
    for stubborn in [false, true] {
        let mut fixture = Fixture::new();
        fixture.options.grace = Duration::from_millis(200);
        let arguments = json!({"started": fixture.path("s"), "stubborn": stubborn});
        let task = with(step("it", "hang", &arguments), &json!({"policy": {"timeout": "1s"}}));
        let report = fixture.run(&pipeline(&json!([task])));
        assert_eq!(message_of(&report, "it"), "the step ran longer than its timeout of 1s");
        assert_eq!(report.task("it").unwrap().class, Some(FailureClass::Timeout));
        assert!(report.duration < Duration::from_secs(15), "{:?}", report.duration);
    }
}

#[test]
fn a_pipeline_that_exceeds_its_timeout_is_ended() {
    let fixture = Fixture::new();
    let report = fixture.run(&json!({
        "name": "test",
        "settings": {"timeout": "1s"},
        "root": {"tasks": [step("it", "hang", &json!({"started": fixture.path("s"), "stubborn": false}))]},
    }));
    assert_eq!(report.state, State::Failed);
    assert_eq!(report.message.as_deref(), Some("the pipeline ran longer than its timeout of 1s"));
    assert_eq!(states(&report)["it"], State::Cancelled);
}

#[test]
fn children_that_outlive_their_step_are_ended() {
    for (component, supervised) in [("fork", true), ("fork", false), ("escape", true), ("escape", false)] {
        let mut fixture = Fixture::new();
        if !supervised {
            fixture.options.supervisor = None;
        }
        let report = fixture.run(&pipeline(&json!([step("it", component, &json!({}))])));
        let pid = value_of(&report, "it", "value");
        // A killed process may remain as a zombie until its new parent reaps it.
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        assert!(stat.is_empty() || stat.contains(") Z "), "{component}, supervised: {supervised}: {stat}");
    }
}

#[test]
fn a_long_log_is_cut_in_the_middle() {
    let fixture = Fixture::new();
    let report = fixture.run(&pipeline(&json!([step("it", "spam", &json!({"megabytes": 40}))])));
    let log = std::fs::read_to_string(report.task("it").unwrap().log.as_ref().unwrap()).unwrap();
    assert!(log.len() < 17 * 1024 * 1024, "{}", log.len());
    assert!(log.contains("bytes omitted"), "the cut is marked");
    assert!(log.ends_with("the last line\n"), "the end is kept");
}

#[test]
fn outputs_of_a_failed_step_are_not_published() {
    let fixture = Fixture::new();
    let report =
        fixture.run(&pipeline(&json!([step("it", "write", &json!({"text": "half", "fails": true}))])));
    assert_eq!(report.state, State::Failed);
    let attempt = fixture.options.store.join("runs").join(report.id.as_str()).join("it/1");
    assert!(attempt.join("log").exists());
    let folders = std::fs::read_dir(&attempt).unwrap().flatten().filter(|entry| entry.path().is_dir());
    let names: Vec<_> = folders.map(|entry| entry.file_name()).collect();
    assert!(names.is_empty(), "neither finished nor partial outputs: {names:?}");
}

#[test]
fn a_program_that_cannot_be_started_is_an_error() {
    let mut fixture = Fixture::new();
    let binary = fixture.folder.path().join("no-program");
    std::fs::write(&binary, "not a program").unwrap();
    fixture.options.binary = Some(binary);
    let report = fixture.run(&pipeline(&json!([step("it", "number", &json!({"value": 1}))])));
    assert_eq!(report.task("it").unwrap().state, State::Error);
    assert!(message_of(&report, "it").starts_with("cannot start `"), "{}", message_of(&report, "it"));
}
