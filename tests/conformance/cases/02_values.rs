//! Edge cases of numbers, booleans, lists, maps, structs and enums.

use std::collections::BTreeMap;

use kfp_sdk::prelude::*;
use serde_json::json;
use tests::conformance::Run;

use crate::case::Case;
use crate::components::{
    Divide, EchoAny, EchoBoolean, EchoFloat, EchoInteger, EchoIntegers, EchoMap, EchoMode, EchoStudy,
    EchoTable, EchoText, EchoTexts, EchoTrial, EchoTrials, Mode, NotANumber, PythonAny, PythonFloat,
    PythonInteger, Study, Trial, TypeNames,
};

const INTEGERS: [i64; 8] =
    [0, -1, i64::MAX, i64::MIN, 9_007_199_254_740_993, -9_007_199_254_740_993, 1_000_000, 4_294_967_296];

const FLOATS: [f64; 10] =
    [0.1, 1e300, 5e-324, 1.797_693_134_862_315_7e308, 1e21, 1e-7, 0.3, 100.0, -2.5, -0.0];

#[pipeline(name = "integers")]
fn integers(p: &Pipeline, argument: In<i64>) -> Out<i64> {
    for (idx, number) in INTEGERS.into_iter().enumerate() {
        let first = p.add(EchoInteger::new().value(number)).name(&format!("first-{idx}"));
        p.add(EchoInteger::new().value(first.output)).name(&format!("second-{idx}"));
    }
    p.add(EchoInteger::new().value(argument)).name("argument").output
}

#[pipeline(name = "integers-through-python")]
fn integers_through_python(p: &Pipeline) {
    for (idx, number) in INTEGERS.into_iter().enumerate() {
        let python = p.add(PythonInteger::new().value(number)).name(&format!("python-{idx}"));
        p.add(EchoInteger::new().value(python.output)).name(&format!("rust-{idx}"));
    }
}

#[pipeline(name = "floats")]
fn floats(p: &Pipeline, argument: In<f64>) -> Out<f64> {
    for (idx, number) in FLOATS.into_iter().enumerate() {
        let first = p.add(EchoFloat::new().value(number)).name(&format!("first-{idx}"));
        p.add(EchoFloat::new().value(first.output)).name(&format!("second-{idx}"));
    }
    p.add(EchoFloat::new().value(argument)).name("argument").output
}

#[pipeline(name = "floats-through-python")]
fn floats_through_python(p: &Pipeline) {
    for (idx, number) in FLOATS.into_iter().enumerate() {
        let python = p.add(PythonFloat::new().value(number)).name(&format!("python-{idx}"));
        p.add(EchoFloat::new().value(python.output)).name(&format!("rust-{idx}"));
    }
}

#[pipeline(name = "integers-as-floats")]
fn integers_as_floats(p: &Pipeline, whole: In<i64>) {
    p.add(EchoFloat::new().value(whole)).name("argument");
    p.add(EchoFloat::new().value(3)).name("constant");
    let echoed = p.add(EchoInteger::new().value(whole)).name("integer").output;
    p.add(EchoFloat::new().value(echoed)).name("output");
}

#[pipeline(name = "booleans")]
fn booleans(p: &Pipeline, argument: In<bool>) {
    p.add(EchoBoolean::new().value(true)).name("yes");
    p.add(EchoBoolean::new().value(false)).name("no");
    let echoed = p.add(EchoBoolean::new().value(argument)).name("argument").output;
    p.add(EchoText::new().value(text!("it is {echoed}"))).name("text");
}

#[pipeline(name = "no-number")]
fn no_number(p: &Pipeline) {
    let number = p.add(NotANumber::new()).output;
    p.add(EchoFloat::new().value(number));
}

#[pipeline(name = "lists")]
fn lists(p: &Pipeline, argument: In<Vec<i64>>) {
    p.add(EchoIntegers::new().value(argument)).name("argument");
    p.add(EchoIntegers::new().value(Vec::<i64>::new())).name("empty");
    p.add(EchoTexts::new().value(Vec::<String>::new())).name("empty-texts");
    p.add(EchoIntegers::new().value(vec![i64::MAX, 0, i64::MIN])).name("edges");
    p.add(EchoTable::new().value([[0.1, 0.2], [1e21, -0.0]])).name("table");
    let one = p.add(EchoInteger::new().value(1)).name("one").output;
    let two = p.add(EchoInteger::new().value(2)).name("two").output;
    p.add(EchoIntegers::new().value([one, two, one])).name("of-handles");
}

