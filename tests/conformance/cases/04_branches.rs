//! Branches: which arm runs, and what conditions see.

use kfp_sdk::prelude::*;
use tests::conformance::Run;

use crate::case::Case;
use crate::components::{Add, EchoText, EchoTrial, IsEven, Trial};

#[pipeline(name = "when")]
fn when(p: &Pipeline, go: In<bool>) {
    p.when("taken", go, |p| {
        p.add(EchoText::new().value("in"));
    });
    p.add(EchoText::new().value("beside")).name("beside");
}

#[pipeline(name = "when-elif-otherwise")]
fn when_elif_otherwise(p: &Pipeline, rows: In<i64>) -> Out<String> {
    p.when("big", rows.gt(1000), |p| p.add(EchoText::new().value("big")).name("big-step").output)
        .elif("medium", rows.gt(10), |p| p.add(EchoText::new().value("medium")).name("medium-step").output)
        .otherwise(|p| p.add(EchoText::new().value("small")).name("small-step").output)
}

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new("when", When::definition)
            .run(Run::succeeds().argument("go", true).gave("echo-text", "in").gave("beside", "beside"))
            .run(Run::succeeds().argument("go", false).skipped(&["echo-text"]).gave("beside", "beside")),
        Case::new("when-elif-otherwise", WhenElifOtherwise::definition)
            .run(
                Run::succeeds()
                    .argument("rows", 5000)
                    .gave("big-step", "big")
                    .skipped(&["medium-step", "small-step"])
                    .output("big"),
            )
            .run(
                Run::succeeds()
                    .argument("rows", 1000)
                    .gave("medium-step", "medium")
                    .skipped(&["big-step", "small-step"])
                    .output("medium"),
            )
            .run(
                Run::succeeds()
                    .argument("rows", 10)
                    .gave("small-step", "small")
                    .skipped(&["big-step", "medium-step"])
                    .output("small"),
            ),
    ]
}
