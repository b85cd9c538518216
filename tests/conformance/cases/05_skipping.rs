//! What follows a skipped task: tasks that need its output are skipped as well, others run.

use kfp_sdk::prelude::*;
use serde_json::json;
use tests::conformance::Run;

use crate::case::Case;
use crate::components::{
    AbsentOut, Add, EchoInteger, EchoOptional, EchoText, EchoTrial, FailIf, ReturnNothing, Sum, Trial,
};

#[pipeline(name = "optional-of-skipped")]
fn optional_of_skipped(p: &Pipeline, go: In<bool>) -> Out<Option<i64>> {
    let maybe = p.when("arm", go, |p| p.add(Add::new().a(1)).output).or_none();
    p.add(EchoOptional::new().value(maybe)).name("may-be-null");
    p.add(EchoInteger::new().value(maybe.or(-1))).name("has-fallback");
    maybe
}

#[pipeline(name = "absent-outputs")]
fn absent_outputs(p: &Pipeline, go: In<bool>) -> AbsentOut {
    let arm = p.when("arm", go, |p| p.add(Add::new().a(1)).name("inside").output);
    let late = p.add(EchoText::new().value("late")).name("late").after(&arm).output.or_none();
    let called = p.add(OptionalOfSkipped::new().go(go)).name("called").output;
    let none = p.add(ReturnNothing::new()).name("none").none;
    AbsentOut { branch: arm.or_none(), called, late, none }
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
    let deeper = p.when("deeper", next.gt(0), |p| {
        p.add(CountdownToSkip::new().left(next)).max_depth(2).output.or(-100)
    });
    deeper.otherwise(|_| next)
}

#[pipeline(name = "rest-after-the-depth")]
fn rest_after_the_depth(p: &Pipeline, left: In<i64>) -> Out<i64> {
    let next = p.add(Add::new().a(left).b(-1)).name("next").output;
    p.when("deeper", next.gt(0), |p| {
        let rest = p.add(RestAfterTheDepth::new().left(next)).max_depth(2).output;
        p.add(EchoOptional::new().value(rest)).name("rest");
        p.add(Sum::new().numbers([next, rest.or(-100)])).output
    })
    .otherwise(|_| next)
}

#[pipeline(name = "lists-of-what-may-be-skipped")]
fn lists_of_what_may_be_skipped(p: &Pipeline, wanted: In<i64>) -> Out<Vec<Option<i64>>> {
    let (maybe, or_zero) = p.parallel_for([1_i64, 2]).each(|p, item| {
        let branch = p.when("wanted", item.eq(wanted), |p| {
            p.add(Add::new().a(0)).name("inside");
        });
        let late = p.add(Add::new().a(item)).name("late").after(&branch).output;
        (late.or_none(), late.or(0))
    });
    p.add(Sum::new().numbers(or_zero));
    maybe
}

