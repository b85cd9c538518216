//! Labels: each task has one name for users, in events, in reports and in the store.

use std::collections::BTreeMap;

use kfp_runner::{Cancel, Event, Store};
use serde_json::{Value, json};

use crate::support::{Fixture, call, compare, exit_handler, pipeline, step, when};

fn for_each(id: &str, items: &Value, tasks: &Value) -> Value {
    json!({"id": id, "name": id, "kind": {"loop": {"items": {"constant": items}, "body": {"tasks": tasks}}}})
}

fn item(holder: &str) -> Value {
    json!({"reference": {"item": holder}})
}

/// Returns a pipeline with loops in loops and calls, arms, and an exit handler.
fn nested() -> Value {
    let arm = json!({"tasks": [step("deploy", "text", &json!({"value": item("kinds")}))]});
    let is_svm = compare(&item("kinds"), "equal", &json!("svm"));
    let sizes =
        for_each("sizes", &json!([1, 1]), &json!([step("fit", "number", &json!({"value": item("sizes")}))]));
    let tasks = json!([
        step("train", "text", &json!({"value": item("kinds")})),
        when("choose", &is_svm, &arm),
        sizes
    ]);
    let main = pipeline(&json!([
        for_each("kinds", &json!(["svm", "forest"]), &tasks),
        exit_handler(
            "guarded",
            &json!({"tasks": [for_each("calls", &json!(["a"]), &json!([
                call("inner", &json!({"pipeline": "inner"}), &json!({})),
            ]))]}),
            &step("notify", "number", &json!({"value": 1})),
        ),
    ]));
    let fail = step("fail", "fail", &json!({"code": 1, "class": "unknown", "message": "no"}));
    json!([main, {"name": "inner", "root": {"tasks": [fail]}}])
}

#[test]
fn a_task_has_the_same_label_everywhere() {
    let fixture = Fixture::new();
    let mut events = Vec::new();
    let report = fixture
        .observe(&nested(), &json!({}), &Cancel::new(), |event| match event {
            Event::TaskStarted { path, label, .. }
            | Event::AttemptFailed { path, label, .. }
            | Event::Notice { path, label, .. } => events.push((path, label)),
            Event::TaskFinished(task) => events.push((task.path, task.label)),
            _ => {}
        })
        .unwrap();
    let labels: BTreeMap<&str, &str> =
        report.tasks.iter().map(|task| (task.path.as_str(), task.label.as_str())).collect();
    for (path, label) in &events {
        assert_eq!(labels[path.as_str()], label);
    }
    let store = Store::open(&fixture.options.store).unwrap();
    for task in store.tasks(&report.id).unwrap() {
        assert_eq!(labels[task.path.as_str()], task.label);
    }
    let expected = BTreeMap::from([
        ("kinds", "kinds"),
        ("kinds/0/train", "kinds[value=svm]/train"),
        ("kinds/0/choose", "kinds[value=svm]/choose"),
        ("kinds/0/choose/choose-arm/deploy", "kinds[value=svm]/choose/choose-arm/deploy"),
        ("kinds/0/sizes", "kinds[value=svm]/sizes"),
        ("kinds/0/sizes/0/fit", "kinds[value=svm]/sizes[#0 value=1]/fit"),
        ("kinds/0/sizes/1/fit", "kinds[value=svm]/sizes[#1 value=1]/fit"),
        ("kinds/1/train", "kinds[value=forest]/train"),
        ("kinds/1/choose", "kinds[value=forest]/choose"),
        // Skipped.
        ("kinds/1/choose/choose-arm/deploy", "kinds[value=forest]/choose/choose-arm/deploy"),
        ("kinds/1/sizes", "kinds[value=forest]/sizes"),
        ("kinds/1/sizes/0/fit", "kinds[value=forest]/sizes[#0 value=1]/fit"),
        ("kinds/1/sizes/1/fit", "kinds[value=forest]/sizes[#1 value=1]/fit"),
        ("guarded", "guarded"),
        ("guarded/calls", "guarded/calls"),
        ("guarded/calls/0/inner", "guarded/calls[a]/inner"),
        ("guarded/calls/0/inner/fail", "guarded/calls[a]/inner/fail"),
        ("guarded/exit.notify", "guarded/exit.notify"),
    ]);
    assert_eq!(labels, expected);
}
