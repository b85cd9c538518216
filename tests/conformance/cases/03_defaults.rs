//! Defaults, and values that are left out: at steps, at pipelines in pipelines, and at the run.

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
    // The default is taken at the step, also where somebody hands on nothing.
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
                .gave("default", 2)
                .gave("given", 11)
                .gave_all("all", all)
                .gave_all("empty-is-given", json!({"number": 3, "text": "", "list": [1, 2], "optional": 9})),
        ),
        Case::new("defaults-of-the-run", DefaultsOfTheRun::definition)
            .run(Run::succeeds().gave("add", 7).gave("echo-text", "usual 7 0.5 true").gave("sum", 3))
            .run(
                Run::succeeds()
                    .argument("number", 0)
                    .argument("text", "")
                    .argument("list", json!([]))
                    .argument("truth", false)
                    .gave("add", 2)
                    .gave("echo-text", " 2 0.5 false")
                    .gave("sum", 0),
            ),
        Case::new("optionals-of-the-run", OptionalsOfTheRun::definition)
            .run(
                Run::succeeds()
                    .gave("number", json!(null))
                    .gave("text", json!(null))
                    .gave("fallback", 42)
                    .gave("none", "there is none")
                    .skipped(&["some"]),
            )
            .run(
                Run::succeeds()
                    .argument("number", 0)
                    .argument("text", "null")
                    .gave("number", 0)
                    .gave("text", "null")
                    .gave("fallback", 2)
                    .gave("some", "there is one")
                    .skipped(&["none"]),
            ),
    ]
}

fn of_options_and_pipelines() -> Vec<Case> {
    vec![
        Case::new("optionals-of-steps", OptionalsOfSteps::definition).run(
            Run::succeeds()
                .gave("absent", json!(null))
                .gave("none", json!(null))
                .gave("zero", 0)
                .gave("empty", "")
                .gave("no-struct", json!(null))
                .gave("made", json!(null))
                .gave("handed-on", json!(null)),
        ),
        Case::new("null-for-a-default", NullForADefault::definition)
            .run(
                Run::succeeds()
                    .gave("made", json!(null))
                    .gave_all(
                        "made-none",
                        json!({"number": 3, "text": "usual", "list": [1, 2], "optional": 9}),
                    )
                    .gave_all(
                        "given-none",
                        json!({"number": 3, "text": "usual", "list": [1, 2], "optional": 9}),
                    ),
            )
            .run(
                Run::succeeds()
                    .argument("number", 1)
                    .gave("made", 1)
                    .gave_all(
                        "made-none",
                        json!({"number": 3, "text": "usual", "list": [1, 2], "optional": 1}),
                    )
                    .gave_all(
                        "given-none",
                        json!({"number": 3, "text": "usual", "list": [1, 2], "optional": 1}),
                    ),
            ),
        Case::new("defaults-of-pipelines", DefaultsOfPipelines::definition).run(
            Run::succeeds()
                .gave("bare/text", "inner")
                .gave("bare/nothing", json!(null))
                .gave("bare/number", 8)
                .gave("given/text", "outer")
                .gave("given/nothing", 3)
                .gave("given/number", 21)
                .output(21),
        ),
        Case::new("optionals-through-pipelines", OptionalsThroughPipelines::definition)
            .run(
                Run::succeeds()
                    .gave("inner/text", "inner")
                    .gave("inner/nothing", json!(null))
                    .gave("inner/number", 8),
            )
            .run(
                Run::succeeds()
                    .argument("nothing", -1)
                    .gave("inner/text", "inner")
                    .gave("inner/nothing", -1)
                    .gave("inner/number", 8),
            ),
    ]
}

pub(super) fn cases() -> Vec<Case> {
    [of_steps_and_runs(), of_options_and_pipelines()].into_iter().flatten().collect()
}
