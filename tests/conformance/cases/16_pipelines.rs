//! Pipelines in pipelines: their inputs and outputs, and recursive pipelines.

use kfp_sdk::prelude::*;
use serde_json::json;
use tests::conformance::Run;

use crate::case::Case;
use crate::components::{Add, Double, DoubledOut, EchoInteger, EchoText, FailIf};

#[pipeline(name = "inner-most")]
fn inner_most(p: &Pipeline, value: In<i64>) -> DoubledOut {
    let doubled = p.add(Double::new().value(value));
    let more = p.add(Add::new().a(doubled.twice)).output;
    DoubledOut { once: doubled.once, twice: more }
}

#[pipeline(name = "middle")]
fn middle(p: &Pipeline, value: In<i64>, #[default("middle")] text: In<String>) -> Out<i64> {
    p.add(EchoText::new().value(text)).name("text");
    let inner = p.add(InnerMost::new().value(value)).name("inner");
    p.add(Add::new().a(inner.once).b(inner.twice)).name("sum").output
}

#[pipeline(name = "pipelines-two-levels")]
fn pipelines_two_levels(p: &Pipeline, value: In<i64>) -> Out<i64> {
    let result = p.add(Middle::new().value(value)).name("middle").output;
    p.add(Add::new().a(result)).name("outside").output
}

#[pipeline(name = "pipelines-in-a-row")]
fn pipelines_in_a_row(p: &Pipeline) -> Out<i64> {
    let first = p.add(InnerMost::new().value(1)).name("first");
    let second = p.add(InnerMost::new().value(first.twice)).name("second");
    p.add(EchoText::new().value("after")).name("after").after(&second);
    second.twice
}

#[pipeline(name = "inner-checked")]
fn inner_checked(p: &Pipeline, value: In<i64>) -> Out<i64> {
    let checked = p.add(FailIf::new().value(value).bad(13)).name("check").output;
    p.add(EchoText::new().value("independent")).name("independent");
    p.add(Add::new().a(checked)).name("inside").output
}

#[pipeline(name = "pipeline-that-fails")]
fn pipeline_that_fails(p: &Pipeline, value: In<i64>) {
    let called = p.add(InnerChecked::new().value(value)).name("called");
    p.add(EchoInteger::new().value(called.output)).name("behind");
    p.add(EchoText::new().value("after")).name("after").after(&called);
    p.add(EchoText::new().value("beside")).name("beside");
}

#[pipeline(name = "pipeline-in-a-branch")]
fn pipeline_in_a_branch(p: &Pipeline, go: In<bool>) -> Out<i64> {
    p.when("yes", go, |p| p.add(InnerMost::new().value(5)).name("called").twice).otherwise(|p| p.constant(0))
}

#[pipeline(name = "countdown")]
fn countdown(p: &Pipeline, left: In<i64>, #[default(0)] sum: In<i64>) -> Out<i64> {
    let sum = p.add(Add::new().a(sum).b(left)).name("sum").output;
    let next = p.add(Add::new().a(left).b(-1)).name("next").output;
    p.when("more", next.gt(0), |p| {
        p.add(Countdown::new().left(next).sum(sum)).name("again").max_depth(8).output.or(sum)
    })
    .otherwise(|_| sum)
}

#[pipeline(name = "recursion")]
fn recursion(p: &Pipeline, left: In<i64>) -> Out<i64> {
    let total = p.add(Countdown::new().left(left)).name("count").output;
    p.add(Add::new().a(total).b(1000)).name("behind").output
}

#[pipeline(name = "even-turn")]
fn even_turn(p: &Pipeline, left: In<i64>) {
    p.add(EchoText::new().value(text!("even {left}"))).name("text");
    let next = p.add(Add::new().a(left).b(-1)).name("next").output;
    p.when("odd-next", next.ge(0), |p| {
        p.add(OddTurn::new().left(next)).name("odd").max_depth(5);
    });
}

