//! Exit handlers: they run after success and after failure, and receive the final state.

use kfp_sdk::prelude::*;
use serde_json::{Value, json};
use tests::conformance::Run;

use crate::case::Case;
use crate::components::{
    Add, EchoAny, EchoInteger, EchoText, Fail, FailIf, PythonAny, ReadOptional, Tell, TellState, WriteText,
};

#[pipeline(name = "exit-handler")]
fn exit_handler(p: &Pipeline, value: In<i64>, #[default("the number is bad")] message: In<String>) {
    p.exit_handler(|p| {
        let first = p.add(Add::new().a(value)).name("first").output;
        let checked = p.add(FailIf::new().value(first).bad(13).message(message)).name("check").output;
        p.add(Add::new().a(checked).b(100)).name("last").output
    })
    .finally(|p, status, value| {
        p.add(Tell::new().state(status.state()).failures(status.failures()).value(value)).name("told")
    });
}

#[pipeline(name = "exit-of-early-value")]
fn exit_of_early_value(p: &Pipeline, value: In<i64>) {
    p.exit_handler(|p| {
        let early = p.add(Add::new().a(value)).name("early").output;
        p.add(FailIf::new().value(early).bad(13).class("permanent")).name("check");
        early
    })
    .finally(|p, status, early| {
        p.add(Tell::new().state(status.state()).failures(status.failures()).value(early)).name("told")
    });
}

#[pipeline(name = "outputs-around-an-exit")]
fn outputs_around_an_exit(p: &Pipeline, value: In<i64>) -> Out<String> {
    let (first, second) = p
        .exit_handler(|p| {
            let first = p.add(Add::new().a(value)).name("first").output;
            let second = p
                .when("go", first.gt(1), |p| p.add(Add::new().a(first)).name("second").output)
                .otherwise(|p| p.add(Add::new().a(7)).name("other").output);
            (first, second)
        })
        .finally(|p, status, _| p.add(TellState::new().state(status.state()).value(1)).name("told"));
    text!("{first} and {second}")
}

#[pipeline(name = "exit-of-nothing")]
fn exit_of_nothing(p: &Pipeline, go: In<bool>) {
    p.exit_handler(|p| p.when("go", go, |p| p.add(Add::new().a(1)).name("inside").output).or_none()).finally(
        |p, status, value| {
            p.add(Tell::new().state(status.state()).failures(status.failures()).value(value)).name("told")
        },
    );
}

#[pipeline(name = "exit-fails")]
fn exit_fails(p: &Pipeline) {
    p.exit_handler(|p| {
        p.add(EchoText::new().value("fine")).name("inside");
    })
    .finally(|p, status, ()| {
        p.add(Fail::new().class("permanent").message(text!("after {status.state()}"))).name("exit")
    });
}

#[pipeline(name = "tell-everybody")]
fn tell_everybody(p: &Pipeline, status: In<FinalStatus>, failures: In<Vec<Failure>>) {
    p.add(EchoAny::new().value(status)).name("rust");
    p.add(PythonAny::new().value(status)).name("python");
    p.add(PythonAny::new().value(failures)).name("list");
}

#[pipeline(name = "exit-tells-everybody")]
fn exit_tells_everybody(p: &Pipeline, value: In<i64>) {
    p.exit_handler(|p| {
        p.add(FailIf::new().value(value).bad(13).message("it's {{bad}} at $(HOME)")).name("check");
    })
    .finally(|p, status, ()| {
        p.add(TellEverybody::new().status(status).failures(status.failures())).name("all")
    });
}

#[pipeline(name = "both-fail")]
fn both_fail(p: &Pipeline) {
    p.exit_handler(|p| {
        p.add(Fail::new().class("data")).name("inside");
    })
    .finally(|p, _, ()| p.add(Fail::new().class("permanent")).name("exit"));
}

#[pipeline(name = "several-failures")]
fn several_failures(p: &Pipeline) {
    p.exit_handler(|p| {
        p.add(Fail::new().class("data").message("first")).name("a");
        p.add(Fail::new().class("transient").message("second")).name("b").retry(Retry::times(1));
        let c = p.add(Fail::new().message("third")).name("c");
        p.add(EchoInteger::new().value(c.output)).name("behind-c");
        p.add(EchoText::new().value("fine")).name("d");
    })
    .finally(|p, status, ()| {
        p.add(Tell::new().state(status.state()).failures(status.failures())).name("told")
    });
}

