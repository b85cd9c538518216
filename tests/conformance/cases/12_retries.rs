//! Retries: which failures are retried, the number of attempts, and the delays between them.

use kfp_sdk::prelude::*;
use serde_json::json;
use tests::conformance::Run;

use crate::case::Case;
use crate::components::{
    Add, EchoInteger, Exits, Fail, FailBefore, Panics, PythonFail, PythonSucceedsAt, SucceedsAt, TimeIn,
    Waited, WriteText,
};

#[pipeline(name = "retry-third-try")]
fn retry_third_try(p: &Pipeline) {
    let count = p.add(SucceedsAt::new().attempt(3)).retry(Retry::times(5)).output;
    p.add(Add::new().a(count)).name("behind");
}

#[pipeline(name = "retry-python-third-try")]
fn retry_python_third_try(p: &Pipeline) {
    p.add(PythonSucceedsAt::new().attempt(3)).retry(Retry::times(2));
}

#[pipeline(name = "retry-until-time")]
fn retry_until_time(p: &Pipeline) {
    let time = p.add(TimeIn::new().milliseconds(1500)).output;
    let was_late = p.add(FailBefore::new().time(time)).retry(Retry::times(20).backoff("1s", 1.0)).output;
    p.when("late", was_late, |p| {
        p.add(WriteText::new().text("late")).name("behind");
    });
}

#[pipeline(name = "retry-exhausted")]
fn retry_exhausted(p: &Pipeline) {
    let failed = p.add(Fail::new().class("transient")).retry(Retry::times(2)).output;
    p.add(EchoInteger::new().value(failed)).name("behind");
}

#[pipeline(name = "retry-by-class")]
fn retry_by_class(p: &Pipeline) {
    for class in ["data", "permanent", "transient", "unknown"] {
        p.add(Fail::new().class(class)).name(class).retry(Retry::times(1));
    }
    p.add(Panics::new()).name("panic").retry(Retry::times(1));
    p.add(Exits::new().code(3)).name("exit-code").retry(Retry::times(1));
}

#[pipeline(name = "retry-python-by-class")]
fn retry_python_by_class(p: &Pipeline) {
    for class in ["data", "permanent", "transient", "unknown"] {
        p.add(PythonFail::new().class_name(class).message(text!("{class}")))
            .name(class)
            .retry(Retry::times(1));
    }
}

#[pipeline(name = "retry-zero-times")]
fn retry_zero_times(p: &Pipeline) {
    p.add(Fail::new().class("transient")).name("without");
    p.add(EchoInteger::new().value(1)).name("needless").retry(Retry::times(3));
}

#[pipeline(name = "retry-pauses-grow")]
fn retry_pauses_grow(p: &Pipeline) {
    let begun = p.add(TimeIn::new().milliseconds(0)).name("begun").output;
    let step = Waited::new().begun(begun).pauses([1000, 3000]);
    p.add(step).retry(Retry::times(3).backoff("1s", 3.0));
}

#[pipeline(name = "inner-to-retry")]
fn inner_to_retry(p: &Pipeline) -> Out<i64> {
    p.add(Fail::new().class("transient")).name("own").retry(Retry::times(2));
    p.add(SucceedsAt::new().attempt(2)).name("inherited").output
}

#[pipeline(name = "retry-of-a-pipeline")]
fn retry_of_a_pipeline(p: &Pipeline) {
    p.add(InnerToRetry::new()).name("inner").retry(Retry::times(1));
}

#[pipeline(name = "retry-in-a-loop")]
fn retry_in_a_loop(p: &Pipeline) -> Out<Vec<i64>> {
    p.parallel_for([1_i64, 2, 3])
        .each(|p, item| p.add(SucceedsAt::new().attempt(item)).retry(Retry::times(2)).output)
}

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new("retry-third-try", RetryThirdTry::definition)
            .run(Run::succeeds().returned("succeeds-at", 3).attempts("succeeds-at", 3).returned("behind", 4)),
        Case::new("retry-python-third-try", RetryPythonThirdTry::definition)
            .run(Run::succeeds().returned("python-succeeds-at", 3).attempts("python-succeeds-at", 3)),
        Case::new("retry-until-time", RetryUntilTime::definition).run(
            Run::succeeds().returned_anything("time-in").returned("fail-before", true).succeeded("behind"),
        ),
        Case::new("retry-exhausted", RetryExhausted::definition)
            .run(Run::fails().failed_with("fail", 75).attempts("fail", 3).omitted(&["behind"])),
        Case::new("retry-by-class", RetryByClass::definition).run(
            Run::fails()
                .failed_with("data", 10)
                .attempts("data", 1)
                .failed_with("permanent", 11)
                .attempts("permanent", 1)
                .failed_with("transient", 75)
                .attempts("transient", 2)
                .failed_with("unknown", 1)
                .attempts("unknown", 2)
                .failed_with("panic", 1)
                .attempts("panic", 2)
                .failed_with("exit-code", 3)
                .attempts("exit-code", 2),
        ),
        Case::new("retry-python-by-class", RetryPythonByClass::definition).run(
            Run::fails()
                .failed_with("data", 10)
                .attempts("data", 1)
                .failed_with("permanent", 11)
                .attempts("permanent", 1)
                .failed_with("transient", 75)
                .attempts("transient", 2)
                .failed_with("unknown", 1)
                .attempts("unknown", 2),
        ),
        Case::new("retry-zero-times", RetryZeroTimes::definition).run(
            Run::fails()
                .failed_with("without", 75)
                .attempts("without", 1)
                .returned("needless", 1)
                .attempts("needless", 1),
        ),
        Case::new("retry-pauses-grow", RetryPausesGrow::definition)
            .run(Run::succeeds().returned_anything("begun").returned("waited", true).attempts("waited", 3)),
        // A policy of the call applies to the steps that set no policy themselves.
        Case::new("retry-of-a-pipeline", RetryOfAPipeline::definition).run(
            Run::fails()
                .failed_with("inner/own", 75)
                .attempts("inner/own", 3)
                .returned("inner/inherited", 2)
                .attempts("inner/inherited", 2),
        ),
        Case::new("retry-in-a-loop", RetryInALoop::definition).run(
            Run::succeeds()
                .returned("0/succeeds-at", 1)
                .attempts("0/succeeds-at", 1)
                .returned("1/succeeds-at", 2)
                .attempts("1/succeeds-at", 2)
                .returned("2/succeeds-at", 3)
                .attempts("2/succeeds-at", 3)
                .output(json!([1, 2, 3])),
        ),
    ]
}
