//! Branches: which arm runs, and which values conditions can use.

use kfp_sdk::prelude::*;
use tests::conformance::Run;

use crate::case::Case;
use crate::components::{Add, EchoFloat, EchoInteger, EchoOptional, EchoText, EchoTrial, IsEven, Trial};

fn say(p: &Pipeline, text: &str) {
    p.add(EchoText::new().value(text)).name(text);
}

#[pipeline(name = "when")]
fn when(p: &Pipeline, go: In<bool>) {
    p.when("taken", go, |p| say(p, "in"));
    say(p, "beside");
}

#[pipeline(name = "when-elif-otherwise")]
fn when_elif_otherwise(p: &Pipeline, rows: In<i64>) -> Out<String> {
    p.when("big", rows.gt(1000), |p| p.add(EchoText::new().value("big")).name("big-step").output)
        .elif("medium", rows.gt(10), |p| p.add(EchoText::new().value("medium")).name("medium-step").output)
        .otherwise(|p| p.add(EchoText::new().value("small")).name("small-step").output)
}

#[pipeline(name = "elif-without-otherwise")]
fn elif_without_otherwise(p: &Pipeline, rows: In<i64>) {
    p.when("first", rows.eq(1), |p| say(p, "one")).elif("second", rows.eq(2), |p| say(p, "two"));
}

#[pipeline(name = "nested-branches")]
fn nested_branches(p: &Pipeline, outer: In<bool>, inner: In<bool>) {
    p.when("outer", outer, |p| {
        say(p, "outer-yes");
        p.when("inner", inner, |p| say(p, "inner-yes")).otherwise(|p| say(p, "inner-no"));
    })
    .otherwise(|p| {
        p.when("other-inner", inner, |p| say(p, "other-inner-yes"));
    });
}

#[pipeline(name = "conditions-combined")]
fn conditions_combined(p: &Pipeline, a: In<bool>, b: In<bool>) {
    p.when("and", a & b, |p| say(p, "both"));
    p.when("or", a | b, |p| say(p, "either"));
    p.when("not", !a, |p| say(p, "not-a"));
    p.when("mixed", !(a & b) & (a | b), |p| say(p, "exactly-one"));
}

#[pipeline(name = "conditions-on-outputs")]
fn conditions_on_outputs(p: &Pipeline, start: In<i64>) {
    let sum = p.add(Add::new().a(start)).output;
    let even = p.add(IsEven::new().value(sum)).output;
    p.when("has-even", even, |p| {
        p.add(EchoInteger::new().value(sum)).name("even-sum");
    })
    .otherwise(|p| {
        p.add(Add::new().a(sum)).name("made-even");
    });
    p.when("is-large", sum.ge(100) & !even, |p| say(p, "large-and-odd"));
}

#[pipeline(name = "conditions-on-fields")]
fn conditions_on_fields(p: &Pipeline, trial: In<Trial>) {
    p.when("fast-argument", trial.rate().gt(0.5), |p| say(p, "fast-argument"));
    let echoed = p.add(EchoTrial::new().value(trial)).output;
    p.when("fast-output", echoed.rate().gt(0.5), |p| say(p, "fast-output"));
    p.when("named", echoed.name().eq("best") & echoed.note().is_some(), |p| say(p, "best-with-note"));
}

#[pipeline(name = "conditions-on-items")]
fn conditions_on_items(p: &Pipeline, wanted: In<i64>) {
    p.parallel_for([1_i64, 2, 3]).each(|p, item| {
        p.when("wanted", item.eq(wanted), |p| say(p, "wanted"));
        p.when("below", item.lt(wanted), |p| say(p, "below"));
    });
}

#[pipeline(name = "comparisons-of-integers")]
fn comparisons_of_integers(p: &Pipeline, number: In<i64>) {
    // As float64, this number and the one below it are equal.
    let large = 9_007_199_254_740_993_i64;
    p.when("c-equal", number.eq(large), |p| say(p, "equal"));
    p.when("c-not-equal", number.ne(large), |p| say(p, "not-equal"));
    p.when("c-less", number.lt(large), |p| say(p, "less"));
    p.when("c-less-or-equal", number.le(large), |p| say(p, "less-or-equal"));
    p.when("c-greater", number.gt(large), |p| say(p, "greater"));
    p.when("c-greater-or-equal", number.ge(large), |p| say(p, "greater-or-equal"));
    let echoed = p.add(EchoInteger::new().value(large - 1)).output;
    p.when("c-outputs", number.gt(echoed), |p| say(p, "above-output"));
}

