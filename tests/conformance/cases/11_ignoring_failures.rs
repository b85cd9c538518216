//! Tasks that run although something before them failed, and their fallbacks.

use kfp_sdk::prelude::*;
use serde_json::json;
use tests::conformance::Run;

use crate::case::Case;
use crate::components::{Add, EchoOptional, EchoText, FailIf, ReadOptional, WriteText};

#[pipeline(name = "ignore-with-option")]
fn ignore_with_option(p: &Pipeline, value: In<i64>) {
    let checked = p.add(FailIf::new().value(value).bad(13)).name("check").output;
    p.add(EchoOptional::new().value(checked)).name("option").ignore_upstream_failure();
    p.add(EchoText::new().value("strict"))
        .name("strict")
        .after(&p.add(Add::new().a(checked)).name("needs-it"));
}

#[pipeline(name = "ignore-with-default")]
fn ignore_with_default(p: &Pipeline, value: In<i64>) {
    let checked = p.add(FailIf::new().value(value).bad(13)).name("check").output;
    let sum = p.add(Add::new().a(10).b(checked)).name("default").ignore_upstream_failure();
    p.add(Add::new().a(sum.output)).name("behind");
}

#[pipeline(name = "ignore-without-data")]
fn ignore_without_data(p: &Pipeline, value: In<i64>) {
    let checked = p.add(FailIf::new().value(value).bad(13)).name("check");
    let between = p.add(EchoText::new().value("between")).name("between").after(&checked);
    p.add(EchoText::new().value("clean")).name("clean").after(&between).ignore_upstream_failure();
}

#[pipeline(name = "ignore-skipped")]
fn ignore_skipped(p: &Pipeline, go: In<bool>) {
    let maybe = p.when("arm", go, |p| p.add(Add::new().a(1)).name("inside").output).or_none();
    p.add(EchoOptional::new().value(maybe)).name("either").ignore_upstream_failure();
}

#[pipeline(name = "ignore-missing-artifact")]
fn ignore_missing_artifact(p: &Pipeline, value: In<i64>) {
    let checked = p.add(FailIf::new().value(value).bad(13)).name("check");
    let file = p.add(WriteText::new().text("written")).name("write").after(&checked).file;
    p.add(ReadOptional::new().file(file)).name("read").ignore_upstream_failure();
}

#[pipeline(name = "ignore-in-a-loop")]
fn ignore_in_a_loop(p: &Pipeline) {
    p.parallel_for([12_i64, 13]).each(|p, item| {
        let checked = p.add(FailIf::new().value(item).bad(13)).name("check").output;
        p.add(EchoOptional::new().value(checked)).name("after").ignore_upstream_failure();
    });
}

pub(super) fn cases() -> Vec<Case> {
    let value = |run: Run, value: i64| run.argument("value", value);
    let good = || value(Run::succeeds(), 1).returned("check", 1);
    let bad = || value(Run::fails(), 13).failed_with("check", 10);
    vec![
        Case::new("ignore-with-option", IgnoreWithOption::definition)
            .run(good().returned("option", 1).returned("needs-it", 2).returned("strict", "strict"))
            .run(bad().returned("option", json!(null)).omitted(&["needs-it", "strict"])),
        Case::new("ignore-with-default", IgnoreWithDefault::definition)
            .run(good().returned("default", 11).returned("behind", 12))
            // The failed task still fails the run.
            .run(bad().returned("default", 11).returned("behind", 12)),
        Case::new("ignore-without-data", IgnoreWithoutData::definition)
            .run(good().returned("between", "between").returned("clean", "clean"))
            .run(bad().omitted(&["between"]).returned("clean", "clean")),
        Case::new("ignore-skipped", IgnoreSkipped::definition)
            .run(Run::succeeds().argument("go", true).returned("inside", 2).returned("either", 2))
            .run(Run::succeeds().argument("go", false).skipped(&["inside"]).returned("either", json!(null))),
        Case::new("ignore-missing-artifact", IgnoreMissingArtifact::definition)
            .run(good().succeeded("write").returned("read", "written"))
            .run(bad().omitted(&["write"]).returned("read", "nothing")),
        Case::new("ignore-in-a-loop", IgnoreInALoop::definition).run(
            Run::fails()
                .returned("0/check", 12)
                .returned("0/after", 12)
                .failed_with("1/check", 10)
                .returned("1/after", json!(null)),
        ),
    ]
}
