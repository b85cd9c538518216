//! Scheduling: parallel steps, branches, loops and called pipelines.

use std::sync::mpsc::channel;
use std::thread;

use kfp_runner::{Kind, State, Store};
use serde_json::{Value, json};

use crate::support::{
    Fixture, call, compare, input, message_of, output, pipeline, states, step, value_of, when, with,
};

#[test]
fn independent_steps_run_at_once() {
    let fixture = Fixture::new();
    let (left, right) = (fixture.path("left"), fixture.path("right"));
    let report = fixture.run(&pipeline(&json!([
        step("a", "meet", &json!({"mine": left, "theirs": right})),
        step("b", "meet", &json!({"mine": right, "theirs": left})),
    ])));
    assert_eq!(report.state, State::Succeeded);
}

#[test]
fn values_and_order_flow_along_the_edges() {
    let fixture = Fixture::new();
    let report = fixture.run(&json!({
        "name": "test",
        "outputs": {"text": {"type": "string"}, "order": {"type": "integer"}},
        "root": {
            "tasks": [
                with(step("last", "counted", &json!({"counter": fixture.path("c")})), &json!({"after": ["first"]})),
                step("first", "counted", &json!({"counter": fixture.path("c")})),
                step("number", "number", &json!({"value": 0.1})),
                step("text", "text", &json!({"value": {"concat": [
                    {"literal": "lr-"}, {"value": output("number", "value")},
                ]}})),
            ],
            "yields": {"text": output("text", "value"), "order": output("last", "value")},
        },
    }));
    assert_eq!(Value::Object(report.outputs.into_iter().collect()), json!({"text": "lr-0.1", "order": 2}));
}

#[test]
fn a_branch_takes_the_first_arm_whose_condition_is_true() {
    for (rows, expect, size) in [(5.0, "big", 1), (3.0, "medium", 2), (1.0, "otherwise", 3)] {
        let arm = |name: &str, over: f64, size: i64| {
            json!({
                "name": name,
                "condition": compare(&output("rows", "value"), "greater", &json!(over)),
                "region": {
                    "tasks": [step(&format!("in-{name}"), "number", &json!({"value": size}))],
                    "yields": {"n": output(&format!("in-{name}"), "value")},
                },
            })
        };
        let fixture = Fixture::new();
        let report = fixture.run(&pipeline(&json!([
            step("rows", "number", &json!({"value": rows})),
            {"id": "size", "name": "size", "kind": {"branch": {
                "arms": [arm("big", 4.0, 1), arm("medium", 2.0, 2)],
                "otherwise": {
                    "tasks": [step("in-otherwise", "number", &json!({"value": 3}))],
                    "yields": {"n": output("in-otherwise", "value")},
                },
            }}},
            step("result", "number", &json!({"value": output("size", "n")})),
        ])));
        assert_eq!(value_of(&report, "result", "value"), json!(size), "{rows}");
        for arm in ["big", "medium", "otherwise"] {
            let state = states(&report)[format!("size/{arm}/in-{arm}").as_str()];
            assert_eq!(state == State::Succeeded, arm == expect, "{rows}: {arm} is {state}");
            assert!(arm == expect || state == State::Skipped, "{rows}: {arm} is {state}");
        }
    }
}

#[test]
fn dependants_are_skipped_unless_an_option_accepts_the_absent_value() {
    let fixture = Fixture::new();
    let report = fixture.run(&pipeline(&json!([
        step("no", "flag", &json!({"value": false})),
        when(
            "maybe",
            &json!({"holds": output("no", "value")}),
            &json!({
                "tasks": [step("inner", "number", &json!({"value": 1}))],
                "yields": {"n": output("inner", "value")},
            })
        ),
        step("takes-none", "optional", &json!({"value": output("maybe", "n")})),
        step(
            "takes-other",
            "number",
            &json!({"value": {"first_present": [output("maybe", "n"), {"constant": 7}]}})
        ),
        with(step("afterwards", "number", &json!({"value": 1})), &json!({"after": ["maybe"]})),
        with(step("after-that", "number", &json!({"value": output("afterwards", "value")})), &json!({})),
        when(
            "after-branch",
            &json!({"holds": {"constant": true}}),
            &json!({
                "tasks": [step("needs-it", "number", &json!({"value": output("afterwards", "value")}))],
            })
        ),
        with(
            step("anyway", "number", &json!({"value": 2})),
            &json!({"after": ["maybe"], "trigger": "all_done"}),
        ),
    ])));
    assert_eq!(report.state, State::Succeeded);
    let states = states(&report);
    for (path, state) in [
        ("maybe", State::Skipped),
        ("maybe/maybe-arm/inner", State::Skipped),
        ("takes-none", State::Succeeded),
        ("takes-other", State::Succeeded),
        ("afterwards", State::Skipped),
        ("after-that", State::Skipped),
        ("after-branch", State::Skipped),
        ("anyway", State::Succeeded),
    ] {
        assert_eq!(states[path], state, "{path}");
    }
    assert_eq!(value_of(&report, "takes-none", "value"), json!(null));
    assert_eq!(value_of(&report, "takes-other", "value"), json!(7));
}

