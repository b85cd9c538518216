//! The number of steps that a run expects: it is known early, and is that of the steps that end.

use kfp_runner::{Cancel, Event, Kind};
use serde_json::{Value, json};

use crate::support::{Fixture, call, compare, exit_handler, input, pipeline, step, when, with};

fn number(id: &str) -> Value {
    step(id, "number", &json!({"value": 1}))
}

fn for_each(id: &str, items: &Value, task: &Value) -> Value {
    let repeat = json!({"items": {"constant": items}, "body": {"tasks": [task]}});
    json!({"id": id, "name": id, "kind": {"loop": repeat}})
}

fn pair() -> Value {
    json!({"name": "pair", "root": {"tasks": [number("one"), number("two")]}})
}

fn call_pair(id: &str) -> Value {
    call(id, &json!({"pipeline": "pair"}), &json!({}))
}

/// Returns the numbers of expected steps in their order, and the number of steps that ended.
fn totals(document: &Value) -> (Vec<usize>, usize) {
    let fixture = Fixture::new();
    let (mut totals, mut ended) = (Vec::new(), 0);
    let count = |event| match event {
        Event::TotalChanged { steps } => totals.push(steps),
        Event::TaskFinished(task) if matches!(task.kind, Kind::Step | Kind::Approval) => ended += 1,
        _ => {}
    };
    fixture.observe(document, &json!({}), &Cancel::new(), count).unwrap();
    (totals, ended)
}

#[test]
fn loops_count_their_iterations_when_they_start() {
    let tasks = json!([for_each("many", &json!([1, 2, 3]), &call_pair("inner")), number("last")]);
    assert_eq!(totals(&json!([pipeline(&tasks), pair()])), (vec![3, 7], 7));
    let tasks = json!([for_each("none", &json!([]), &call_pair("inner")), number("last")]);
    assert_eq!(totals(&json!([pipeline(&tasks), pair()])), (vec![3, 1], 1));
}

#[test]
fn tasks_that_do_not_run_count_and_calls_that_do_not_run_do_not() {
    let never = compare(&json!(1), "equal", &json!(2));
    let arm = json!({"tasks": [number("skipped"), call_pair("skipped-call")]});
    let failing = step("failing", "plain-fail", &json!({"code": 10}));
    let after = |task: Value| with(task, &json!({"after": ["failing"]}));
    let tasks = json!([
        when("choice", &never, &arm),
        exit_handler(
            "guarded",
            &json!({"tasks": [
                failing,
                after(number("omitted")),
                after(call_pair("omitted-call")),
                after(for_each("omitted-loop", &json!([1, 2]), &call_pair("inner"))),
            ]}),
            &number("exit"),
        ),
    ]);
    assert_eq!(totals(&json!([pipeline(&tasks), pair()])), (vec![10, 8, 6, 4], 4));
}

#[test]
fn recursive_calls_count_when_they_start() {
    let mut again = call("again", &json!({"pipeline": "test"}), &json!({"depth": input("depth")}));
    again["kind"]["call"]["max_depth"] = json!(2);
    let always = compare(&input("depth"), "equal", &json!(0));
    let mut document = pipeline(&json!([number("once"), when("go-on", &always, &json!({"tasks": [again]}))]));
    document["inputs"] = json!({"depth": {"type": "integer", "default": 0}});
    assert_eq!(totals(&document), (vec![1, 2, 3], 3));
}
