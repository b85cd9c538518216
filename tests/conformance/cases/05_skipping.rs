//! What follows a skipped task: whoever needs it is skipped as well, whoever can do without it is not.

use kfp_sdk::prelude::*;
use serde_json::json;
use tests::conformance::Run;

use crate::case::Case;
use crate::components::{Add, EchoInteger, EchoOptional, EchoText, Sum};

#[pipeline(name = "optional-of-skipped")]
fn optional_of_skipped(p: &Pipeline, go: In<bool>) -> Out<Option<i64>> {
    let maybe = p.when("arm", go, |p| p.add(Add::new().a(1)).output).or_none();
    p.add(EchoOptional::new().value(maybe)).name("may-be-null");
    p.add(EchoInteger::new().value(maybe.or(-1))).name("has-fallback");
    maybe
}

#[pipeline(name = "skipped-within-arm")]
fn skipped_within_arm(p: &Pipeline, go: In<bool>) {
    p.when("arm", go, |p| {
        let first = p.add(Add::new().a(1)).name("first");
        let second = p.add(Add::new().a(first.output)).name("second");
        p.add(EchoText::new().value("third")).name("third").after(&second);
        p.parallel_for([1_i64, 2]).each(|p, item| {
            p.add(Add::new().a(item).b(first.output)).name("in-loop");
        });
    });
    p.add(EchoText::new().value("free")).name("free");
}

#[pipeline(name = "after-a-skipped-branch")]
fn after_a_skipped_branch(p: &Pipeline, go: In<bool>) {
    let arm = p.when("arm", go, |p| {
        p.add(EchoText::new().value("in")).name("in");
    });
    let late = p.add(EchoText::new().value("late")).name("late").after(&arm);
    p.add(EchoText::new().value("later")).name("later").after(&late);
    p.add(EchoText::new().value("free")).name("free");
}

#[pipeline(name = "countdown-to-skip")]
fn countdown_to_skip(p: &Pipeline, left: In<i64>) -> Out<i64> {
    let next = p.add(Add::new().a(left).b(-1)).name("next").output;
    let deeper =
        p.when("deeper", next.gt(0), |p| p.add(CountdownToSkip::new().left(next)).max_depth(2).output);
    deeper.otherwise(|_| next)
}

#[pipeline(name = "beyond-the-depth")]
fn beyond_the_depth(p: &Pipeline, left: In<i64>) {
    let result = p.add(CountdownToSkip::new().left(left)).name("count").output;
    p.add(EchoInteger::new().value(result)).name("needs-it");
}

#[pipeline(name = "chain-of-optionals")]
fn chain_of_optionals(p: &Pipeline, first: In<bool>, second: In<bool>) -> Out<i64> {
    let one = p.when("one", first, |p| p.add(Add::new().a(0)).name("make-one").output).or_none();
    let two = p
        .when("two", one.is_some() & second, |p| p.add(Add::new().a(one.or(0))).name("make-two").output)
        .or_none();
    p.add(Sum::new().numbers([one.or(100), two.or(200)])).output
}

#[pipeline(name = "loop-over-optional-list")]
fn loop_over_optional_list(p: &Pipeline, go: In<bool>) {
    let maybe = p.when("arm", go, |p| p.add(crate::components::Range::new().count(2)).output).or_none();
    p.parallel_for(maybe.or(vec![7_i64])).each(|p, item| {
        p.add(EchoInteger::new().value(item)).name("item");
    });
}

/// A run in which the pipeline calls itself, and each turn gives a number.
fn turns(left: i64, numbers: &[i64]) -> Run {
    let mut path = "count".to_owned();
    let mut run = Run::succeeds().argument("left", left);
    for number in numbers {
        run = run.gave(&format!("{path}/next"), *number);
        path.push_str("/countdown-to-skip");
    }
    run
}

pub(super) fn cases() -> Vec<Case> {
    let go = |go: bool| Run::succeeds().argument("go", go);
    let both =
        |first: bool, second: bool| Run::succeeds().argument("first", first).argument("second", second);
    vec![
        Case::new("optional-of-skipped", OptionalOfSkipped::definition)
            .run(go(true).gave("add", 2).gave("may-be-null", 2).gave("has-fallback", 2).output(2))
            .run(
                go(false)
                    .skipped(&["add"])
                    .gave("may-be-null", json!(null))
                    .gave("has-fallback", -1)
                    .output(json!(null)),
            ),
        Case::new("skipped-within-arm", SkippedWithinArm::definition)
            .run(
                go(true)
                    .gave("first", 2)
                    .gave("second", 3)
                    .gave("third", "third")
                    .gave("0/in-loop", 3)
                    .gave("1/in-loop", 4)
                    .gave("free", "free"),
            )
            .run(go(false).skipped(&["first", "second", "third", "in-loop"]).gave("free", "free")),
        Case::new("after-a-skipped-branch", AfterASkippedBranch::definition)
            .run(go(true).gave("in", "in").gave("late", "late").gave("later", "later").gave("free", "free"))
            .run(go(false).skipped(&["in", "late", "later"]).gave("free", "free")),
        Case::new("beyond-the-depth", BeyondTheDepth::definition)
            .run(turns(3, &[2, 1, 0]).gave("needs-it", 0))
            // The third call of itself is one too many: it is skipped, and so is what needs its value.
            .run(turns(4, &[3, 2, 1]).skipped(&["needs-it"])),
        Case::new("chain-of-optionals", ChainOfOptionals::definition)
            .run(both(true, true).gave("make-one", 1).gave("make-two", 2).gave("sum", 3).output(3))
            .run(both(true, false).gave("make-one", 1).skipped(&["make-two"]).gave("sum", 201).output(201))
            .run(both(false, true).skipped(&["make-one", "make-two"]).gave("sum", 300).output(300)),
        Case::new("loop-over-optional-list", LoopOverOptionalList::definition)
            .run(go(true).gave("range", json!([0, 1])).gave("0/item", 0).gave("1/item", 1))
            .run(go(false).skipped(&["range"]).gave("0/item", 7)),
    ]
}
