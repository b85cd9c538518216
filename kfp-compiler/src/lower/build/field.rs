//! Fields of structs and maps, and elements of lists, in Argo's language.
//!
//! Decoding a JSON text there makes a float of every number, which has not the digits of all integers, and a
//! character of every escape, which would have to be escaped again. So the text is changed before it is decoded:
//! numbers become strings where they may be integers, and the backslashes of escapes become dollars, which do not
//! occur in a value in transit. What is taken out is changed back.

use kfp_argo::expression::Expression;
use kfp_model::Type;
use kfp_model::value::encode;
use serde_json::Value;

use crate::lower::plan::terms::{from_json, replace, to_json};

/// A JSON text up to a number, with its strings as they are, and the number; or what is left.
const NUMBERS: &str = r#"((?:"(?:[^"\\]|\\.)*"|[^-"0-9])*)([-+.eE0-9]+|$)"#;
/// A number that was made a string, as no escape begins with these characters.
const MARKED: &str = r#""[$]([-0-9][^"]*)""#;

/// What is put around every number.
#[derive(Clone, Copy)]
enum Quotes {
    /// The number becomes a string of its digits.
    Plain,
    /// The number becomes a string with a mark before its digits.
    Marked,
}

/// The decoded field; numbers are floats.
pub(in crate::lower) fn decoded(json: Expression, path: &[&str]) -> Expression {
    members(from_json(json), path.iter().copied())
}

/// The decoded field that is an integer, as a string of all its digits.
pub(in crate::lower) fn digits(json: Expression, path: &[&str]) -> Expression {
    decoded(numbers_as_texts(json, Quotes::Plain), path)
}

/// The JSON text of the field, `null` where there is none.
pub(in crate::lower) fn json(json: Expression, path: &[&str], r#type: &Type) -> Expression {
    match r#type.present() {
        Type::Float | Type::Boolean => to_json(decoded(json, path)),
        Type::Integer => Expression::call("trim", [to_json(digits(json, path)), "\"".into()]),
        other => kept(json, path, holds_integers(other)),
    }
}

/// A JSON list of strings, each of which is the JSON text of one element of the list.
pub(in crate::lower) fn elements(list: &Expression, r#type: &Type) -> Expression {
    let Type::List(element) = r#type else { return elements(list, &Type::Any.list()) };
    let each = |list: Expression, text: Expression| to_json(Expression::call("map", [list, text]));
    match &**element {
        // Integers are cut out of the text, which is the shortest way to keep their digits.
        Type::Integer => {
            let inside = Expression::call("trim", [list.clone()]).slice(Some(1.into()), Some((-1).into()));
            let numbers = Expression::call("split", [inside, ",".into()]);
            let is_empty = Expression::call("len", [from_json(list.clone())]).equal(0.into());
            is_empty.then_else("[]".into(), each(numbers, Expression::call("trim", [Expression::item()])))
        }
        Type::Float | Type::Boolean => each(from_json(list.clone()), to_json(Expression::item())),
        other => {
            let numbers = holds_integers(other);
            let values = changed(list.clone(), &[], numbers);
            each(from_json(values), restored(to_json(Expression::item()), numbers))
        }
    }
}

/// The JSON text of the field with all its escapes, and with all digits where it may hold integers.
fn kept(json: Expression, path: &[&str], numbers: bool) -> Expression {
    let names: Vec<String> = path
        .iter()
        .map(|name| {
            let text = encoded_name(name).replace('\\', "$");
            text[1..text.len() - 1].to_owned()
        })
        .collect();
    let field = members(from_json(changed(json, path, numbers)), names.iter().map(String::as_str));
    restored(to_json(field), numbers)
}

/// The JSON text without escapes, and without numbers where they are to be kept.
fn changed(json: Expression, path: &[&str], numbers: bool) -> Expression {
    let mut text = replace(replace(json, r"\\", r"\u005c"), r#"\""#, r"\u0022");
    for name in path.iter().filter(|name| !name.is_ascii()) {
        // People type names as they are.
        text = replace(text, &format!("\"{name}\""), &encoded_name(name));
    }
    text = replace(text, r"\", "$");
    if numbers { numbers_as_texts(text, Quotes::Marked) } else { text }
}

/// What was taken out of a changed text, with its escapes and numbers.
fn restored(text: Expression, numbers: bool) -> Expression {
    let text = if numbers { replace_all(MARKED, text, "${1}") } else { text };
    replace(text, "$", r"\")
}

/// Every number of the JSON text put in quotes; so is the nothing at its end, which is cut off.
fn numbers_as_texts(json: Expression, quotes: Quotes) -> Expression {
    let (replacement, end) = match quotes {
        Quotes::Plain => (r#"${1}"${2}""#, -2),
        Quotes::Marked => (r#"${1}"$$${2}""#, -3),
    };
    replace_all(NUMBERS, json, replacement).slice(None, Some(end.into()))
}

fn replace_all(pattern: &str, text: Expression, replacement: &str) -> Expression {
    Expression::library_call("sprig", "regexReplaceAll", [pattern.into(), text, replacement.into()])
}

/// The name in JSON, with escapes of which none ends in a quote or a backslash.
fn encoded_name(name: &str) -> String {
    let text = encode(&Value::from(name));
    let inner = text[1..text.len() - 1].replace(r"\\", r"\u005c").replace("\\\"", r"\u0022");
    format!("\"{inner}\"")
}

fn members<'n>(of: Expression, names: impl Iterator<Item = &'n str>) -> Expression {
    names.fold(of, |of, name| of.index(name.into()))
}

/// Whether values of the type may have integers in them.
fn holds_integers(r#type: &Type) -> bool {
    match r#type {
        Type::Integer | Type::Any | Type::Artifact(_) => true,
        Type::String | Type::Float | Type::Boolean | Type::Secret | Type::Enum(_) => false,
        Type::List(inner) | Type::Map(inner) | Type::Option(inner) => holds_integers(inner),
        Type::Struct(structure) => structure.fields.values().any(|field| holds_integers(&field.r#type)),
    }
}
