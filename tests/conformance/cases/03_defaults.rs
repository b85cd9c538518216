//! Defaults and omitted values: of steps, of called pipelines, and of the run.

use kfp_sdk::prelude::*;
use serde_json::json;
use tests::conformance::Run;

use crate::case::Case;
use crate::components::{Add, Defaulted, EchoOptional, EchoOptionalText, EchoOptionalTrial, EchoText};

#[pipeline(name = "defaults-of-steps")]
fn defaults_of_steps(p: &Pipeline) {
    p.add(Add::new().a(1)).name("default");
    p.add(Add::new().a(1).b(10)).name("given");
    p.add(Defaulted::new()).name("all");
    p.add(Defaulted::new().text("")).name("empty-is-given");
}

#[pipeline(name = "defaults-of-the-run")]
fn defaults_of_the_run(
    p: &Pipeline,
    #[default(5)] number: In<i64>,
    #[default("usual")] text: In<String>,
    #[default(vec![1, 2])] list: In<Vec<i64>>,
    #[default(0.5)] rate: In<f64>,
    #[default(true)] truth: In<bool>,
) {
    let sum = p.add(Add::new().a(number).b(2)).output;
    p.add(EchoText::new().value(text!("{text} {sum} {rate} {truth}")));
    p.add(crate::components::Sum::new().numbers(list));
}

#[pipeline(name = "optionals-of-the-run")]
fn optionals_of_the_run(p: &Pipeline, number: In<Option<i64>>, text: In<Option<String>>) {
    p.add(EchoOptional::new().value(number)).name("number");
    p.add(EchoOptionalText::new().value(text)).name("text");
    p.add(Add::new().a(number.or(40)).b(2)).name("fallback");
    p.when("given", number.is_some(), |p| {
        p.add(EchoText::new().value("there is one")).name("some");
    })
    .otherwise(|p| {
        p.add(EchoText::new().value("there is none")).name("none");
    });
}

#[pipeline(name = "optionals-of-steps")]
fn optionals_of_steps(p: &Pipeline) {
    p.add(EchoOptional::new()).name("absent");
    p.add(EchoOptional::new().value(None)).name("none");
    p.add(EchoOptional::new().value(0)).name("zero");
    p.add(EchoOptionalText::new().value("")).name("empty");
    p.add(EchoOptionalTrial::new()).name("no-struct");
    let none = p.add(EchoOptional::new()).name("made").output;
    p.add(EchoOptional::new().value(none)).name("handed-on");
}

#[pipeline(name = "null-for-a-default")]
fn null_for_a_default(p: &Pipeline, number: In<Option<i64>>) {
    let made = p.add(EchoOptional::new().value(number)).name("made").output;
    // The step uses its default even if an explicit `null` is passed on.
    p.add(Defaulted::new().optional(made)).name("made-none");
    p.add(Defaulted::new().optional(number)).name("given-none");
}

#[pipeline(name = "inner-with-defaults")]
fn inner_with_defaults(
    p: &Pipeline,
    #[default(7)] number: In<i64>,
    #[default("inner")] text: In<String>,
    nothing: In<Option<i64>>,
) -> Out<i64> {
    p.add(EchoText::new().value(text)).name("text");
    p.add(EchoOptional::new().value(nothing)).name("nothing");
    p.add(Add::new().a(number).b(1)).name("number").output
}

#[pipeline(name = "defaults-of-pipelines")]
fn defaults_of_pipelines(p: &Pipeline) -> Out<i64> {
    p.add(InnerWithDefaults::new()).name("bare");
    p.add(InnerWithDefaults::new().number(20).text("outer").nothing(3)).name("given").output
}

#[pipeline(name = "optionals-through-pipelines")]
fn optionals_through_pipelines(p: &Pipeline, nothing: In<Option<i64>>) {
    p.add(InnerWithDefaults::new().nothing(nothing)).name("inner");
}

