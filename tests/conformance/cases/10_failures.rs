//! Lists of failures: what an exit handler receives about everything that failed in its group.

use kfp_sdk::prelude::*;
use serde_json::{Value, json};
use tests::conformance::Run;

use super::exit_handlers::{failure, reported};
use crate::case::Case;
use crate::components::{EchoAny, Fail, FailAtLength, FailIf, Outline, Range, SucceedsAt, Tell};

#[pipeline(name = "each-failure")]
fn each_failure(p: &Pipeline, failures: In<Vec<Failure>>) {
    p.parallel_for(failures).name("one").each(|p, failure| {
        p.add(EchoAny::new().value(failure)).name("failure");
    });
}

#[pipeline(name = "three-iterations-fail")]
fn three_iterations_fail(p: &Pipeline) {
    p.exit_handler(|p| {
        p.parallel_for(["a", "(b)", "c"]).name("All").each(|p, item| {
            p.add(Fail::new().message(item).class("data")).name("Check_it");
        });
    })
    .finally(|p, status, ()| p.add(EachFailure::new().failures(status.failures())).name("each"));
}

#[pipeline(name = "loading")]
fn loading(p: &Pipeline, bad: In<i64>) {
    p.add(FailIf::new().value(1).bad(bad).message("cannot load")).name("load");
}

#[pipeline(name = "equal-names-fail")]
fn equal_names_fail(p: &Pipeline, go: In<bool>) {
    p.exit_handler(|p| {
        p.add(Loading::new().bad(1)).name("first");
        p.add(Loading::new().bad(2)).name("second");
        p.add(Loading::new().bad(1)).name("Third_One");
        p.when("big", go, |p| {
            p.add(FailIf::new().value(1).bad(1).message("too big")).name("large");
        })
        .otherwise(|p| {
            p.add(FailIf::new().value(1).bad(1).message("too small")).name("small");
        });
        p.add(FailIf::new().value(1).bad(1).message("not in a call")).name("load");
    })
    .finally(|p, status, ()| {
        p.add(Tell::new().state(status.state()).failures(status.failures())).name("told")
    });
}

#[pipeline(name = "nested-iterations-fail")]
fn nested_iterations_fail(p: &Pipeline) {
    p.exit_handler(|p| {
        let outer = p.add(Range::new().count(2)).name("range").output;
        p.parallel_for(outer).name("outer").each(|p, _| {
            p.parallel_for(["x", "é)("]).name("inner").each(|p, item| {
                let retry = Retry::times(1).backoff("1s", 1.0);
                p.add(Fail::new().message(item).class("transient")).name("check").retry(retry);
            });
        });
        p.add(SucceedsAt::new().attempt(2)).name("late").retry(Retry::times(1).backoff("1s", 1.0));
    })
    .finally(|p, status, ()| {
        p.add(Tell::new().state(status.state()).failures(status.failures())).name("told")
    });
}

#[pipeline(name = "many-long-failures")]
fn many_long_failures(p: &Pipeline, count: In<i64>, characters: In<u32>) {
    p.exit_handler(|p| {
        let all = p.add(Range::new().count(count)).name("range").output;
        p.parallel_for(all).name("all").parallelism(8).each(|p, item| {
            let text = "é\"\\{{x}}$(HOME)<&";
            p.add(FailAtLength::new().number(item).text(text).characters(characters)).name("check");
        });
    })
    .finally(|p, status, ()| p.add(Outline::new().failures(status.failures())).name("outline"));
}

fn paths_of_failures() -> Vec<Case> {
    let each = (0..3).fold(Run::fails(), |run, idx| {
        let message = ["a", "(b)", "c"][idx];
        run.failed_with(&format!("{idx}/Check_it"), 10).returned(
            &format!("each/{idx}/failure"),
            failure(&format!("All/{idx}/Check_it"), message, 10, "data"),
        )
    });
    let equal = |go: bool, failed: &str, skipped: &str, path: &str, message: &str| {
        let failures = [
            failure("Third_One/load", "cannot load", 10, "data"),
            failure(path, message, 10, "data"),
            failure("first/load", "cannot load", 10, "data"),
            failure("load", "not in a call", 10, "data"),
        ];
        let run = Run::fails().argument("go", go).failed_with("Third_One/load", 10);
        let run = run.failed_with("first/load", 10).returned("second/load", 1).failed_with("load", 10);
        reported(run.failed_with(failed, 10).skipped(&[skipped]), "Failed", &failures, Value::Null)
    };
    let nested: Vec<(String, &str)> =
        (0..2).flat_map(|outer| [(format!("{outer}/0"), "x"), (format!("{outer}/1"), "é)(")]).collect();
    let failures: Vec<Value> = nested
        .iter()
        .map(|(path, message)| {
            let (outer, inner) = path.split_at(1);
            failure(&format!("outer/{outer}/inner{inner}/check"), message, 75, "transient")
        })
        .collect();
    let run = Run::fails().returned("range", json!([0, 1])).returned("late", 2).attempts("late", 2);
    let run = nested.iter().fold(run, |run, (path, _)| {
        let step = format!("{path}/check");
        run.failed_with(&step, 75).attempts(&step, 2)
    });
    vec![
        Case::new("three-iterations-fail", ThreeIterationsFail::definition).run(each),
        Case::new("equal-names-fail", EqualNamesFail::definition)
            .run(equal(true, "large", "small", "big/big/large", "too big"))
            .run(equal(false, "small", "large", "big/otherwise/small", "too small")),
        Case::new("nested-iterations-fail", NestedIterationsFail::definition).run(reported(
            run,
            "Failed",
            &failures,
            Value::Null,
        )),
    ]
}

/// Messages are truncated twice: by the step, to the size of a termination log, and by the list.
fn bounds_of_failures() -> Vec<Case> {
    let run = |count: usize, characters: u32, outline: Vec<String>| {
        let numbers: Vec<usize> = (0..count).collect();
        let run = Run::fails().argument("count", count).argument("characters", characters);
        let failed = |run: Run, idx: usize| run.failed_with(&format!("{idx}/check"), 10);
        (0..count).fold(run.returned("range", numbers), failed).returned("outline", outline)
    };
    let text: Vec<char> = "é\"\\{{x}}$(HOME)<&".chars().collect();
    let long = |idx: usize| {
        let message: Vec<char> =
            format!("{idx}: ").chars().chain(text.iter().copied().cycle()).take(546).collect();
        let first: String = message[..24].iter().collect();
        let last: String = message[541..].iter().collect();
        format!("all/{idx}/check 549 {first} {last}...")
    };
    let short = |idx: usize| format!("all/{idx}/check {} {idx}:  {idx}: ", format!("{idx}: ").len());
    let more = "... 31 20 more failures are not t listed".to_owned();
    vec![
        Case::new("many-long-failures", ManyLongFailures::definition)
            .run(run(60, 1900, (0..60).map(long).collect()))
            .run(run(120, 0, (0..100).map(short).chain([more]).collect())),
    ]
}

pub(super) fn cases() -> Vec<Case> {
    [paths_of_failures(), bounds_of_failures()].into_iter().flatten().collect()
}
