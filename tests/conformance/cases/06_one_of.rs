//! One-of: returns the value of the arm that ran.

use std::collections::BTreeMap;

use kfp_sdk::prelude::*;
use serde_json::json;
use tests::conformance::Run;

use crate::case::Case;
use crate::components::{
    Add, EchoInteger, EchoMap, EchoMode, EchoText, EchoTrial, Mode, ReadOptional, ReadText, Shout, Trial,
    WriteText,
};

#[pipeline(name = "one-of-parameters")]
fn one_of_parameters(p: &Pipeline, go: In<bool>) -> Out<i64> {
    let value = p
        .when("yes", go, |p| p.add(Add::new().a(1)).name("one").output)
        .otherwise(|p| p.add(Add::new().a(10)).name("ten").output);
    p.add(EchoInteger::new().value(value)).name("used").output
}

#[pipeline(name = "one-of-constants")]
fn one_of_constants(p: &Pipeline, go: In<bool>, given: In<i64>) {
    let number = p.when("a", go, |p| p.add(Add::new().a(1)).name("made").output).otherwise(|p| p.constant(0));
    p.add(EchoInteger::new().value(number)).name("task-or-constant");
    let number = p.when("b", go, |_| given).otherwise(|p| p.constant(-5));
    p.add(EchoInteger::new().value(number)).name("argument-or-constant");
    let text = p.when("c", go, |p| p.constant::<String>("{{x}}")).otherwise(|p| p.constant::<String>("$(Y)"));
    p.add(EchoText::new().value(text)).name("constants");
}

#[pipeline(name = "one-of-tuples")]
fn one_of_tuples(p: &Pipeline, go: In<bool>) {
    let (number, (text, trial)) = p
        .when("yes", go, |p| {
            let trial = p.add(EchoTrial::new().value(Trial::of(0.5, 1, "a", None))).name("trial-a").output;
            (trial.size(), (p.constant("yes"), trial))
        })
        .otherwise(|p| {
            let trial = p.add(EchoTrial::new().value(Trial::of(1.5, 2, "b", "n"))).name("trial-b").output;
            (p.constant(20), (trial.name(), trial))
        });
    p.add(EchoInteger::new().value(number)).name("number");
    p.add(EchoText::new().value(text)).name("text");
    p.add(EchoTrial::new().value(trial)).name("trial");
}

#[pipeline(name = "one-of-artifacts")]
fn one_of_artifacts(p: &Pipeline, go: In<bool>) {
    let source = p.add(WriteText::new().text("source")).name("source").file;
    let file = p
        .when("loud", go, |p| p.add(Shout::new().quiet(source)).loud)
        .otherwise(|p| p.add(WriteText::new().text("other")).name("other").file);
    p.add(ReadText::new().file(file)).name("either");
    let same = p.when("same", go, |_| source).otherwise(|_| file);
    p.add(ReadText::new().file(same)).name("handed-on");
    let maybe =
        p.when("maybe", go, |p| p.add(WriteText::new().text("maybe")).name("maybe-file").file).or_none();
    p.add(ReadOptional::new().file(maybe)).name("optional");
}

#[pipeline(name = "one-of-in-a-loop")]
fn one_of_in_a_loop(p: &Pipeline) -> Out<Vec<String>> {
    p.parallel_for([1_i64, 2, 3]).each(|p, item| {
        let text = p
            .when("one", item.eq(1), |p| p.add(EchoText::new().value("first")).name("first").output)
            .elif("two", item.eq(2), |p| p.constant("second"))
            .otherwise(|p| p.add(EchoText::new().value(text!("number {item}"))).name("rest").output);
        p.add(EchoText::new().value(text)).name("used").output
    })
}

#[pipeline(name = "one-of-one-of")]
fn one_of_one_of(p: &Pipeline, a: In<bool>, b: In<bool>) -> Out<i64> {
    p.when("outer", a, |p| {
        p.when("inner", b, |p| p.add(Add::new().a(10)).name("eleven").output).otherwise(|p| p.constant(22))
    })
    .otherwise(|p| {
        let maybe = p.when("other", b, |p| p.add(Add::new().a(32)).name("thirty-three").output).or_none();
        maybe.or(44)
    })
}

#[pipeline(name = "one-of-loops")]
fn one_of_loops(p: &Pipeline, go: In<bool>) -> Out<Vec<i64>> {
    p.when("many", go, |p| p.parallel_for([1_i64, 2]).each(|p, item| p.add(Add::new().a(item)).output))
        .otherwise(|p| p.constant(Vec::<i64>::new()))
}

