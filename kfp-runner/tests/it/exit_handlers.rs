//! Guards: the exit task runs, whatever happened.

use kfp_runner::State;
use serde_json::{Value, json};

use crate::support::{Bench, guard, notify, output, pipeline, states, step, value_of};

fn guarded(guard: &str, name: &str) -> Value {
    json!({"reference": {"guarded": {"task": guard, "output": name}}})
}

#[test]
fn the_exit_task_is_told_how_the_body_ended() {
    let failing = json!({"code": 10, "class": "data", "message": "no rows"});
    let failure = json!([{"task": "last", "message": "no rows", "exit_code": 10, "class": "data"}]);
    for (last, state, told) in [
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
        let bench = Bench::new();
        let report = bench.run(&pipeline(&json!([guard(
            "all",
            &json!({
                "tasks": [step("first", "number", &json!({"value": 1})), last],
                "yields": {"n": output("first", "value")},
            }),
            &notify("all", &guarded("all", "n")),
        )])));
        assert_eq!(report.state, state);
        assert_eq!(value_of(&report, "notify", "value"), told);
        assert_eq!(states(&report)["all/exit.notify"], State::Succeeded);
    }
}

#[test]
fn a_value_that_was_not_made_is_absent_to_the_exit_task() {
    let bench = Bench::new();
    let report = bench.run(&pipeline(&json!([guard(
        "all",
        &json!({"tasks": [step("first", "silent", &json!({}))], "yields": {"n": output("first", "value")}}),
        &notify("all", &guarded("all", "n")),
    )])));
    assert_eq!(value_of(&report, "notify", "value")["number"], json!(null));
    assert_eq!(states(&report)["all"], State::Failed);
}

#[test]
fn a_failing_exit_task_fails_the_run() {
    let bench = Bench::new();
    let report = bench.run(&pipeline(&json!([
        guard(
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
fn what_a_guard_yields_is_used_when_it_succeeded() {
    let bench = Bench::new();
    let report = bench.run(&pipeline(&json!([
        guard(
            "all",
            &json!({"tasks": [step("first", "number", &json!({"value": 5}))], "yields": {"n": output("first", "value")}}),
            &notify("all", &guarded("all", "n")),
        ),
        step("user", "number", &json!({"value": output("all", "n")})),
    ])));
    assert_eq!(value_of(&report, "user", "value"), json!(5));
}

#[test]
fn an_exit_task_inside_of_an_exit_region_is_told_of_the_guard_that_it_asks_for() {
    let failing = json!({"code": 10, "class": "data", "message": "no rows"});
    for (asked, state, number) in [("outer", "Failed", 1), ("inner", "Succeeded", 2)] {
        let bench = Bench::new();
        let inner = guard(
            "inner",
            &json!({
                "tasks": [step("second", "number", &json!({"value": 2}))],
                "yields": {"n": output("second", "value")},
            }),
            &notify(asked, &guarded(asked, "n")),
        );
        let report = bench.run(&pipeline(&json!([guard(
            "outer",
            &json!({
                "tasks": [step("first", "number", &json!({"value": 1})), step("last", "fail", &failing)],
                "yields": {"n": output("first", "value")},
            }),
            &inner,
        )])));
        let told = value_of(&report, "notify", "value");
        assert_eq!((&told["state"], &told["number"]), (&json!(state), &json!(number)), "{asked}");
    }
}