fn of_steps_and_runs() -> Vec<Case> {
    let all = json!({"number": 3, "text": "usual", "list": [1, 2], "optional": 9});
    vec![
        Case::new("defaults-of-steps", DefaultsOfSteps::definition).run(
            Run::succeeds()
                .returned("default", 2)
                .returned("given", 11)
                .returned_all("all", all)
                .returned_all(
                    "empty-is-given",
                    json!({"number": 3, "text": "", "list": [1, 2], "optional": 9}),
                ),
        ),
        Case::new("defaults-of-the-run", DefaultsOfTheRun::definition)
            .run(
                Run::succeeds()
                    .returned("add", 7)
                    .returned("echo-text", "usual 7 0.5 true")
                    .returned("sum", 3),
            )
            .run(
                Run::succeeds()
                    .argument("number", 0)
                    .argument("text", "")
                    .argument("list", json!([]))
                    .argument("truth", false)
                    .returned("add", 2)
                    .returned("echo-text", " 2 0.5 false")
                    .returned("sum", 0),
            ),
        Case::new("optionals-of-the-run", OptionalsOfTheRun::definition)
            .run(
                Run::succeeds()
                    .returned("number", json!(null))
                    .returned("text", json!(null))
                    .returned("fallback", 42)
                    .returned("none", "there is none")
                    .skipped(&["some"]),
            )
            .run(
                Run::succeeds()
                    .argument("number", 0)
                    .argument("text", "null")
                    .returned("number", 0)
                    .returned("text", "null")
                    .returned("fallback", 2)
                    .returned("some", "there is one")
                    .skipped(&["none"]),
            ),
    ]
}

fn of_options_and_pipelines() -> Vec<Case> {
    vec![
        Case::new("optionals-of-steps", OptionalsOfSteps::definition).run(
            Run::succeeds()
                .returned("absent", json!(null))
                .returned("none", json!(null))
                .returned("zero", 0)
                .returned("empty", "")
                .returned("no-struct", json!(null))
                .returned("made", json!(null))
                .returned("handed-on", json!(null)),
        ),
        Case::new("null-for-a-default", NullForADefault::definition)
            .run(
                Run::succeeds()
                    .returned("made", json!(null))
                    .returned_all(
                        "made-none",
                        json!({"number": 3, "text": "usual", "list": [1, 2], "optional": 9}),
                    )
                    .returned_all(
                        "given-none",
                        json!({"number": 3, "text": "usual", "list": [1, 2], "optional": 9}),
                    ),
            )
            .run(
                Run::succeeds()
                    .argument("number", 1)
                    .returned("made", 1)
                    .returned_all(
                        "made-none",
                        json!({"number": 3, "text": "usual", "list": [1, 2], "optional": 1}),
                    )
                    .returned_all(
                        "given-none",
                        json!({"number": 3, "text": "usual", "list": [1, 2], "optional": 1}),
                    ),
            ),
        Case::new("defaults-of-pipelines", DefaultsOfPipelines::definition).run(
            Run::succeeds()
                .returned("bare/text", "inner")
                .returned("bare/nothing", json!(null))
                .returned("bare/number", 8)
                .returned("given/text", "outer")
                .returned("given/nothing", 3)
                .returned("given/number", 21)
                .output(21),
        ),
        Case::new("optionals-through-pipelines", OptionalsThroughPipelines::definition)
            .run(
                Run::succeeds()
                    .returned("inner/text", "inner")
                    .returned("inner/nothing", json!(null))
                    .returned("inner/number", 8),
            )
            .run(
                Run::succeeds()
                    .argument("nothing", -1)
                    .returned("inner/text", "inner")
                    .returned("inner/nothing", -1)
                    .returned("inner/number", 8),
            ),
    ]
}

pub(super) fn cases() -> Vec<Case> {
    [of_steps_and_runs(), of_options_and_pipelines()].into_iter().flatten().collect()
}