#[pipeline(name = "exit-around-loop")]
fn exit_around_loop(p: &Pipeline, bad: In<i64>) {
    p.exit_handler(|p| {
        p.parallel_for([1_i64, 2, 3]).each(|p, item| {
            p.add(FailIf::new().value(item).bad(bad).message(text!("item {item}"))).name("check");
        });
    })
    .finally(|p, status, ()| {
        p.add(Tell::new().state(status.state()).failures(status.failures())).name("told")
    });
}

#[pipeline(name = "exit-of-a-part")]
fn exit_of_a_part(p: &Pipeline, value: In<i64>) {
    let before = p.add(Add::new().a(value)).name("before").output;
    let inside = p
        .exit_handler(|p| p.add(FailIf::new().value(before).bad(13)).name("check").output)
        .finally(|p, status, value| p.add(TellState::new().state(status.state()).value(value)).name("told"));
    p.add(EchoInteger::new().value(inside)).name("behind");
    p.add(EchoText::new().value("beside")).name("beside");
}

#[pipeline(name = "exits-in-a-row")]
fn exits_in_a_row(p: &Pipeline, first: In<i64>, second: In<i64>) {
    let one = p.exit_handler(|p| p.add(FailIf::new().value(first).bad(13)).name("check-one").output).finally(
        |p, status, value| p.add(TellState::new().state(status.state()).value(value)).name("told-one"),
    );
    p.exit_handler(|p| {
        let sum = p.add(Add::new().a(one).b(second)).name("sum").output;
        p.add(FailIf::new().value(sum).bad(99)).name("check-two").output
    })
    .finally(|p, status, value| p.add(TellState::new().state(status.state()).value(value)).name("told-two"));
}

#[pipeline(name = "inner-with-exit")]
fn inner_with_exit(p: &Pipeline, value: In<i64>) -> Out<i64> {
    p.exit_handler(|p| p.add(FailIf::new().value(value).bad(2)).name("check").output)
        .finally(|p, status, value| p.add(TellState::new().state(status.state()).value(value)).name("told"))
}

#[pipeline(name = "inner-with-exit-once")]
fn inner_with_exit_once(p: &Pipeline, value: In<i64>) -> Out<i64> {
    p.exit_handler(|p| p.add(FailIf::new().value(value).bad(2)).name("check-once").output).finally(
        |p, status, value| p.add(TellState::new().state(status.state()).value(value)).name("told-once"),
    )
}

#[pipeline(name = "exit-within-a-pipeline")]
fn exit_within_a_pipeline(p: &Pipeline, value: In<i64>) {
    let result = p.add(InnerWithExitOnce::new().value(value)).name("called").output;
    p.add(EchoInteger::new().value(result)).name("behind");
}

#[pipeline(name = "exit-within-two-calls")]
fn exit_within_two_calls(p: &Pipeline) {
    let good = p.add(InnerWithExit::new().value(1)).name("good").output;
    p.add(EchoInteger::new().value(good)).name("behind-good");
    let bad = p.add(InnerWithExit::new().value(2)).name("bad").output;
    p.add(EchoInteger::new().value(bad)).name("behind-bad");
}

#[pipeline(name = "exit-task-is-a-pipeline")]
fn exit_task_is_a_pipeline(p: &Pipeline, value: In<i64>) {
    p.exit_handler(|p| {
        p.add(FailIf::new().value(value).bad(13)).name("check");
    })
    .finally(|p, status, ()| p.add(CleaningUp::new().state(status.state())).name("clean"));
}

#[pipeline(name = "cleaning-up")]
fn cleaning_up(p: &Pipeline, state: In<State>) {
    let ending = p.add(TellState::new().state(state)).name("told");
    p.add(EchoText::new().value(text!("ended as {ending.state}"))).name("text");
}

#[pipeline(name = "exit-takes-artifact")]
fn exit_takes_artifact(p: &Pipeline, value: In<i64>) {
    p.exit_handler(|p| {
        let checked = p.add(FailIf::new().value(value).bad(13)).name("check");
        p.add(WriteText::new().text("written")).name("write").after(&checked).file
    })
    .finally(|p, _, file| p.add(ReadOptional::new().file(file)).name("read"));
}

