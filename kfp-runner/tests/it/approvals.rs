//! Approvals: answered in advance, prompted for during the run, refused, cancelled, resumed.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};

use kfp_runner::{Answer, Approver, Cancel, Event, RunError, State};
use serde_json::{Value, json};

use crate::support::{
    Fixture, exit_handler, input, message_of, notify, output, pipeline, states, step, value_of, with,
};

/// A task that requests a number.
fn ask() -> Value {
    let outputs = json!({"value": {"type": "float"}});
    json!({"id": "ask", "name": "ask", "kind": {"approval": {"message": "Continue?", "outputs": outputs}}})
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
fn answers_in_advance_are_checked_and_not_prompted_for() {
    let mut fixture = Fixture::new();
    fixture.options.approvals = BTreeMap::from([("ask".to_owned(), approved(json!(2)))]);
    let report = fixture.run(&document());
    assert_eq!(value_of(&report, "behind", "value"), json!(2));

    fixture.options.approvals = BTreeMap::from([("ask".to_owned(), approved(json!("two")))]);
    let error = fixture.try_run(&document(), &json!({})).unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot start the run: the approval `ask`: invalid value `value`: expected a float, found `\"two\"`"
    );
}

#[test]
fn a_run_without_an_approver_does_not_start() {
    let fixture = Fixture::new();
    let error = fixture.try_run(&document(), &json!({})).unwrap_err();
    assert_eq!(error.code(), "KFP0809");
    let RunError::Approvals(problems) = error else { panic!("{error}") };
    assert_eq!(
        problems,
        [
            "the task `ask` requires an approval, and prompts are not available: pass `--approve 'ask={\"value\": <f64>}'`"
        ]
    );
    assert!(!fixture.options.store.exists(), "nothing was started");
}

#[test]
fn other_steps_continue_while_an_approval_is_prompted_for() {
    let mut fixture = Fixture::new();
    let (ended, endings) = channel();
    let endings: Mutex<Receiver<String>> = Mutex::new(endings);
    fixture.options.approver = Some(Approver::new(move |question| {
        assert_eq!((question.path.as_str(), question.approval.message.as_str()), ("ask", "Continue?"));
        // If the step waited for the answer, this would be a deadlock.
        assert_eq!(endings.lock().unwrap().recv().unwrap(), "beside");
        approved(json!(3))
    }));
    let report_end = |event| {
        if let Event::TaskFinished(task) = event {
            // The receiver is gone once the approver has answered.
            let _ = ended.send(task.name);
        }
    };
    let report = fixture.observe(&document(), &json!({}), &Cancel::new(), report_end).unwrap();
    assert_eq!(value_of(&report, "behind", "value"), json!(3));
    assert_eq!(report.task("ask").unwrap().kind.as_str(), "approval");
}

#[test]
fn refusals_and_values_of_another_type_are_failures() {
    for (answer, message) in [
        (Answer::Refused, "the approval was refused"),
        (approved(json!(true)), "the approval `ask`: invalid value `value`: expected a float, found `true`"),
    ] {
        let mut fixture = Fixture::new();
        fixture.options.approver = Some(Approver::new(move |_| answer.clone()));
        let body =
            json!({"tasks": [ask(), step("behind", "number", &json!({"value": output("ask", "value")}))]});
        let report = fixture.run(&pipeline(&json!([exit_handler("all", &body, &notify("all", &json!(0)))])));
        assert_eq!(report.state, State::Failed);
        assert_eq!(message_of(&report, "ask"), message);
        let states = states(&report);
        assert_eq!((states["all/ask"], states["all/behind"]), (State::Failed, State::Omitted));
        let status = value_of(&report, "notify", "value");
        assert_eq!(status["failures"][0]["message"], message, "{status}");
    }
}

#[test]
fn an_approver_that_panics_refuses() {
    let mut fixture = Fixture::new();
    fixture.options.approver = Some(Approver::new(|_| panic!("no terminal")));
    assert_eq!(message_of(&fixture.run(&document()), "ask"), "the approval was refused");
}

#[test]
fn a_cancelled_run_does_not_wait_for_an_answer() {
    let mut fixture = Fixture::new();
    let cancel = Cancel::new();
    let handle = cancel.clone();
    let (never, answer) = channel::<()>();
    let answer = Mutex::new(answer);
    fixture.options.approver = Some(Approver::new(move |_| {
        handle.request();
        let _ = answer.lock().unwrap().recv();
        Answer::Refused
    }));
    let report = fixture.observe(&document(), &json!({}), &cancel, |_| ()).unwrap();
    assert_eq!((report.state, states(&report)["ask"]), (State::Cancelled, State::Cancelled));
    drop(never);
}

#[test]
fn a_resumed_run_does_not_prompt_again() {
    let mut fixture = Fixture::new();
    let asked = Arc::new(Mutex::new(0));
    let count = Arc::clone(&asked);
    fixture.options.approver = Some(Approver::new(move |_| {
        *count.lock().unwrap() += 1;
        approved(json!(4))
    }));
    let flaky = json!({"counter": fixture.path("counter"), "succeeds_at": 2, "code": 1});
    let mut document = pipeline(&json!([
        ask(),
        with(step("flaky", "flaky", &flaky), &json!({"after": ["ask"]})),
        step("sum", "numbers", &json!({"value": {"list": [output("ask", "value"), input("more")]}})),
    ]));
    document["inputs"] = json!({"more": {"type": "float", "default": 1.0}});
    let report = fixture.run(&document);
    assert_eq!(report.state, State::Failed);
    fixture.options.resume = Some(report.id);
    let report = fixture.run(&document);
    assert_eq!(report.state, State::Succeeded, "{report:#?}");
    assert_eq!(value_of(&report, "ask", "value").as_f64(), Some(4.0));
    assert_eq!(*asked.lock().unwrap(), 1);
}
