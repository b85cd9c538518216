//! Tasks after which others go on although they fail, with outputs that are options, and fallbacks for values that
//! a failure has left missing.

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
    // The iteration has failed although it went on, and so has the loop.
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
    let good = || value(Run::succeeds(), 1).gave("check", 1);
    let bad = || value(Run::fails(), 13).failed_with("check", 10);
    vec![
        Case::new("continue-with-options", ContinueWithOptions::definition)
            .run(
                good()
                    .gave("option", 1)
                    .gave("fallback", 1)
                    .gave("after", "after")
                    .gave("there", "there")
                    .skipped(&["missing"])
                    .gave("which", "there"),
            )
            // The failed task still fails the run.
            .run(
                bad()
                    .gave("option", json!(null))
                    .gave("fallback", -1)
                    .gave("after", "after")
                    .skipped(&["there"])
                    .gave("missing", "missing")
                    .gave("which", "missing"),
            ),
        Case::new("continue-in-a-row", ContinueInARow::definition)
            .run(value(Run::succeeds(), 1).gave("first", 1).gave("second", 1).gave("third", 1))
            .run(
                value(Run::fails(), 13)
                    .failed_with("first", 10)
                    .failed_with("second", 10)
                    .gave("third", json!(null)),
            ),
        // What did not run has not failed.
        Case::new("continue-behind-a-failure", ContinueBehindAFailure::definition)
            .run(value(Run::succeeds(), 1).gave("first", 1).gave("second", 2).gave("third", 2))
            .run(value(Run::fails(), 13).failed_with("first", 10).omitted(&["second", "third"])),
        Case::new("continue-after-a-pipeline", ContinueAfterAPipeline::definition)
            .run(value(Run::succeeds(), 1).gave("inner/check", 1).gave("inner/behind", 2).gave("option", 2))
            .run(
                value(Run::fails(), 13)
                    .failed_with("inner/check", 10)
                    .omitted(&["inner/behind"])
                    .gave("option", json!(null)),
            ),
        Case::new("continue-after-retries", ContinueAfterRetries::definition)
            .run(Run::fails().failed_with("fail", 75).tried("fail", 2).gave("after", 5)),
        Case::new("continue-before-an-exit", ContinueBeforeAnExit::definition)
            .run(good().gave("after", 1).gave_all("told", json!({"state": "Succeeded", "value": 1})))
            .run(
                bad().gave("after", json!(null)).gave_all("told", json!({"state": "Failed", "value": null})),
            ),
    ]
}

fn cases_of_regions_and_values() -> Vec<Case> {
    let value = |run: Run, value: i64| run.argument("value", value);
    let good = || value(Run::succeeds(), 1).gave("check", 1);
    let bad = || value(Run::fails(), 13).failed_with("check", 10);
    let trial = |size: i64| json!({"rate": 0.5, "size": size, "name": "built", "note": null});
    vec![
        Case::new("continue-in-a-loop", ContinueInALoop::definition).run(
            Run::fails()
                .gave("0/check", 12)
                .gave("0/after", 12)
                .failed_with("1/check", 10)
                .gave("1/after", json!(null))
                .omitted(&["behind"]),
        ),
        Case::new("continue-into-a-loop", ContinueIntoALoop::definition)
            .run(good().gave("0/option", 1).gave("1/option", 1).gave("0/sum", 2).gave("1/sum", 3))
            .run(
                bad()
                    .gave("0/option", json!(null))
                    .gave("1/option", json!(null))
                    .gave("0/sum", 11)
                    .gave("1/sum", 12),
            ),
        Case::new("continue-with-artifacts", ContinueWithArtifacts::definition)
            .run(
                Run::succeeds()
                    .argument("rate", 0.5)
                    .did("write-text")
                    .gave_all("score", json!({"accuracy": 0.5, "rows": 4}))
                    .gave("model", "data 0.5 1")
                    .gave("accuracy", 0.5)
                    .gave("rows", 4),
            )
            .run(
                Run::fails()
                    .argument("rate", -1.0)
                    .did("write-text")
                    .failed_with("score", 10)
                    .gave("model", "nothing")
                    .gave("accuracy", -0.5)
                    .gave("rows", json!(null)),
            ),
        Case::new("ignore-with-fallback", IgnoreWithFallback::definition)
            .run(
                good()
                    .gave("number", 2)
                    .gave("text", "got 1")
                    .gave("struct", trial(1))
                    .gave("list", 2)
                    .gave("called/add", 2),
            )
            .run(
                bad()
                    .gave("number", 101)
                    .gave("text", "got 200")
                    .gave("struct", trial(300))
                    .gave("list", 600)
                    .gave("called/add", 501),
            ),
    ]
}

pub(super) fn cases() -> Vec<Case> {
    [cases_of_continuing(), cases_of_regions_and_values()].into_iter().flatten().collect()
}