pub(super) fn reported(run: Run, state: &str, failures: &[Value], value: Value) -> Run {
    run.returned_all("told", json!({"state": state, "failures": failures, "value": value}))
}

fn reported_state(run: Run, step: &str, state: &str, value: impl Into<Value>) -> Run {
    run.returned_all(step, json!({"state": state, "value": value.into()}))
}

fn everybody(run: Run, state: &str, failures: &Value) -> Run {
    let status = json!({"state": state, "failures": failures});
    run.returned("all/rust", status.clone())
        .returned("all/python", status)
        .returned("all/list", failures.clone())
}

pub(super) fn failure(task: &str, message: &str, exit_code: i32, class: &str) -> Value {
    json!({"task": task, "message": message, "exit_code": exit_code, "class": class})
}

fn whole() -> Vec<Case> {
    let value = |run: Run, value: i64| run.argument("value", value);
    let hostile = "it's {{workflow.name}} at $(HOME)\n\"{{=1}}\" 🇩🇪";
    let failed = |message: &str| {
        let run = value(Run::fails(), 12).returned("first", 13).failed_with("check", 10).omitted(&["last"]);
        reported(run, "Failed", &[failure("check", message, 10, "data")], Value::Null)
    };
    let inside = |run: Run, go: bool| run.argument("go", go);
    vec![
        Case::new("exit-handler", ExitHandler::definition)
            .run(reported(
                value(Run::succeeds(), 1).returned("first", 2).returned("check", 2).returned("last", 102),
                "Succeeded",
                &[],
                json!(102),
            ))
            .run(failed("the number is bad"))
            .run(failed(hostile).argument("message", hostile)),
        Case::new("exit-of-early-value", ExitOfEarlyValue::definition).run(reported(
            value(Run::fails(), 12).returned("early", 13).failed_with("check", 11),
            "Failed",
            &[failure("check", "the number is bad", 11, "permanent")],
            json!(13),
        )),
        Case::new("outputs-around-an-exit", OutputsAroundAnExit::definition)
            .run(reported_state(
                value(Run::succeeds(), 1)
                    .returned("first", 2)
                    .returned("second", 3)
                    .skipped(&["other"])
                    .output("2 and 3"),
                "told",
                "Succeeded",
                1,
            ))
            .run(reported_state(
                value(Run::succeeds(), 0)
                    .returned("first", 1)
                    .returned("other", 8)
                    .skipped(&["second"])
                    .output("1 and 8"),
                "told",
                "Succeeded",
                1,
            )),
        Case::new("exit-of-nothing", ExitOfNothing::definition)
            .run(reported(inside(Run::succeeds(), true).returned("inside", 2), "Succeeded", &[], json!(2)))
            .run(reported(
                inside(Run::succeeds(), false).skipped(&["inside"]),
                "Succeeded",
                &[],
                Value::Null,
            )),
        Case::new("exit-fails", ExitFails::definition)
            .run(Run::fails().returned("inside", "fine").failed_with("exit", 11)),
        Case::new("exit-tells-everybody", ExitTellsEverybody::definition)
            .run(everybody(value(Run::succeeds(), 1).returned("check", 1), "Succeeded", &json!([])))
            .run(everybody(
                value(Run::fails(), 13).failed_with("check", 10),
                "Failed",
                &json!([failure("check", "it's {{bad}} at $(HOME)", 10, "data")]),
            )),
        Case::new("both-fail", BothFail::definition)
            .run(Run::fails().failed_with("inside", 10).failed_with("exit", 11)),
    ]
}

