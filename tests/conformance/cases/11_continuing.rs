//! Tasks that fail without stopping the tasks after them: their outputs become options, and missing values get
//! fallbacks.

use kfp_sdk::prelude::*;
use serde_json::json;
use tests::conformance::Run;

use crate::case::Case;
use crate::components::{
    Add, EchoFloat, EchoInteger, EchoOptional, EchoText, EchoTrial, Fail, FailIf, ReadOptional, Score, Sum,
    TellState, Trial, WriteText,
};

#[pipeline(name = "continue-with-options")]
fn continue_with_options(p: &Pipeline, value: In<i64>) {
    let checked = p.add(FailIf::new().value(value).bad(13)).name("check").continue_on_failure();
    p.add(EchoOptional::new().value(checked.output)).name("option");
    p.add(EchoInteger::new().value(checked.output.or(-1))).name("fallback");
    p.add(EchoText::new().value("after")).name("after").after(&checked);
    let which = p
        .when("present", checked.output.is_some(), |p| {
            p.add(EchoText::new().value("there")).name("there").output
        })
        .otherwise(|p| p.add(EchoText::new().value("missing")).name("missing").output);
    p.add(EchoText::new().value(which)).name("which");
}

#[pipeline(name = "continue-in-a-row")]
fn continue_in_a_row(p: &Pipeline, value: In<i64>) {
    let first = p.add(FailIf::new().value(value).bad(13)).name("first").continue_on_failure().output;
    let second = p.add(FailIf::new().value(first.or(14)).bad(14)).name("second").continue_on_failure().output;
    p.add(EchoOptional::new().value(second)).name("third");
}

#[pipeline(name = "continue-behind-a-failure")]
fn continue_behind_a_failure(p: &Pipeline, value: In<i64>) {
    let first = p.add(FailIf::new().value(value).bad(13)).name("first").output;
    let second = p.add(Add::new().a(first)).name("second").continue_on_failure().output;
    p.add(EchoOptional::new().value(second)).name("third");
}

#[pipeline(name = "inner-that-may-fail")]
fn inner_that_may_fail(p: &Pipeline, value: In<i64>) -> Out<i64> {
    let checked = p.add(FailIf::new().value(value).bad(13)).name("check").output;
    p.add(Add::new().a(checked)).name("behind").output
}

#[pipeline(name = "continue-after-a-pipeline")]
fn continue_after_a_pipeline(p: &Pipeline, value: In<i64>) {
    let inner = p.add(InnerThatMayFail::new().value(value)).name("inner").continue_on_failure().output;
    p.add(EchoOptional::new().value(inner)).name("option");
}

#[pipeline(name = "continue-in-a-loop")]
fn continue_in_a_loop(p: &Pipeline) {
    let all = p.parallel_for([12_i64, 13]).each(|p, item| {
        let checked = p.add(FailIf::new().value(item).bad(13)).name("check").continue_on_failure().output;
        p.add(EchoOptional::new().value(checked)).name("after");
        checked
    });
    // Although it continued, the iteration has failed, and so has the loop.
    p.add(crate::components::EchoOptionals::new().value(all)).name("behind");
}

#[pipeline(name = "continue-into-a-loop")]
fn continue_into_a_loop(p: &Pipeline, value: In<i64>) {
    let checked = p.add(FailIf::new().value(value).bad(13)).name("check").continue_on_failure().output;
    p.parallel_for([1_i64, 2]).each(|p, item| {
        p.add(EchoOptional::new().value(checked)).name("option");
        p.add(Add::new().a(item).b(checked.or(10))).name("sum");
    });
}

#[pipeline(name = "continue-with-artifacts")]
fn continue_with_artifacts(p: &Pipeline, rate: In<f64>) {
    let data = p.add(WriteText::new().text("data")).file;
    let scored = p.add(Score::new().data(data).rate(rate)).name("score").continue_on_failure();
    p.add(ReadOptional::new().file(scored.model)).name("model");
    p.add(EchoFloat::new().value(scored.accuracy.or(-0.5))).name("accuracy");
    p.add(EchoOptional::new().value(scored.rows)).name("rows");
}

#[pipeline(name = "continue-after-retries")]
fn continue_after_retries(p: &Pipeline) {
    let failed =
        p.add(Fail::new().class("transient")).name("fail").retry(Retry::times(1)).continue_on_failure();
    p.add(EchoInteger::new().value(failed.output.or(5))).name("after");
}

#[pipeline(name = "continue-before-an-exit")]
fn continue_before_an_exit(p: &Pipeline, value: In<i64>) {
    p.exit_handler(|p| {
        let checked = p.add(FailIf::new().value(value).bad(13)).name("check").continue_on_failure().output;
        p.add(EchoOptional::new().value(checked)).name("after");
        checked
    })
    .finally(|p, status, value| p.add(TellState::new().state(status.state()).value(value)).name("told"));
}

#[pipeline(name = "call-add")]
fn call_add(p: &Pipeline, value: In<i64>) -> Out<i64> {
    p.add(Add::new().a(value)).name("add").output
}