#[pipeline(name = "values-of-what-may-be-skipped")]
fn values_of_what_may_be_skipped(p: &Pipeline, go: In<bool>) -> Out<i64> {
    let branch = p.when("arm", go, |p| {
        p.add(Add::new().a(0)).name("inside");
    });
    let trial =
        p.add(EchoTrial::new().value(Trial::of(0.5, 7, "t", "n"))).name("trial").after(&branch).output;
    // A field of an absent value is absent as well, and so is a list that contains it.
    p.add(EchoText::new().value(trial.note().or("none"))).name("note");
    p.add(EchoOptional::new().value(trial.size())).name("size");
    p.add(Sum::new().numbers([trial.size()])).name("needs-it");
    // A branch is skipped if the arm that runs returns an absent value.
    let kept = p.when("kept", go, |_| trial.size()).otherwise(|p| p.constant(-1));
    kept.or(-2)
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

#[pipeline(name = "branch-on-a-late-value")]
fn branch_on_a_late_value(p: &Pipeline, go: In<bool>) -> Out<i64> {
    let branch = p.when("two", go, |p| {
        p.add(Add::new().a(0)).name("inside");
    });
    let five = p.add(Add::new().a(5)).name("late").after(&branch).output;
    let maybe = p.when("there", five.gt(0), |p| p.add(Add::new().a(five)).output).or_none();
    p.add(Add::new().a(maybe.or(70))).name("fallback").output
}

#[pipeline(name = "after-a-branch-with-otherwise")]
fn after_a_branch_with_otherwise(p: &Pipeline, go: In<bool>) -> Out<i64> {
    let branch = p.when("either", go, |p| {
        p.add(Add::new().a(0)).name("yes");
    });
    let group = branch.group();
    branch.otherwise(|p| {
        p.add(Add::new().a(1)).name("no");
    });
    p.add(Add::new().a(5)).name("late").after(&group).output
}

/// The number of layers of the ladder; the number of paths through it grows exponentially with them.
const LAYERS: usize = 10;

#[pipeline(name = "option-behind-a-ladder")]
fn option_behind_a_ladder(p: &Pipeline, go: In<bool>, code: In<i64>) {
    let branch = p.when("arm", go, |p| {
        p.add(Add::new().a(0)).name("inside");
    });
    let check = p.add(FailIf::new().value(code).bad(1)).name("check");
    let mut left = p.add(Add::new().a(10)).name("left-0").after(&branch);
    let mut right = p.add(Add::new().a(20)).name("right-0").after(&branch).after(&check);
    for layer in 1..LAYERS {
        let add = |side: &str, a: i64| {
            p.add(Add::new().a(a)).name(&format!("{side}-{layer}")).after(&left).after(&right)
        };
        (left, right) = (add("left", 10), add("right", 20));
    }
    p.add(EchoOptional::new().value(left.output)).name("may-be-null");
    p.add(Add::new().a(right.output)).name("needs-it");
}

/// Returns a run in which the pipeline calls itself twice and reaches the recursion limit.
fn bounded() -> Run {
    let level = |run: Run, path: &str, next: i64, rest: serde_json::Value, sum: i64| {
        run.returned(&format!("{path}next"), next)
            .returned(&format!("{path}rest"), rest)
            .returned(&format!("{path}sum"), sum)
    };
    let run = level(Run::succeeds().argument("left", 4), "", 3, json!(-97), -94);
    let run = level(run, "rest-after-the-depth/", 2, json!(-99), -97);
    level(run, "rest-after-the-depth/rest-after-the-depth/", 1, json!(null), -99).output(-94)
}

/// Returns a run in which the pipeline calls itself, with one number per recursion level.
fn levels(left: i64, numbers: &[i64]) -> Run {
    let mut path = "count".to_owned();
    let mut run = Run::succeeds().argument("left", left);
    for number in numbers {
        run = run.returned(&format!("{path}/next"), *number);
        path.push_str("/countdown-to-skip");
    }
    run
}

fn after_branches() -> Vec<Case> {
    let go = |go: bool| Run::succeeds().argument("go", go);
    let coded = |run: Run, code: i64| run.argument("code", code);
    let names =
        |first: usize| (first..LAYERS).flat_map(|layer| [format!("left-{layer}"), format!("right-{layer}")]);
    let all: Vec<String> = names(0).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).chain(["needs-it"]).collect();
    let ran = |run: Run| {
        names(0).fold(run, |run, name| {
            let number = if name.starts_with("left") { 11 } else { 21 };
            run.returned(&name, number)
        })
    };
    vec![
        Case::new("branch-on-a-late-value", BranchOnALateValue::definition)
            .run(
                go(true)
                    .returned("inside", 1)
                    .returned("late", 6)
                    .returned("add", 7)
                    .returned("fallback", 8)
                    .output(8),
            )
            .run(go(false).skipped(&["inside", "late", "add"]).returned("fallback", 71).output(71)),
        Case::new("after-a-branch-with-otherwise", AfterABranchWithOtherwise::definition)
            .run(go(true).returned("yes", 1).skipped(&["no"]).returned("late", 6).output(6))
            .run(go(false).skipped(&["yes"]).returned("no", 2).returned("late", 6).output(6)),
        Case::new("option-behind-a-ladder", OptionBehindALadder::definition)
            .run(
                ran(coded(go(true), 0).returned("inside", 1).returned("check", 0))
                    .returned("may-be-null", 11)
                    .returned("needs-it", 22),
            )
            .run(
                coded(go(false), 0)
                    .returned("check", 0)
                    .skipped(&["inside"])
                    .skipped(&all)
                    .returned("may-be-null", json!(null)),
            )
            // After a failure, even a task that could run without the value does not run.
            .run(
                coded(Run::fails().argument("go", true), 1)
                    .returned("inside", 1)
                    .failed_with("check", 10)
                    .returned("left-0", 11)
                    .omitted(&["right-0", "may-be-null"])
                    .omitted(&all[2..]),
            ),
    ]
}

pub(super) fn cases() -> Vec<Case> {
    [after_branches(), absent_values(), skipped()].into_iter().flatten().collect()
}