#[pipeline(name = "maps")]
fn maps(p: &Pipeline, argument: In<BTreeMap<String, i64>>) {
    p.add(EchoMap::new().value(argument)).name("argument");
    p.add(EchoMap::new().value(BTreeMap::new())).name("empty");
    p.add(EchoMap::new().value(BTreeMap::from([("b".to_owned(), 2), ("a".to_owned(), 1)]))).name("constant");
}

#[pipeline(name = "structs")]
fn structs(p: &Pipeline, argument: In<Trial>, rate: In<f64>) {
    let echoed = p.add(EchoTrial::new().value(argument)).name("argument").output;
    p.add(EchoFloat::new().value(echoed.rate())).name("rate-of-output");
    p.add(EchoInteger::new().value(argument.size())).name("size-of-argument");
    let built = Trial::of(rate, echoed.size(), "built", None);
    p.add(EchoTrial::new().value(built)).name("built");
    p.add(EchoTrials::new().value([argument, echoed])).name("list");
}

#[pipeline(name = "nested-structs")]
fn nested_structs(p: &Pipeline, study: In<Study>) -> Out<f64> {
    let echoed = p.add(EchoStudy::new().value(study)).output;
    p.add(EchoTrials::new().value(echoed.trials())).name("trials");
    p.add(EchoText::new().value(echoed.best().name())).name("best-name");
    echoed.best().rate()
}

#[pipeline(name = "enums")]
fn enums(p: &Pipeline, mode: In<Mode>) {
    let echoed = p.add(EchoMode::new().value(mode)).name("argument").output;
    p.add(EchoMode::new().value(Mode::Careful)).name("constant");
    p.add(EchoText::new().value(text!("mode {echoed}"))).name("text");
    p.when("is-fast", echoed.eq(Mode::Fast), |p| {
        p.add(EchoText::new().value("fast")).name("fast");
    });
}

#[pipeline(name = "any-values")]
fn any_values(p: &Pipeline, argument: In<serde_json::Value>) {
    p.add(EchoAny::new().value(argument)).name("argument");
    let deep = json!({"a": [1, "two", null, {"b": [[], {}, true]}], "large": i64::MAX, "$": "{{"});
    let first = p.add(EchoAny::new().value(deep)).name("first").output;
    let python = p.add(PythonAny::new().value(first)).name("python").output;
    p.add(EchoAny::new().value(python)).name("last");
}

#[pipeline(name = "python-types")]
fn python_types(p: &Pipeline) {
    let call = TypeNames::new().text("1").integer(1).float(1).boolean(true).list([1]);
    p.add(call.map(BTreeMap::from([("a".to_owned(), 1)])));
    p.add(Divide::new().dividend(17).divisor(5));
}

fn chains<T: Copy + Into<serde_json::Value>>(run: Run, values: &[T], names: [&str; 2]) -> Run {
    values.iter().enumerate().fold(run, |run, (idx, value)| {
        names.iter().fold(run, |run, name| run.returned(&format!("{name}-{idx}"), *value))
    })
}

fn numbers() -> Vec<Case> {
    let first_and_second = ["first", "second"];
    let python_and_rust = ["python", "rust"];
    vec![
        Case::new("integers", Integers::definition)
            .run(
                chains(Run::succeeds(), &INTEGERS, first_and_second)
                    .argument("argument", i64::MIN)
                    .returned("argument", i64::MIN)
                    .output(i64::MIN),
            )
            .run(
                chains(Run::succeeds(), &INTEGERS, first_and_second)
                    .argument("argument", i64::MAX)
                    .returned("argument", i64::MAX)
                    .output(i64::MAX),
            ),
        Case::new("integers-through-python", IntegersThroughPython::definition).run(chains(
            Run::succeeds(),
            &INTEGERS,
            python_and_rust,
        )),
        Case::new("floats", Floats::definition)
            .run(
                chains(Run::succeeds(), &FLOATS, first_and_second)
                    .argument("argument", 1e300)
                    .returned("argument", 1e300)
                    .output(1e300),
            )
            .run(
                chains(Run::succeeds(), &FLOATS, first_and_second)
                    .argument("argument", -0.0)
                    .returned("argument", -0.0)
                    .output(-0.0),
            ),
        Case::new("floats-through-python", FloatsThroughPython::definition).run(chains(
            Run::succeeds(),
            &FLOATS,
            python_and_rust,
        )),
        Case::new("integers-as-floats", IntegersAsFloats::definition).run(
            Run::succeeds()
                .argument("whole", 7)
                .returned("argument", 7)
                .returned("constant", 3)
                .returned("integer", 7)
                .returned("output", 7),
        ),
        Case::new("booleans", Booleans::definition).run(
            Run::succeeds()
                .argument("argument", false)
                .returned("yes", true)
                .returned("no", false)
                .returned("argument", false)
                .returned("text", "it is false"),
        ),
        // JSON cannot represent the number: the step fails with the class `data`.
        Case::new("no-number", NoNumber::definition)
            .run(Run::fails().failed_with("not-a-number", 10).omitted(&["echo-float"])),
    ]
}