#[pipeline(name = "comparisons-of-floats")]
fn comparisons_of_floats(p: &Pipeline, number: In<f64>, whole: In<i64>) {
    let echoed = p.add(EchoFloat::new().value(number)).output;
    p.when("c-sum", echoed.eq(0.1 + 0.2), |p| say(p, "sum"));
    p.when("c-tenths", echoed.eq(0.3), |p| say(p, "tenths"));
    p.when("c-whole", echoed.gt(whole), |p| say(p, "above-whole"));
    p.when("c-whole-float", whole.lt(0.5), |p| say(p, "whole-below-half"));
    p.when("c-zero", echoed.eq(0.0), |p| say(p, "zero"));
}

#[pipeline(name = "comparisons-of-optionals")]
fn comparisons_of_optionals(p: &Pipeline, number: In<Option<i64>>) {
    let echoed = p.add(EchoOptional::new().value(number)).output;
    p.when("c-some", echoed.is_some(), |p| say(p, "some"));
    p.when("c-none", echoed.is_none(), |p| say(p, "none"));
    p.when("c-zero", echoed.or(0).eq(0), |p| say(p, "zero-or-none"));
    p.when("c-both", echoed.is_some() & echoed.or(-1).gt(3), |p| say(p, "above-three"));
}

#[pipeline(name = "branch-after-a-task")]
fn branch_after_a_task(p: &Pipeline, go: In<bool>) {
    let before = p.add(EchoText::new().value("before")).name("before");
    p.when("late", go, |p| say(p, "late-step")).after(&before);
}

/// Expects the steps in `ran` to return their names, and those in `skipped` to be skipped.
fn ran(run: Run, ran: &[&str], skipped: &[&str]) -> Run {
    ran.iter().fold(run, |run, name| run.returned(name, *name)).skipped(skipped)
}

fn plain() -> Vec<Case> {
    let rows = |rows: i64| Run::succeeds().argument("rows", rows);
    let two = |outer: bool, inner: bool| Run::succeeds().argument("outer", outer).argument("inner", inner);
    let pair = |a: bool, b: bool| Run::succeeds().argument("a", a).argument("b", b);
    vec![
        Case::new("when", When::definition)
            .run(ran(Run::succeeds().argument("go", true), &["in", "beside"], &[]))
            .run(ran(Run::succeeds().argument("go", false), &["beside"], &["in"])),
        Case::new("when-elif-otherwise", WhenElifOtherwise::definition)
            .run(rows(5000).returned("big-step", "big").skipped(&["medium-step", "small-step"]).output("big"))
            .run(
                rows(1000)
                    .returned("medium-step", "medium")
                    .skipped(&["big-step", "small-step"])
                    .output("medium"),
            )
            .run(
                rows(10)
                    .returned("small-step", "small")
                    .skipped(&["big-step", "medium-step"])
                    .output("small"),
            ),
        Case::new("elif-without-otherwise", ElifWithoutOtherwise::definition)
            .run(ran(rows(1), &["one"], &["two"]))
            .run(ran(rows(2), &["two"], &["one"]))
            .run(ran(rows(3), &[], &["one", "two"])),
        Case::new("nested-branches", NestedBranches::definition)
            .run(ran(two(true, true), &["outer-yes", "inner-yes"], &["inner-no", "other-inner-yes"]))
            .run(ran(two(true, false), &["outer-yes", "inner-no"], &["inner-yes", "other-inner-yes"]))
            .run(ran(two(false, true), &["other-inner-yes"], &["outer-yes", "inner-yes", "inner-no"]))
            .run(ran(two(false, false), &[], &["outer-yes", "inner-yes", "inner-no", "other-inner-yes"])),
        Case::new("conditions-combined", ConditionsCombined::definition)
            .run(ran(pair(true, true), &["both", "either"], &["not-a", "exactly-one"]))
            .run(ran(pair(true, false), &["either", "exactly-one"], &["both", "not-a"]))
            .run(ran(pair(false, true), &["either", "not-a", "exactly-one"], &["both"]))
            .run(ran(pair(false, false), &["not-a"], &["both", "either", "exactly-one"])),
        Case::new("branch-after-a-task", BranchAfterATask::definition)
            .run(
                ran(Run::succeeds().argument("go", true), &["before"], &[])
                    .returned("late-step", "late-step"),
            )
            .run(ran(Run::succeeds().argument("go", false), &["before"], &["late-step"])),
    ]
}