fn whole_with_more_inside() -> Vec<Case> {
    let value = |run: Run, value: i64| run.argument("value", value);
    vec![
        Case::new("several-failures", SeveralFailures::definition).run(reported(
            Run::fails()
                .failed_with("a", 10)
                .failed_with("b", 75)
                .attempts("b", 2)
                .failed_with("c", 1)
                .omitted(&["behind-c"])
                .returned("d", "fine"),
            "Failed",
            &[
                failure("a", "first", 10, "data"),
                failure("b", "second", 75, "transient"),
                failure("c", "third", 1, "unknown"),
            ],
            Value::Null,
        )),
        Case::new("exit-around-loop", ExitAroundLoop::definition)
            .run(reported(
                Run::succeeds()
                    .argument("bad", 0)
                    .returned("0/check", 1)
                    .returned("1/check", 2)
                    .returned("2/check", 3),
                "Succeeded",
                &[],
                Value::Null,
            ))
            .run(reported(
                Run::fails()
                    .argument("bad", 2)
                    .returned("0/check", 1)
                    .failed_with("1/check", 10)
                    .returned("2/check", 3),
                "Failed",
                &[failure("for-each/1/check", "item 2", 10, "data")],
                Value::Null,
            )),
        Case::new("exit-task-is-a-pipeline", ExitTaskIsAPipeline::definition)
            .run(
                reported_state(
                    value(Run::succeeds(), 1).returned("check", 1),
                    "clean/told",
                    "Succeeded",
                    Value::Null,
                )
                .returned("clean/text", "ended as Succeeded"),
            )
            .run(
                reported_state(
                    value(Run::fails(), 13).failed_with("check", 10),
                    "clean/told",
                    "Failed",
                    Value::Null,
                )
                .returned("clean/text", "ended as Failed"),
            ),
        Case::new("exit-takes-artifact", ExitTakesArtifact::definition)
            .run(
                value(Run::succeeds(), 1).returned("check", 1).succeeded("write").returned("read", "written"),
            )
            .run(
                value(Run::fails(), 13)
                    .failed_with("check", 10)
                    .omitted(&["write"])
                    .returned("read", "nothing"),
            ),
    ]
}

fn parts() -> Vec<Case> {
    let numbers = |run: Run, first: i64, second: i64| run.argument("first", first).argument("second", second);
    let within =
        Run::fails().returned("good/check", 1).returned("behind-good", 1).failed_with("bad/check", 10);
    let within = reported_state(within, "good/told", "Succeeded", 1).omitted(&["behind-bad"]);
    vec![
        Case::new("exit-of-a-part", ExitOfAPart::definition)
            .run(
                reported_state(Run::succeeds().argument("value", 1), "told", "Succeeded", 2)
                    .returned("before", 2)
                    .returned("check", 2)
                    .returned("behind", 2)
                    .returned("beside", "beside"),
            )
            .run(
                reported_state(Run::fails().argument("value", 12), "told", "Failed", Value::Null)
                    .returned("before", 13)
                    .failed_with("check", 10)
                    .omitted(&["behind"])
                    .returned("beside", "beside"),
            ),
        Case::new("exits-in-a-row", ExitsInARow::definition)
            .run(
                reported_state(
                    reported_state(numbers(Run::succeeds(), 1, 2), "told-one", "Succeeded", 1),
                    "told-two",
                    "Succeeded",
                    3,
                )
                .returned("check-one", 1)
                .returned("sum", 3)
                .returned("check-two", 3),
            )
            .run(
                reported_state(numbers(Run::fails(), 13, 2), "told-one", "Failed", Value::Null)
                    .failed_with("check-one", 10)
                    .omitted(&["sum", "check-two", "told-two"]),
            )
            .run(
                reported_state(
                    reported_state(numbers(Run::fails(), 90, 9), "told-one", "Succeeded", 90),
                    "told-two",
                    "Failed",
                    Value::Null,
                )
                .returned("check-one", 90)
                .returned("sum", 99)
                .failed_with("check-two", 10),
            ),
        Case::new("exit-within-a-pipeline", ExitWithinAPipeline::definition)
            .run(
                reported_state(Run::succeeds().argument("value", 1), "called/told-once", "Succeeded", 1)
                    .returned("called/check-once", 1)
                    .returned("behind", 1),
            )
            .run(
                reported_state(Run::fails().argument("value", 2), "called/told-once", "Failed", Value::Null)
                    .failed_with("called/check-once", 10)
                    .omitted(&["behind"]),
            ),
        Case::new("exit-within-two-calls", ExitWithinTwoCalls::definition).run(reported_state(
            within,
            "bad/told",
            "Failed",
            Value::Null,
        )),
    ]
}

pub(super) fn cases() -> Vec<Case> {
    [whole(), whole_with_more_inside(), parts()].into_iter().flatten().collect()
}