fn lists_and_maps() -> Vec<Case> {
    vec![
        Case::new("lists", Lists::definition).run(
            Run::succeeds()
                .argument("argument", json!([3, 1, 2]))
                .returned("argument", json!([3, 1, 2]))
                .returned("empty", json!([]))
                .returned("empty-texts", json!([]))
                .returned("edges", json!([i64::MAX, 0, i64::MIN]))
                .returned("table", json!([[0.1, 0.2], [1e21, -0.0]]))
                .returned("one", 1)
                .returned("two", 2)
                .returned("of-handles", json!([1, 2, 1])),
        ),
        Case::new("maps", Maps::definition)
            .run(
                Run::succeeds()
                    .argument("argument", json!({"z": 26, "y": 25}))
                    .returned("argument", json!({"y": 25, "z": 26}))
                    .returned("empty", json!({}))
                    .returned("constant", json!({"a": 1, "b": 2})),
            )
            .run(
                Run::succeeds()
                    .argument("argument", json!({}))
                    .returned("argument", json!({}))
                    .returned("empty", json!({}))
                    .returned("constant", json!({"a": 1, "b": 2})),
            ),
    ]
}

fn structs_and_others() -> Vec<Case> {
    let trial = json!({"rate": 0.1, "size": 16, "name": "t", "note": "n"});
    let bare = json!({"rate": 0.5, "size": 1, "name": "", "note": null});
    let study = json!({"trials": [trial, bare], "best": bare, "scores": {"a": [0.1, 2.0], "b": []}});
    let deep = json!({"a": [1, "two", null, {"b": [[], {}, true]}], "large": i64::MAX, "$": "{{"});
    vec![
        Case::new("structs", Structs::definition).run(
            Run::succeeds()
                .argument("argument", trial.clone())
                .argument("rate", 0.25)
                .returned("argument", trial.clone())
                .returned("rate-of-output", 0.1)
                .returned("size-of-argument", 16)
                .returned("built", json!({"rate": 0.25, "size": 16, "name": "built", "note": null}))
                .returned("list", json!([trial, trial])),
        ),
        Case::new("nested-structs", NestedStructs::definition).run(
            Run::succeeds()
                .argument("study", study.clone())
                .returned("echo-study", study)
                .returned("trials", json!([trial, bare]))
                .returned("best-name", "")
                .output(0.5),
        ),
        Case::new("enums", Enums::definition)
            .run(
                Run::succeeds()
                    .argument("mode", "fast")
                    .returned("argument", "fast")
                    .returned("constant", "Careful")
                    .returned("text", "mode fast")
                    .returned("fast", "fast"),
            )
            .run(
                Run::succeeds()
                    .argument("mode", "Careful")
                    .returned("argument", "Careful")
                    .returned("constant", "Careful")
                    .returned("text", "mode Careful")
                    .skipped(&["fast"]),
            ),
        Case::new("any-values", AnyValues::definition).run(
            Run::succeeds()
                .argument("argument", json!([null, {"x": "$(Y)"}]))
                .returned("argument", json!([null, {"x": "$(Y)"}]))
                .returned("first", deep.clone())
                .returned("python", deep.clone())
                .returned("last", deep),
        ),
        Case::new("python-types", PythonTypes::definition).run(
            Run::succeeds()
                .returned(
                    "type-names",
                    json!(["str", "int", "float", "bool", "list", "dict", "int", "NoneType"]),
                )
                .returned_all("divide", json!({"quotient": 3, "remainder": 2})),
        ),
    ]
}

pub(super) fn cases() -> Vec<Case> {
    [numbers(), lists_and_maps(), structs_and_others()].into_iter().flatten().collect()
}
