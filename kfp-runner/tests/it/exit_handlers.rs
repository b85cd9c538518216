//! Exit handlers, which run whether or not their body succeeds.

use kfp_runner::State;
use serde_json::{Value, json};

use crate::support::{Fixture, exit_handler, notify, output, pipeline, states, step, value_of};

fn guarded(handler: &str, name: &str) -> Value {
    json!({"reference": {"guarded": {"task": handler, "output": name}}})
}

#[test]
fn the_exit_task_receives_the_status_of_the_body() {
    let failing = json!({"code": 10, "class": "data", "message": "no rows"});
    let failure = json!([{"task": "last", "message": "no rows", "exit_code": 10, "class": "data"}]);
    for (last, state, status) in [
        (
            step("last", "number", &json!({"value": 3})),
            State::Succeeded,
            json!({"state": "Succeeded", "failures": [], "number": 1}),
        ),
        (
            step("last", "fail", &failing),
            State::Failed,
            json!({"state": "Failed", "failures": failure, "number": 1}),
        ),
    ] {
        let fixture = Fixture::new();
        let report = fixture.run(&pipeline(&json!([exit_handler(
            "all",
            &json!({
                "tasks": [step("first", "number", &json!({"value": 1})), last],
                "yields": {"n": output("first", "value")},
            }),
            &notify("all", &guarded("all", "n")),
        )])));
        assert_eq!(report.state, state);
        assert_eq!(value_of(&report, "notify", "value"), status);
        assert_eq!(states(&report)["all/exit.notify"], State::Succeeded);
    }
}

#[test]
fn a_value_that_was_not_produced_is_null_in_the_exit_task() {
    let fixture = Fixture::new();
    let report = fixture.run(&pipeline(&json!([exit_handler(
        "all",
        &json!({"tasks": [step("first", "silent", &json!({}))], "yields": {"n": output("first", "value")}}),
        &notify("all", &guarded("all", "n")),
    )])));
    assert_eq!(value_of(&report, "notify", "value")["number"], json!(null));
    assert_eq!(states(&report)["all"], State::Failed);
}

#[test]
fn a_failing_exit_task_fails_the_run() {
    let fixture = Fixture::new();
    let report = fixture.run(&pipeline(&json!([
        exit_handler(
            "all",
            &json!({"tasks": [step("first", "number", &json!({"value": 1}))], "yields": {"n": output("first", "value")}}),
            &step("exit", "plain-fail", &json!({"code": 11})),
        ),
        step("user", "number", &json!({"value": output("all", "n")})),
    ])));
    assert_eq!(report.state, State::Failed);
    assert_eq!(states(&report)["user"], State::Omitted);
}

#[test]
fn values_of_a_successful_body_can_be_used_after_it() {
    let fixture = Fixture::new();
    let report = fixture.run(&pipeline(&json!([
        exit_handler(
            "all",
            &json!({"tasks": [step("first", "number", &json!({"value": 5}))], "yields": {"n": output("first", "value")}}),
            &notify("all", &guarded("all", "n")),
        ),
        step("user", "number", &json!({"value": output("all", "n")})),
    ])));
    assert_eq!(value_of(&report, "user", "value"), json!(5));
}

#[test]
fn a_nested_exit_task_receives_the_status_of_the_referenced_handler() {
    let failing = json!({"code": 10, "class": "data", "message": "no rows"});
    for (referenced, state, number) in [("outer", "Failed", 1), ("inner", "Succeeded", 2)] {
        let fixture = Fixture::new();
        let inner = exit_handler(
            "inner",
            &json!({
                "tasks": [step("second", "number", &json!({"value": 2}))],
                "yields": {"n": output("second", "value")},
            }),
            &notify(referenced, &guarded(referenced, "n")),
        );
        let report = fixture.run(&pipeline(&json!([exit_handler(
            "outer",
            &json!({
                "tasks": [step("first", "number", &json!({"value": 1})), step("last", "fail", &failing)],
                "yields": {"n": output("first", "value")},
            }),
            &inner,
        )])));
        let status = value_of(&report, "notify", "value");
        assert_eq!((&status["state"], &status["number"]), (&json!(state), &json!(number)), "{referenced}");
    }
}