fn absent_values() -> Vec<Case> {
    let go = |go: bool| Run::succeeds().argument("go", go);
    let trial = json!({"rate": 0.5, "size": 7, "name": "t", "note": "n"});
    vec![
        Case::new("lists-of-what-may-be-skipped", ListsOfWhatMayBeSkipped::definition).run(
            Run::succeeds()
                .argument("wanted", 2)
                .returned("1/inside", 1)
                .returned("1/late", 3)
                .skipped(&["0/inside", "0/late"])
                .returned("sum", 3)
                .output(json!([null, 3])),
        ),
        Case::new("values-of-what-may-be-skipped", ValuesOfWhatMayBeSkipped::definition)
            .run(
                go(true)
                    .returned("inside", 1)
                    .returned("trial", trial)
                    .returned("note", "n")
                    .returned("size", 7)
                    .returned("needs-it", 7)
                    .output(7),
            )
            .run(
                go(false)
                    .skipped(&["inside", "trial", "needs-it"])
                    .returned("note", "none")
                    .returned("size", json!(null))
                    .output(-2),
            ),
    ]
}

fn skipped() -> Vec<Case> {
    let go = |go: bool| Run::succeeds().argument("go", go);
    let both =
        |first: bool, second: bool| Run::succeeds().argument("first", first).argument("second", second);
    vec![
        Case::new("optional-of-skipped", OptionalOfSkipped::definition)
            .run(go(true).returned("add", 2).returned("may-be-null", 2).returned("has-fallback", 2).output(2))
            .run(
                go(false)
                    .skipped(&["add"])
                    .returned("may-be-null", json!(null))
                    .returned("has-fallback", -1)
                    .output(json!(null)),
            ),
        absent_outputs_case(),
        Case::new("skipped-within-arm", SkippedWithinArm::definition)
            .run(
                go(true)
                    .returned("first", 2)
                    .returned("second", 3)
                    .returned("third", "third")
                    .returned("0/in-loop", 3)
                    .returned("1/in-loop", 4)
                    .returned("free", "free"),
            )
            .run(go(false).skipped(&["first", "second", "third", "in-loop"]).returned("free", "free")),
        Case::new("after-a-skipped-branch", AfterASkippedBranch::definition)
            .run(
                go(true)
                    .returned("in", "in")
                    .returned("late", "late")
                    .returned("later", "later")
                    .returned("free", "free"),
            )
            .run(go(false).skipped(&["in", "late", "later"]).returned("free", "free")),
        Case::new("beyond-the-depth", BeyondTheDepth::definition)
            .run(levels(3, &[2, 1, 0]).returned("needs-it", 0))
            // The third recursive call exceeds the limit: it is skipped, and the fallback is returned.
            .run(levels(4, &[3, 2, 1]).returned("needs-it", -100)),
        Case::new("rest-after-the-depth", RestAfterTheDepth::definition)
            .run(Run::succeeds().argument("left", 1).returned("next", 0).skipped(&["rest", "sum"]).output(0))
            .run(bounded()),
        Case::new("chain-of-optionals", ChainOfOptionals::definition)
            .run(
                both(true, true).returned("make-one", 1).returned("make-two", 2).returned("sum", 3).output(3),
            )
            .run(
                both(true, false)
                    .returned("make-one", 1)
                    .skipped(&["make-two"])
                    .returned("sum", 201)
                    .output(201),
            )
            .run(both(false, true).skipped(&["make-one", "make-two"]).returned("sum", 300).output(300)),
        Case::new("loop-over-optional-list", LoopOverOptionalList::definition)
            .run(go(true).returned("range", json!([0, 1])).returned("0/item", 0).returned("1/item", 1))
            .run(go(false).skipped(&["range"]).returned("0/item", 7)),
    ]
}

fn absent_outputs_case() -> Case {
    let go = |go: bool| Run::succeeds().argument("go", go);
    let absent = json!({"branch": null, "called": null, "late": null, "none": null});
    Case::new("absent-outputs", AbsentOutputs::definition)
        .run(
            go(true)
                .returned("inside", 2)
                .returned("late", "late")
                .returned("called/add", 2)
                .returned("called/may-be-null", 2)
                .returned("called/has-fallback", 2)
                .returned_all("none", absent.clone())
                .output_named("branch", 2)
                .output_named("called", 2)
                .output_named("late", "late")
                .output_named("none", json!(null)),
        )
        .run(
            go(false)
                .skipped(&["inside", "late", "called/add"])
                .returned("called/may-be-null", json!(null))
                .returned("called/has-fallback", -1)
                .returned_all("none", absent)
                .output_named("branch", json!(null))
                .output_named("called", json!(null))
                .output_named("late", json!(null))
                .output_named("none", json!(null)),
        )
}