#[pipeline(name = "odd-turn")]
fn odd_turn(p: &Pipeline, left: In<i64>) {
    p.add(EchoText::new().value(text!("odd {left}"))).name("text");
    let next = p.add(Add::new().a(left).b(-1)).name("next").output;
    p.when("even-next", next.ge(0), |p| {
        p.add(EvenTurn::new().left(next)).name("even").max_depth(5);
    });
}

#[pipeline(name = "recursion-of-two")]
fn recursion_of_two(p: &Pipeline) {
    p.add(EvenTurn::new().left(2)).name("start");
}

#[pipeline(name = "function-as-a-part")]
fn function_as_a_part(p: &Pipeline) -> Out<i64> {
    // When it is called as a plain function, a pipeline adds its tasks to the caller.
    let parts = inner_most(p, p.constant(3));
    parts.twice
}

fn doubled(run: Run, path: &str, value: i64) -> Run {
    run.returned_all(&format!("{path}/double"), json!({"once": value, "twice": 2 * value}))
        .returned(&format!("{path}/add"), 2 * value + 1)
}

/// Expects a countdown in which every recursion level adds the remaining count.
fn counted(run: Run, left: i64, path: &str, before: i64) -> (Run, i64) {
    let sum = before + left;
    let run = run.returned(&format!("{path}/sum"), sum).returned(&format!("{path}/next"), left - 1);
    if left > 1 { counted(run, left - 1, &format!("{path}/again"), sum) } else { (run, sum) }
}

fn recursion_run(left: i64) -> Run {
    let (run, sum) = counted(Run::succeeds().argument("left", left), left, "count", 0);
    run.returned("behind", sum + 1000).output(sum + 1000)
}

pub(super) fn cases() -> Vec<Case> {
    let good = Run::succeeds().argument("value", 1).returned("called/check", 1).returned("called/inside", 2);
    let bad = Run::fails().argument("value", 13).failed_with("called/check", 10).omitted(&["called/inside"]);
    vec![
        // Twice 4 is 8, plus 1 is 9, plus 4 is 13.
        Case::new("pipelines-two-levels", PipelinesTwoLevels::definition).run(
            doubled(Run::succeeds().argument("value", 4), "middle/inner", 4)
                .returned("middle/text", "middle")
                .returned("middle/sum", 13)
                .returned("outside", 14)
                .output(14),
        ),
        Case::new("pipelines-in-a-row", PipelinesInARow::definition).run(
            doubled(doubled(Run::succeeds(), "first", 1), "second", 3).returned("after", "after").output(7),
        ),
        Case::new("pipeline-that-fails", PipelineThatFails::definition)
            .run(
                good.returned("called/independent", "independent")
                    .returned("behind", 2)
                    .returned("after", "after")
                    .returned("beside", "beside"),
            )
            .run(
                bad.returned("called/independent", "independent")
                    .omitted(&["behind", "after"])
                    .returned("beside", "beside"),
            ),
        Case::new("pipeline-in-a-branch", PipelineInABranch::definition)
            .run(doubled(Run::succeeds().argument("go", true), "called", 5).output(11))
            .run(Run::succeeds().argument("go", false).output(0)),
        Case::new("recursion", Recursion::definition)
            .run(recursion_run(1))
            .run(recursion_run(2))
            .run(recursion_run(6)),
        Case::new("recursion-of-two", RecursionOfTwo::definition).run(
            Run::succeeds()
                .returned("start/text", "even 2")
                .returned("start/next", 1)
                .returned("start/odd/text", "odd 1")
                .returned("start/odd/next", 0)
                .returned("start/odd/even/text", "even 0")
                .returned("start/odd/even/next", -1),
        ),
        Case::new("function-as-a-part", FunctionAsAPart::definition).run(
            Run::succeeds()
                .returned_all("double", json!({"once": 3, "twice": 6}))
                .returned("add", 7)
                .output(7),
        ),
    ]
}