#[test]
fn loops_nest_and_collect_in_order() {
    let item = |task: &str| json!({"reference": {"item": task}});
    let fixture = Fixture::new();
    let report = fixture.run(&pipeline(&json!([
        {"id": "outer", "name": "outer", "kind": {"loop": {
            "items": {"constant": [1.5, 2.5]},
            "body": {
                "tasks": [{"id": "inner", "name": "inner", "kind": {"loop": {
                    "items": {"constant": ["a", "b", "c"]},
                    "parallelism": 2,
                    "body": {
                        "tasks": [step("name", "text", &json!({"value": {"concat": [
                            {"value": item("inner")}, {"value": item("outer")},
                        ]}}))],
                        "yields": {"name": output("name", "value")},
                    },
                }}}],
                "yields": {"names": output("inner", "name")},
            },
        }}},
        {"id": "none", "name": "none", "kind": {"loop": {
            "items": {"constant": []},
            "body": {"tasks": [step("never", "text", &json!({}))], "yields": {"x": output("never", "value")}},
        }}},
    ])));
    let names = json!([["a1.5", "b1.5", "c1.5"], ["a2.5", "b2.5", "c2.5"]]);
    assert_eq!(value_of(&report, "outer", "names"), names);
    assert_eq!(value_of(&report, "none", "x"), json!([]));
    assert_eq!(states(&report)["outer/1/inner/2/name"], State::Succeeded);
}

#[test]
fn a_failed_iteration_fails_its_loop_after_the_others_have_ended() {
    let fixture = Fixture::new();
    let report = fixture.run(&pipeline(&json!([
        {"id": "each", "name": "each", "kind": {"loop": {
            "items": {"constant": [1, 11, 1]},
            "parallelism": 1,
            "body": {"tasks": [
                step("count", "counted", &json!({"counter": fixture.path("c")})),
                when("bad", &compare(&json!({"reference": {"item": "each"}}), "greater", &json!(5)), &json!({
                    "tasks": [step("fail", "plain-fail", &json!({"code": {"reference": {"item": "each"}}}))],
                })),
            ], "yields": {"n": output("count", "value")}},
        }}},
        step("user", "echo", &json!({"value": output("each", "n")})),
    ])));
    assert_eq!(report.state, State::Failed);
    let states = states(&report);
    assert_eq!(states["each/2/count"], State::Succeeded);
    assert_eq!(states["each"], State::Failed);
    assert_eq!(states["user"], State::Omitted);
    assert_eq!(message_of(&report, "user"), "dependency `each` did not succeed");
}

#[test]
fn the_number_of_items_of_a_loop_is_limited() {
    let fixture = Fixture::new();
    let report = fixture.run(&pipeline(&json!([
        {"id": "each", "name": "each", "kind": {"loop": {
            "items": {"constant": [1, 2, 3]},
            "max_items": 2,
            "body": {"tasks": [step("x", "number", &json!({"value": 1}))]},
        }}},
    ])));
    let message = "the loop has 3 items, but at most 2 are allowed: raise `max_items`";
    assert_eq!(message_of(&report, "each"), message);
}

#[test]
fn pipelines_call_pipelines_and_themselves_up_to_their_max_depth() {
    let inner = json!({
        "name": "count-down",
        "inputs": {"n": {"type": "float", "default": 2}},
        "outputs": {"n": {"type": "float"}},
        "root": {
            "tasks": [
                step("here", "number", &json!({"value": input("n")})),
                when("more", &compare(&output("here", "value"), "greater", &json!(0)), &json!({
                    "tasks": [with(
                        call("again", &json!({"pipeline": "count-down"}), &json!({"n": 1})),
                        &json!({"kind": {"call": {
                            "callee": {"pipeline": "count-down"},
                            "arguments": {"n": {"constant": 1}},
                            "max_depth": 2,
                        }}}),
                    )],
                })),
            ],
            "yields": {"n": output("here", "value")},
        },
    });
    let outer = pipeline(&json!([call("sub", &json!({"pipeline": "count-down"}), &json!({}))]));
    let fixture = Fixture::new();
    let report = fixture.run(&json!([outer, inner]));
    assert_eq!(report.state, State::Succeeded);
    assert_eq!(value_of(&report, "sub", "n"), json!(2));
    assert_eq!(report.task("sub").unwrap().kind, Kind::Pipeline);
    let arm = "more/more-arm/again";
    let states = states(&report);
    assert_eq!(states[format!("sub/{arm}/{arm}/here").as_str()], State::Succeeded);
    assert_eq!(states[format!("sub/{arm}/{arm}/{arm}").as_str()], State::Skipped);
}

#[test]
fn the_store_has_tasks_in_the_order_in_which_they_started() {
    let fixture = Fixture::new();
    let names = ["c", "a", "d", "b"];
    let tasks = names.iter().enumerate().map(|(idx, name)| {
        let before = &names[idx.saturating_sub(1)..idx];
        with(step(name, "number", &json!({"value": 1})), &json!({"after": before}))
    });
    let report = fixture.run(&pipeline(&tasks.collect()));
    let tasks = Store::open(&fixture.options.store).unwrap().tasks(&report.id).unwrap();
    assert_eq!(tasks.iter().map(|task| task.name.as_str()).collect::<Vec<_>>(), names);
}

#[test]
fn concurrent_runs_in_one_store_are_independent() {
    let fixture = Fixture::new();
    let (sender, receiver) = channel();
    thread::scope(|scope| {
        for idx in 0..4 {
            let (fixture, sender) = (&fixture, sender.clone());
            scope.spawn(move || {
                let tasks = json!([
                    step("a", "number", &json!({"value": idx})),
                    step("b", "number", &json!({"value": output("a", "value")})),
                ]);
                sender.send((idx, fixture.run(&pipeline(&tasks)))).unwrap();
            });
        }
    });
    drop(sender);
    let mut ids = Vec::new();
    for (idx, report) in receiver {
        assert_eq!(value_of(&report, "b", "value"), json!(idx));
        ids.push(report.id);
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 4);
    let store = Store::open(&fixture.options.store).unwrap();
    let runs = store.runs().unwrap();
    assert_eq!(runs.len(), 4);
    assert!(runs.iter().all(|run| run.state == State::Succeeded && run.duration.is_some()));
    assert_eq!(store.tasks(&ids[0]).unwrap().len(), 2);
}