#[pipeline(name = "ignore-with-fallback")]
fn ignore_with_fallback(p: &Pipeline, value: In<i64>) {
    let checked = p.add(FailIf::new().value(value).bad(13)).name("check").output;
    p.add(Add::new().a(checked.or(100))).name("number").ignore_upstream_failure();
    let known = checked.or(200);
    p.add(EchoText::new().value(text!("got {known}"))).name("text").ignore_upstream_failure();
    p.add(EchoTrial::new().value(Trial::of(0.5, checked.or(300), "built", None)))
        .name("struct")
        .ignore_upstream_failure();
    p.add(Sum::new().numbers([checked.or(400), known])).name("list").ignore_upstream_failure();
    p.add(CallAdd::new().value(checked.or(500))).name("called").ignore_upstream_failure();
}

fn cases_of_continuing() -> Vec<Case> {
    let value = |run: Run, value: i64| run.argument("value", value);
    let good = || value(Run::succeeds(), 1).returned("check", 1);
    let bad = || value(Run::fails(), 13).failed_with("check", 10);
    vec![
        Case::new("continue-with-options", ContinueWithOptions::definition)
            .run(
                good()
                    .returned("option", 1)
                    .returned("fallback", 1)
                    .returned("after", "after")
                    .returned("there", "there")
                    .skipped(&["missing"])
                    .returned("which", "there"),
            )
            // The failed task still fails the run.
            .run(
                bad()
                    .returned("option", json!(null))
                    .returned("fallback", -1)
                    .returned("after", "after")
                    .skipped(&["there"])
                    .returned("missing", "missing")
                    .returned("which", "missing"),
            ),
        Case::new("continue-in-a-row", ContinueInARow::definition)
            .run(value(Run::succeeds(), 1).returned("first", 1).returned("second", 1).returned("third", 1))
            .run(
                value(Run::fails(), 13)
                    .failed_with("first", 10)
                    .failed_with("second", 10)
                    .returned("third", json!(null)),
            ),
        // A step that did not run has not failed.
        Case::new("continue-behind-a-failure", ContinueBehindAFailure::definition)
            .run(value(Run::succeeds(), 1).returned("first", 1).returned("second", 2).returned("third", 2))
            .run(value(Run::fails(), 13).failed_with("first", 10).omitted(&["second", "third"])),
        Case::new("continue-after-a-pipeline", ContinueAfterAPipeline::definition)
            .run(
                value(Run::succeeds(), 1)
                    .returned("inner/check", 1)
                    .returned("inner/behind", 2)
                    .returned("option", 2),
            )
            .run(
                value(Run::fails(), 13)
                    .failed_with("inner/check", 10)
                    .omitted(&["inner/behind"])
                    .returned("option", json!(null)),
            ),
        Case::new("continue-after-retries", ContinueAfterRetries::definition)
            .run(Run::fails().failed_with("fail", 75).attempts("fail", 2).returned("after", 5)),
        Case::new("continue-before-an-exit", ContinueBeforeAnExit::definition)
            .run(good().returned("after", 1).returned_all("told", json!({"state": "Succeeded", "value": 1})))
            .run(
                bad()
                    .returned("after", json!(null))
                    .returned_all("told", json!({"state": "Failed", "value": null})),
            ),
    ]
}

fn cases_of_regions_and_values() -> Vec<Case> {
    let value = |run: Run, value: i64| run.argument("value", value);
    let good = || value(Run::succeeds(), 1).returned("check", 1);
    let bad = || value(Run::fails(), 13).failed_with("check", 10);
    let trial = |size: i64| json!({"rate": 0.5, "size": size, "name": "built", "note": null});
    vec![
        Case::new("continue-in-a-loop", ContinueInALoop::definition).run(
            Run::fails()
                .returned("0/check", 12)
                .returned("0/after", 12)
                .failed_with("1/check", 10)
                .returned("1/after", json!(null))
                .omitted(&["behind"]),
        ),
        Case::new("continue-into-a-loop", ContinueIntoALoop::definition)
            .run(
                good()
                    .returned("0/option", 1)
                    .returned("1/option", 1)
                    .returned("0/sum", 2)
                    .returned("1/sum", 3),
            )
            .run(
                bad()
                    .returned("0/option", json!(null))
                    .returned("1/option", json!(null))
                    .returned("0/sum", 11)
                    .returned("1/sum", 12),
            ),
        Case::new("continue-with-artifacts", ContinueWithArtifacts::definition)
            .run(
                Run::succeeds()
                    .argument("rate", 0.5)
                    .succeeded("write-text")
                    .returned_all("score", json!({"accuracy": 0.5, "rows": 4}))
                    .returned("model", "data 0.5 1")
                    .returned("accuracy", 0.5)
                    .returned("rows", 4),
            )
            .run(
                Run::fails()
                    .argument("rate", -1.0)
                    .succeeded("write-text")
                    .failed_with("score", 10)
                    .returned("model", "nothing")
                    .returned("accuracy", -0.5)
                    .returned("rows", json!(null)),
            ),
        Case::new("ignore-with-fallback", IgnoreWithFallback::definition)
            .run(
                good()
                    .returned("number", 2)
                    .returned("text", "got 1")
                    .returned("struct", trial(1))
                    .returned("list", 2)
                    .returned("called/add", 2),
            )
            .run(
                bad()
                    .returned("number", 101)
                    .returned("text", "got 200")
                    .returned("struct", trial(300))
                    .returned("list", 600)
                    .returned("called/add", 501),
            ),
    ]
}

pub(super) fn cases() -> Vec<Case> {
    [cases_of_continuing(), cases_of_regions_and_values()].into_iter().flatten().collect()
}