fn on_values() -> Vec<Case> {
    let start = |start: i64| Run::succeeds().argument("start", start).returned("add", start + 1);
    let trial = |rate: f64, name: &str, note: Option<&str>| {
        let trial = serde_json::json!({"rate": rate, "size": 1, "name": name, "note": note});
        Run::succeeds().argument("trial", trial.clone()).returned("echo-trial", trial)
    };
    vec![
        Case::new("conditions-on-outputs", ConditionsOnOutputs::definition)
            .run(
                start(1)
                    .returned("is-even", true)
                    .returned("even-sum", 2)
                    .skipped(&["made-even", "large-and-odd"]),
            )
            .run(
                start(2)
                    .returned("is-even", false)
                    .returned("made-even", 4)
                    .skipped(&["even-sum", "large-and-odd"]),
            )
            .run(ran(
                start(100).returned("is-even", false).returned("made-even", 102),
                &["large-and-odd"],
                &["even-sum"],
            )),
        Case::new("conditions-on-fields", ConditionsOnFields::definition)
            .run(ran(
                trial(0.75, "best", Some("n")),
                &["fast-argument", "fast-output", "best-with-note"],
                &[],
            ))
            .run(ran(trial(0.5, "best", None), &[], &["fast-argument", "fast-output", "best-with-note"])),
        Case::new("conditions-on-items", ConditionsOnItems::definition).run(
            Run::succeeds()
                .argument("wanted", 2)
                .returned("0/below", "below")
                .returned("1/wanted", "wanted")
                .skipped(&["0/wanted", "1/below", "2/wanted", "2/below"]),
        ),
    ]
}

fn comparisons() -> Vec<Case> {
    let large = 9_007_199_254_740_993_i64;
    let integer =
        |number: i64| Run::succeeds().argument("number", number).returned("echo-integer", large - 1);
    let float = |number: f64, whole: i64| {
        Run::succeeds().argument("number", number).argument("whole", whole).returned("echo-float", number)
    };
    let optional =
        |number: Option<i64>| Run::succeeds().argument("number", number).returned("echo-optional", number);
    vec![
        Case::new("comparisons-of-integers", ComparisonsOfIntegers::definition)
            .run(ran(
                integer(large),
                &["equal", "less-or-equal", "greater-or-equal", "above-output"],
                &["not-equal", "less", "greater"],
            ))
            .run(ran(
                integer(large - 1),
                &["not-equal", "less", "less-or-equal"],
                &["equal", "greater", "greater-or-equal", "above-output"],
            ))
            .run(ran(
                integer(large + 1),
                &["not-equal", "greater", "greater-or-equal", "above-output"],
                &["equal", "less", "less-or-equal"],
            )),
        Case::new("comparisons-of-floats", ComparisonsOfFloats::definition)
            .run(ran(float(0.1 + 0.2, 0), &["sum", "above-whole", "whole-below-half"], &["tenths", "zero"]))
            .run(ran(float(0.3, 1), &["tenths"], &["sum", "above-whole", "whole-below-half", "zero"]))
            .run(ran(float(-0.0, 0), &["zero", "whole-below-half"], &["sum", "tenths", "above-whole"])),
        Case::new("comparisons-of-optionals", ComparisonsOfOptionals::definition)
            .run(ran(optional(None), &["none", "zero-or-none"], &["some", "above-three"]))
            .run(ran(optional(Some(0)), &["some", "zero-or-none"], &["none", "above-three"]))
            .run(ran(optional(Some(4)), &["some", "above-three"], &["none", "zero-or-none"])),
    ]
}

pub(super) fn cases() -> Vec<Case> {
    [plain(), on_values(), comparisons()].into_iter().flatten().collect()
}
