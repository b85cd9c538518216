//! Fixed cases: expressions that once differed, and strings that users type.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::case::Case;
use super::expressions::MAKE;

/// An integer that no float can represent.
const ODD: i64 = 9_007_199_254_740_993;
/// Characters that Go escapes, beyond and within the basic multilingual plane.
const UNPRINTED: &str = "\u{1f3f4}\u{e0067}\u{e007f}\u{7f}\u{85}é";

/// Returns a case with every expression and condition on which the two sides once disagreed.
pub(crate) fn expressions() -> Vec<Case> {
    let field = |of: Value, name: &str| json!({"field": {"of": of, "name": name}});
    let input = |name: &str| json!({"reference": {"input": name}});
    let output = |name: &str| json!({"reference": {"output": {"task": MAKE, "output": name}}});
    let point = |name: &str| field(input("point"), name);
    let constant = |value: Value| json!({"constant": value});
    let text = |parts: &[Value]| json!({"concat": parts});
    let value = |value: Value| json!({"value": value});
    let literal = |text: &str| json!({"literal": text});
    let arguments = [
        ("integer", point("x")),
        ("maybe_integer", point("maybe")),
        ("integers", point("sizes")),
        ("counts", point("ids")),
        ("integer", field(point("inner"), "n")),
        ("float", field(field(output("point"), "inner"), "f")),
        ("maybe_text", point("note")),
        ("point", input("point")),
        ("any", field(input("any"), "f")),
        ("text", point("name")),
        ("text", text(&[literal("a"), value(point("name")), literal("z")])),
        ("text", text(&[value(input("text")), value(point("x")), value(input("float"))])),
        ("text", field(input("labels"), "it's \"{{x}}\" $é\\u003c")),
        ("text", text(&[literal("\\u003c \\\\u0026 u003e {{{ }}} \\"), value(input("boolean"))])),
        ("mode", input("mode")),
        ("mode", point("mode")),
    ];
    let compare = |left: Value, operator: &str, right: Value| json!({"compare": {"left": left, "operator": operator, "right": right}});
    let conditions = [
        compare(point("x"), "equal", constant(json!(ODD))),
        compare(point("x"), "equal", constant(json!(ODD - 1))),
        compare(point("x"), "equal", field(field(output("point"), "inner"), "f")),
        compare(input("float"), "equal", input("integer")),
        compare(input("float"), "less", constant(json!(1e20))),
        compare(input("float"), "greater", constant(json!(i64::MIN))),
        compare(input("float"), "not_equal", constant(json!(5e-324))),
        compare(point("name"), "equal", constant(json!(UNPRINTED))),
        json!({"present": point("perhaps")}),
        json!({"present": point("maybe")}),
    ];
    let arguments = arguments.map(|(name, argument)| (name.to_owned(), read(argument)));
    vec![Case {
        arguments: arguments.to_vec(),
        branches: conditions.into_iter().map(|condition| vec![read(condition)]).collect(),
        lists: vec![
            read(point("sizes")),
            read(input("points")),
            read(input("texts")),
            read(json!({"list": [point("x"), input("float")]})),
        ],
        ..base()
    }]
}

