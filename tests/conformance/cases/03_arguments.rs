//! Arguments as users type them: which are accepted, and which are rejected before any step starts.

use kfp_sdk::prelude::*;
use serde_json::json;
use tests::conformance::Run;

use crate::case::Case;
use crate::components::{
    EchoAny, EchoBoolean, EchoFloat, EchoInteger, EchoIntegers, EchoMode, EchoOptional, EchoOptionalText,
    EchoText, EchoTexts, EchoTrials, Mode, Trial,
};

#[pipeline(name = "typed-scalars")]
fn typed_scalars(
    p: &Pipeline,
    #[default(5)] integer: In<i64>,
    #[default(0.5)] float: In<f64>,
    #[default(true)] boolean: In<bool>,
    #[default("usual")] text: In<String>,
    #[default(Mode::Fast)] mode: In<Mode>,
    optional: In<Option<i64>>,
    note: In<Option<String>>,
) {
    p.add(EchoInteger::new().value(integer)).name("integer");
    p.add(EchoFloat::new().value(float)).name("float");
    p.add(EchoBoolean::new().value(boolean)).name("boolean");
    p.add(EchoText::new().value(text)).name("text");
    p.add(EchoMode::new().value(mode)).name("mode");
    p.add(EchoOptional::new().value(optional)).name("optional");
    p.add(EchoOptionalText::new().value(note)).name("note");
}

#[pipeline(name = "typed-lists")]
fn typed_lists(
    p: &Pipeline,
    #[default(vec![1])] integers: In<Vec<i64>>,
    #[default(vec!["a".to_owned()])] texts: In<Vec<String>>,
    #[default(trials())] trials: In<Vec<Trial>>,
    #[default(json!({"a": [1]}))] anything: In<serde_json::Value>,
) {
    p.add(EchoIntegers::new().value(integers)).name("integers");
    p.add(EchoTexts::new().value(texts)).name("texts");
    p.add(EchoTrials::new().value(trials)).name("trials");
    p.add(EchoAny::new().value(anything)).name("anything");
}

fn trials() -> Vec<Trial> {
    vec![Trial { rate: 0.5, size: 3, name: "t".to_owned(), note: None }]
}

/// Expects the defaults of the steps, except for the values in `others`.
fn scalars(run: Run, others: &[(&str, serde_json::Value)]) -> Run {
    let defaults = [
        ("integer", json!(5)),
        ("float", json!(0.5)),
        ("boolean", json!(true)),
        ("text", json!("usual")),
        ("mode", json!("fast")),
        ("optional", json!(null)),
        ("note", json!(null)),
    ];
    defaults.into_iter().fold(run, |run, (name, default)| {
        let other = others.iter().find(|(other, _)| *other == name);
        run.returned(name, other.map_or(default, |(_, value)| value.clone()))
    })
}

/// Returns a run of `typed-lists` whose arguments have the declared types.
fn lists() -> Run {
    Run::succeeds()
        .typed("integers", " null ")
        .typed("texts", r#"["a,]", "\u00e9\"", "1"]"#)
        .typed("trials", r#"[ {"size": 3, "rate": 1, "name": "x", "note": null} ]"#)
        .typed("anything", "[null, 1e2]")
        .returned("integers", json!([1]))
        .returned("texts", json!(["a,]", "é\"", "1"]))
        .returned("trials", json!([{"rate": 1.0, "size": 3, "name": "x", "note": null}]))
        .returned("anything", json!([null, 100.0]))
}

/// Adds one run for each rejected string, with the expected message.
fn rejected(case: Case, expected: &[(&str, &str, &[&str])]) -> Case {
    let runs = expected.iter().flat_map(|(name, expected, texts)| {
        texts.iter().map(move |text| {
            let message = format!("invalid argument `{name}`: expected {expected}, found `{text}`");
            Run::refuses_argument(name, text, &message)
        })
    });
    runs.fold(case, Case::run)
}

pub(super) fn cases() -> Vec<Case> {
    let null = ["integer", "float", "boolean", "mode", "optional"];
    let nulls =
        null.iter().fold(Run::succeeds().typed("text", "json:null"), |run, name| run.typed(name, "null"));
    let typed = Run::succeeds()
        .typed("integer", "-007")
        .typed("float", "+1.e2")
        .typed("boolean", "false")
        .typed("text", r#"json:"it's \u007b{x}} \u0024\u00e9""#)
        .typed("mode", "json:\"fast\"")
        .typed("optional", "9223372036854775807")
        .typed("note", "null");
    let expected = [
        ("integer", json!(-7)),
        ("float", json!(100.0)),
        ("boolean", json!(false)),
        ("text", json!("it's {{x}} $é")),
        ("optional", json!(i64::MAX)),
        ("note", json!("null")),
    ];
    vec![
        rejected(
            Case::new("typed-scalars", TypedScalars::definition)
                .run(scalars(nulls, &[]))
                .run(scalars(typed, &expected)),
            &[
                ("integer", "a 64-bit integer", &["1_0", "1e3", "0x1p4", "", "9223372036854775808"]),
                ("float", "a float", &["NaN", "1e999"]),
                ("boolean", "`true` or `false`", &["True"]),
                ("mode", "one of `fast`, `Careful`", &["slow"]),
                ("text", "a string", &["json:1"]),
                ("optional", "a 64-bit integer or `null`", &["json:null"]),
            ],
        ),
        rejected(
            Case::new("typed-lists", TypedLists::definition).run(lists()),
            &[
                ("integers", "a JSON list of type `Vec<i64>`", &["[1.0]", "[null]"]),
                ("texts", "a JSON list of type `Vec<String>`", &["[1]", "['a']"]),
                (
                    "trials",
                    "a JSON list of type `Vec<Trial>`",
                    &[
                        r#"[{"rate": 1, "name": "x"}]"#,
                        r#"[{"rate": 1, "name": "x", "size": "3"}]"#,
                        r#"[{"rate": 1, "name": "x", "size": 3, "more": 1}]"#,
                    ],
                ),
                ("anything", "JSON", &["{a: 1}"]),
            ],
        ),
    ]
}
