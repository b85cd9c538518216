//! Chains, diamonds, fans and several roots: tasks are ordered by data and by `after`.

use kfp_sdk::prelude::*;
use serde_json::json;
use tests::conformance::Run;

use crate::case::Case;
use crate::components::{Add, Double, DoubledOut, EchoText, FailIf, Sum, TellState};

#[pipeline(name = "single")]
fn single(p: &Pipeline) {
    p.add(Add::new().a(20).b(22));
}

#[pipeline(name = "chain")]
fn chain(p: &Pipeline, start: In<i64>) -> Out<i64> {
    let first = p.add(Add::new().a(start)).name("first").output;
    let second = p.add(Add::new().a(first)).name("second").output;
    p.add(Add::new().a(second).b(10)).name("third").output
}

#[pipeline(name = "diamond")]
fn diamond(p: &Pipeline, top: In<i64>) -> Out<i64> {
    let top = p.add(Double::new().value(top)).name("top");
    let left = p.add(Add::new().a(top.once).b(1)).name("left").output;
    let right = p.add(Add::new().a(top.twice).b(2)).name("right").output;
    p.add(Add::new().a(left).b(right)).name("bottom").output
}

#[pipeline(name = "wide-fan")]
fn wide_fan(p: &Pipeline) -> Out<i64> {
    let source = p.add(Add::new().a(0).b(0)).name("source").output;
    let fan: Vec<_> = (0..20)
        .map(|idx| p.add(Add::new().a(source).b(i64::from(idx))).name(&format!("fan-{idx}")).output)
        .collect();
    p.add(Sum::new().numbers(fan)).output
}

#[pipeline(name = "order-after-groups")]
fn order_after_groups(p: &Pipeline, bad: In<i64>) {
    let each = p.parallel_for([1_i64, 2]).name("each");
    let all = each.group();
    each.each(|p, item| {
        p.add(FailIf::new().value(item).bad(bad)).name("item");
    });
    p.add(EchoText::new().value("loop")).name("after-loop").after(&all);
    let branch = p.when("positive", bad.gt(0), |p| {
        p.add(EchoText::new().value("in")).name("in-branch");
    });
    p.add(EchoText::new().value("branch")).name("after-branch").after(&branch);
    let handler = p.exit_handler(|p| {
        p.add(EchoText::new().value("in")).name("in-group");
    });
    let group = handler.group();
    handler.finally(|p, status, ()| p.add(TellState::new().state(status.state())).name("told"));
    p.add(EchoText::new().value("group")).name("after-group").after(&group);
}

#[pipeline(name = "two-roots")]
fn two_roots(p: &Pipeline) {
    let one = p.add(Add::new().a(1)).name("one");
    p.add(Add::new().a(one.output)).name("one-more");
    p.add(EchoText::new().value("alone")).name("other");
}

#[pipeline(name = "order-without-data")]
fn order_without_data(p: &Pipeline) {
    let last = p.add(EchoText::new().value("last")).name("last");
    let first = p.add(EchoText::new().value("first")).name("first");
    let second = p.add(EchoText::new().value("second")).name("second").after(&first);
    last.after(&second).after(&first);
}

#[pipeline(name = "no-outputs-used")]
fn no_outputs_used(p: &Pipeline, value: In<i64>) -> Out<i64> {
    p.add(Double::new().value(value)).name("unused");
    value
}

#[pipeline(name = "several-outputs")]
fn several_outputs(p: &Pipeline, value: In<i64>) -> DoubledOut {
    let doubled = p.add(Double::new().value(value));
    DoubledOut { once: doubled.twice, twice: doubled.once }
}

/// Adds the expectations that do not depend on the bad number.
fn groups(run: Run, bad: i64) -> Run {
    run.argument("bad", bad)
        .returned("0/item", 1)
        .returned("in-group", "in")
        .returned_all("told", json!({"state": "Succeeded", "value": null}))
        .returned("after-group", "group")
}

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new("single", Single::definition).run(Run::succeeds().returned("add", 42)),
        Case::new("chain", Chain::definition).run(
            Run::succeeds()
                .argument("start", 5)
                .returned("first", 6)
                .returned("second", 7)
                .returned("third", 17)
                .output(17),
        ),
        Case::new("diamond", Diamond::definition).run(
            Run::succeeds()
                .argument("top", 3)
                .returned_all("top", json!({"once": 3, "twice": 6}))
                .returned("left", 4)
                .returned("right", 8)
                .returned("bottom", 12)
                .output(12),
        ),
        Case::new("wide-fan", WideFan::definition).run(
            // 0 + 1 + … + 19
            (0..20)
                .fold(Run::succeeds().returned("source", 0).returned("sum", 190).output(190), |run, idx| {
                    run.returned(&format!("fan-{idx}"), idx)
                }),
        ),
        Case::new("two-roots", TwoRoots::definition)
            .run(Run::succeeds().returned("one", 2).returned("one-more", 3).returned("other", "alone")),
        Case::new("order-without-data", OrderWithoutData::definition).run(
            Run::succeeds().returned("first", "first").returned("second", "second").returned("last", "last"),
        ),
        Case::new("order-after-groups", OrderAfterGroups::definition)
            .run(
                groups(Run::succeeds(), 13)
                    .returned("1/item", 2)
                    .returned("after-loop", "loop")
                    .returned("in-branch", "in")
                    .returned("after-branch", "branch"),
            )
            .run(
                groups(Run::fails(), 2)
                    .failed_with("1/item", 10)
                    .omitted(&["after-loop"])
                    .returned("in-branch", "in")
                    .returned("after-branch", "branch"),
            )
            .run(
                groups(Run::succeeds(), -1)
                    .returned("1/item", 2)
                    .returned("after-loop", "loop")
                    .skipped(&["in-branch", "after-branch"]),
            ),
        Case::new("no-outputs-used", NoOutputsUsed::definition).run(
            Run::succeeds()
                .argument("value", 8)
                .returned_all("unused", json!({"once": 8, "twice": 16}))
                .output(8),
        ),
        Case::new("several-outputs", SeveralOutputs::definition).run(
            Run::succeeds()
                .argument("value", -4)
                .returned_all("double", json!({"once": -4, "twice": -8}))
                .output_named("once", -8)
                .output_named("twice", -4),
        ),
    ]
}