/// Returns a case for each typed string, valid or invalid.
pub(crate) fn typed() -> Vec<Case> {
    let rows: &[(&str, &[&str])] = &[
        ("integer", &["5", "-5", "+5", "007", "-0", "", " 5", "5.0", "1e3", "abc", "null", "0x10", "1_000"]),
        ("integer", &["9223372036854775807", "-9223372036854775808", "9223372036854775808"]),
        ("float", &["1", "1e5", "+1.5", ".5", "5.", "-0", "007", "1e999", "", " 1", "abc", "null", "\"1\""]),
        ("float", &["9007199254740993", "NaN", "inf", "-Infinity", "100000000000000000000000"]),
        ("boolean", &["true", "false", "True", "1", "", "null"]),
        ("mode", &["fast", "json:\"fast\"", "slow", "json:\"slow\"", "json:1", "json:", "", "null"]),
        ("mode", &["json:\"it's \\\"{\\u007bx}}\\\" \\u0024\\u00e9\""]),
        (
            "text",
            &[
                "plain",
                "",
                "null",
                "json:",
                "json:\"x\"",
                "json: \"x\" ",
                "json:1",
                "json:null",
                "'",
                "\\u003c",
                "<&>",
            ],
        ),
        ("maybe_text", &["plain", "null", "json:null", "json:\"null\"", "json:1"]),
        ("maybe_integer", &["5", "null", "", "json:null"]),
        ("maybe_mode", &["fast", "null", "json:\"fast\"", "json:null"]),
        ("maybe_boolean", &["true", "null", "json:null"]),
        ("integers", &["[]", "[1, 2]", " [ 9007199254740993 ] ", "{}", "1", "", "null"]),
        (
            "texts",
            &["[]", " [ \"a,b\" , \"\\\\\" ]\n", "[\"é\"]", "[\"{{\", \"$\"]", "[\"\\u0061\", \"\\/\"]"],
        ),
        ("floats", &["[]", "[ 1e2, 0.10, -0 ]", "[9007199254740993]"]),
        ("counts", &["{}", "{\"a\": 9007199254740993}", "[]", "null", "{"]),
        ("any", &["1", "[1]", "null", "\"x\"", "x", ""]),
    ];
    let list = |name: &str| read(json!({"reference": {"input": name}}));
    let case = |name: &str, text: &str| Case {
        lists: vec![list("integers"), list("texts"), list("floats"), list("points")],
        typed: BTreeMap::from([(name.to_owned(), text.to_owned())]),
        ..base()
    };
    rows.iter().flat_map(|(name, texts)| texts.iter().map(move |text| case(name, text))).collect()
}

/// Returns a case with values of every type and no expressions.
fn base() -> Case {
    let inner = json!({"n": ODD, "t": UNPRINTED, "f": 0.5});
    let point = json!({
        "x": ODD, "y": 1e21, "name": UNPRINTED, "ok": true, "mode": "it's \"{{x}}\" $é", "maybe": i64::MAX,
        "inner": inner, "sizes": [ODD, i64::MIN], "ids": {"a": ODD, "it's \"{{x}}\" $é\\u003c": 0},
    });
    let values = json!({
        "text": UNPRINTED, "integer": ODD, "float": ODD, "boolean": true, "mode": "it's \"{{x}}\" $é",
        "point": point, "maybe_text": null, "maybe_integer": null, "maybe_float": null, "maybe_boolean": null,
        "maybe_mode": null, "maybe_point": null, "texts": [UNPRINTED, "\\\"", "{{{$", ""], "integers": [ODD],
        "floats": [0.1, 1e21, 1.0],
        "points": [point], "counts": {"a": ODD}, "any": {"f": {UNPRINTED: [ODD, 1.5, UNPRINTED]}},
        "labels": {"a": "", "it's \"{{x}}\" $é\\u003c": UNPRINTED},
    });
    let inputs: BTreeMap<String, Value> = read(values);
    let mut outputs = inputs.clone();
    // Steps may write floats like this.
    outputs.insert("point".to_owned(), with(&point, "/inner/f", json!(ODD)));
    Case {
        inputs,
        outputs,
        arguments: Vec::new(),
        branches: Vec::new(),
        lists: Vec::new(),
        typed: BTreeMap::new(),
    }
}

/// Returns `value` with an inner value replaced.
fn with(value: &Value, pointer: &str, inner: Value) -> Value {
    let mut value = value.clone();
    *value.pointer_mut(pointer).expect("the pointer is valid") = inner;
    value
}

fn read<T: DeserializeOwned>(json: Value) -> T {
    serde_json::from_value(json).expect("the row is valid")
}