#[pipeline(name = "one-of-collections")]
fn one_of_collections(p: &Pipeline, go: In<bool>, given: In<i64>) {
    let map = BTreeMap::from([("a".to_owned(), 1_i64)]);
    let map = p
        .when("a", go, |p| p.add(EchoMap::new().value(map)).name("made-map").output)
        .otherwise(|p| p.constant::<BTreeMap<String, i64>>(BTreeMap::new()));
    p.add(EchoMap::new().value(map)).name("map");
    let modes = p
        .when("b", go, |p| p.add(EchoMode::new().value(Mode::Careful)).name("made-mode").output)
        .otherwise(|p| p.constant(Mode::Fast));
    p.add(EchoMode::new().value(modes)).name("mode");
    let trial = p.when("c", go, |_| Trial::of(0.5, given, "a", None)).otherwise(|p| {
        p.constant(Trial { rate: 1.5, size: 2, name: "b".to_owned(), note: Some("n".to_owned()) })
    });
    p.add(EchoTrial::new().value(trial)).name("trial");
}

fn parameters() -> Vec<Case> {
    let go = |go: bool| Run::succeeds().argument("go", go);
    let first = json!({"rate": 0.5, "size": 1, "name": "a", "note": null});
    let second = json!({"rate": 1.5, "size": 2, "name": "b", "note": "n"});
    vec![
        Case::new("one-of-parameters", OneOfParameters::definition)
            .run(go(true).returned("one", 2).skipped(&["ten"]).returned("used", 2).output(2))
            .run(go(false).returned("ten", 11).skipped(&["one"]).returned("used", 11).output(11)),
        Case::new("one-of-constants", OneOfConstants::definition)
            .run(
                go(true)
                    .argument("given", 6)
                    .returned("made", 2)
                    .returned("task-or-constant", 2)
                    .returned("argument-or-constant", 6)
                    .returned("constants", "{{x}}"),
            )
            .run(
                go(false)
                    .argument("given", 6)
                    .skipped(&["made"])
                    .returned("task-or-constant", 0)
                    .returned("argument-or-constant", -5)
                    .returned("constants", "$(Y)"),
            ),
        Case::new("one-of-tuples", OneOfTuples::definition)
            .run(
                go(true)
                    .returned("trial-a", first.clone())
                    .skipped(&["trial-b"])
                    .returned("number", 1)
                    .returned("text", "yes")
                    .returned("trial", first),
            )
            .run(
                go(false)
                    .returned("trial-b", second.clone())
                    .skipped(&["trial-a"])
                    .returned("number", 20)
                    .returned("text", "b")
                    .returned("trial", second),
            ),
    ]
}

fn artifacts_and_regions() -> Vec<Case> {
    let go = |go: bool| Run::succeeds().argument("go", go);
    let two = |a: bool, b: bool| Run::succeeds().argument("a", a).argument("b", b);
    vec![
        Case::new("one-of-artifacts", OneOfArtifacts::definition)
            .run(
                go(true)
                    .succeeded("source")
                    .succeeded("shout")
                    .skipped(&["other"])
                    .returned("either", "SOURCE")
                    .returned("handed-on", "source")
                    .succeeded("maybe-file")
                    .returned("optional", "maybe"),
            )
            .run(
                go(false)
                    .succeeded("source")
                    .succeeded("other")
                    .skipped(&["shout", "maybe-file"])
                    .returned("either", "other")
                    .returned("handed-on", "other")
                    .returned("optional", "nothing"),
            ),
        Case::new("one-of-in-a-loop", OneOfInALoop::definition).run(
            Run::succeeds()
                .returned("0/first", "first")
                .skipped(&["0/rest", "1/first", "1/rest", "2/first"])
                .returned("2/rest", "number 3")
                .returned("0/used", "first")
                .returned("1/used", "second")
                .returned("2/used", "number 3")
                .output(json!(["first", "second", "number 3"])),
        ),
        Case::new("one-of-one-of", OneOfOneOf::definition)
            .run(two(true, true).returned("eleven", 11).skipped(&["thirty-three"]).output(11))
            .run(two(true, false).skipped(&["eleven", "thirty-three"]).output(22))
            .run(two(false, true).returned("thirty-three", 33).skipped(&["eleven"]).output(33))
            .run(two(false, false).skipped(&["eleven", "thirty-three"]).output(44)),
        Case::new("one-of-loops", OneOfLoops::definition)
            .run(go(true).returned("0/add", 2).returned("1/add", 3).output(json!([2, 3])))
            .run(go(false).skipped(&["add"]).output(json!([]))),
        Case::new("one-of-collections", OneOfCollections::definition)
            .run(
                go(true)
                    .argument("given", 4)
                    .returned("made-map", json!({"a": 1}))
                    .returned("map", json!({"a": 1}))
                    .returned("made-mode", "Careful")
                    .returned("mode", "Careful")
                    .returned("trial", json!({"rate": 0.5, "size": 4, "name": "a", "note": null})),
            )
            .run(
                go(false)
                    .argument("given", 4)
                    .skipped(&["made-map", "made-mode"])
                    .returned("map", json!({}))
                    .returned("mode", "fast")
                    .returned("trial", json!({"rate": 1.5, "size": 2, "name": "b", "note": "n"})),
            ),
    ]
}

pub(super) fn cases() -> Vec<Case> {
    [parameters(), artifacts_and_regions()].into_iter().flatten().collect()
}
