//! Approvals: given before, asked for while the rest goes on, refused, cancelled, resumed.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};

use kfp_runner::{Answer, Asker, Cancel, Event, RunError, State};
use serde_json::{Value, json};

use crate::support::{
    Bench, guard, input, message_of, notify, output, pipeline, states, step, value_of, with,
};

/// A task that asks for a number.
fn ask() -> Value {
    let outputs = json!({"value": {"type": "float"}});
    json!({"id": "ask", "name": "ask", "kind": {"approval": {"message": "shall it?", "outputs": outputs}}})
}

fn document() -> Value {
    pipeline(&json!([
        ask(),
        step("behind", "number", &json!({"value": output("ask", "value")})),
        step("beside", "number", &json!({"value": 1})),
    ]))
}

fn approved(value: Value) -> Answer {
    Answer::Approved(BTreeMap::from([("value".to_owned(), value)]))
}

#[test]
fn what_is_given_before_is_typed_and_nobody_is_asked() {
    let mut bench = Bench::new();
    bench.options.approvals = BTreeMap::from([("ask".to_owned(), approved(json!(2)))]);
    let report = bench.run(&document());
    assert_eq!(value_of(&report, "behind", "value"), json!(2));

    bench.options.approvals = BTreeMap::from([("ask".to_owned(), approved(json!("two")))]);
    let error = bench.try_run(&document(), &json!({})).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the run cannot start: the approval `ask`: invalid value `value`: expected a float, found `\"two\"`"
    );
}

#[test]
fn a_run_does_not_start_where_nobody_can_approve() {
    let bench = Bench::new();
    let error = bench.try_run(&document(), &json!({})).unwrap_err();
    assert_eq!(error.code(), "KFP0809");
    let RunError::Approvals(problems) = error else { panic!("{error}") };
    assert_eq!(
        problems,
        [
            "the task `ask` waits for an approval, and there is nobody to ask: give it by `--approve 'ask={\"value\": <f64>}'`"
        ]
    );
    assert!(!bench.options.store.exists(), "something was started");
}

#[test]
fn other_steps_go_on_while_somebody_is_asked() {
    let mut bench = Bench::new();
    let (ended, endings) = channel();
    let endings: Mutex<Receiver<String>> = Mutex::new(endings);
    bench.options.ask = Some(Asker::new(move |question| {
        assert_eq!((question.path.as_str(), question.approval.message.as_str()), ("ask", "shall it?"));
        // Were the step to wait for the answer, both would wait for ever.
        assert_eq!(endings.lock().unwrap().recv().unwrap(), "beside");
        approved(json!(3))
    }));
    let tell = |event| {
        if let Event::TaskFinished(task) = event {
            // Once the answer was given, nobody listens.
            let _ = ended.send(task.name);
        }
    };
    let report = bench.observe(&document(), &json!({}), &Cancel::new(), tell).unwrap();
    assert_eq!(value_of(&report, "behind", "value"), json!(3));
    assert_eq!(report.task("ask").unwrap().kind.as_str(), "approval");
}

#[test]
fn a_refusal_and_a_value_of_another_type_are_failures() {
    for (answer, message) in [
        (Answer::Refused, "the approval was refused"),
        (approved(json!(true)), "the approval `ask`: invalid value `value`: expected a float, found `true`"),
    ] {
        let mut bench = Bench::new();
        bench.options.ask = Some(Asker::new(move |_| answer.clone()));
        let body =
            json!({"tasks": [ask(), step("behind", "number", &json!({"value": output("ask", "value")}))]});
        let report = bench.run(&pipeline(&json!([guard("all", &body, &notify("all", &json!(0)))])));
        assert_eq!(report.state, State::Failed);
        assert_eq!(message_of(&report, "ask"), message);
        let states = states(&report);
        assert_eq!((states["all/ask"], states["all/behind"]), (State::Failed, State::Omitted));
        let told = value_of(&report, "notify", "value");
        assert_eq!(told["failures"][0]["message"], message, "{told}");
    }
}

#[test]
fn a_question_that_panics_is_a_refusal() {
    let mut bench = Bench::new();
    bench.options.ask = Some(Asker::new(|_| panic!("no terminal")));
    assert_eq!(message_of(&bench.run(&document()), "ask"), "the approval was refused");
}

#[test]
fn a_run_that_is_cancelled_waits_for_no_answer() {
    let mut bench = Bench::new();
    let cancel = Cancel::new();
    let handle = cancel.clone();
    let (never, answer) = channel::<()>();
    let answer = Mutex::new(answer);
    bench.options.ask = Some(Asker::new(move |_| {
        handle.request();
        let _ = answer.lock().unwrap().recv();
        Answer::Refused
    }));
    let report = bench.observe(&document(), &json!({}), &cancel, |_| ()).unwrap();
    assert_eq!((report.state, states(&report)["ask"]), (State::Cancelled, State::Cancelled));
    drop(never);
}

#[test]
fn a_resumed_run_does_not_ask_again() {
    let mut bench = Bench::new();
    let asked = Arc::new(Mutex::new(0));
    let count = Arc::clone(&asked);
    bench.options.ask = Some(Asker::new(move |_| {
        *count.lock().unwrap() += 1;
        approved(json!(4))
    }));
    let flaky = json!({"counter": bench.path("counter"), "succeeds_at": 2, "code": 1});
    let mut document = pipeline(&json!([
        ask(),
        with(step("flaky", "flaky", &flaky), &json!({"after": ["ask"]})),
        step("sum", "numbers", &json!({"value": {"list": [output("ask", "value"), input("more")]}})),
    ]));
    document["inputs"] = json!({"more": {"type": "float", "default": 1.0}});
    let report = bench.run(&document);
    assert_eq!(report.state, State::Failed);
    bench.options.resume = Some(report.id);
    let report = bench.run(&document);
    assert_eq!(report.state, State::Succeeded, "{report:#?}");
    assert_eq!(value_of(&report, "ask", "value").as_f64(), Some(4.0));
    assert_eq!(*asked.lock().unwrap(), 1);
}
