//! Lowers accesses to fields of structs and maps, and to elements of lists.
//!
//! When Argo decodes JSON, every number becomes a float, which loses digits of large integers, and every escape becomes
//! a character, which would have to be escaped again. So the text is changed before it is decoded: numbers that may be
//! integers become strings, and the backslashes of escapes become dollar signs, which do not occur in encoded values.
//! The result is changed back.

use kfp_argo::expression::Expression;
use kfp_model::Type;
use kfp_model::value::encode;
use serde_json::Value;

use crate::lower::plan::terms::{from_json, replace, to_json};

/// JSON text up to a number, including strings, and the number; or the rest of the text.
const NUMBERS: &str = r#"((?:"(?:[^"\\]|\\.)*"|[^-"0-9])*)([-+.eE0-9]+|$)"#;
/// A number that was converted to a string. No escape starts with these characters.
const MARKED: &str = r#""[$]([-0-9][^"]*)""#;

/// The quotes around converted numbers.
#[derive(Clone, Copy)]
enum Quotes {
    /// The number becomes a string of its digits.
    Plain,
    /// The number becomes a string with a mark before its digits.
    Marked,
}

/// Returns the expression for the decoded field; numbers are floats.
pub(in crate::lower) fn decoded(json: Expression, path: &[&str]) -> Expression {
    members(from_json(json), path.iter().copied())
}

/// Returns the expression for a decoded integer field, as a string of all its digits.
pub(in crate::lower) fn digits(json: Expression, path: &[&str]) -> Expression {
    decoded(numbers_as_strings(json, Quotes::Plain), path)
}

/// Returns the expression for the JSON text of the field, or `null` if it is absent.
pub(in crate::lower) fn json(json: Expression, path: &[&str], r#type: &Type) -> Expression {
    match r#type.present() {
        Type::Float | Type::Boolean => to_json(decoded(json, path)),
        Type::Integer => Expression::call("trim", [to_json(digits(json, path)), "\"".into()]),
        other => unchanged(json, path, may_contain_integers(other)),
    }
}

/// Returns the expression for a JSON list of strings, each of which is the JSON text of one element.
pub(in crate::lower) fn elements(list: &Expression, r#type: &Type) -> Expression {
    let Type::List(element) = r#type else { return elements(list, &Type::Any.list()) };
    let each = |list: Expression, text: Expression| to_json(Expression::call("map", [list, text]));
    match &**element {
        // The text is split, which is the shortest way to keep all digits of integers.
        Type::Integer => {
            let inside = Expression::call("trim", [list.clone()]).slice(Some(1.into()), Some((-1).into()));
            let numbers = Expression::call("split", [inside, ",".into()]);
            let is_empty = Expression::call("len", [from_json(list.clone())]).equal(0.into());
            is_empty.then_else("[]".into(), each(numbers, Expression::call("trim", [Expression::item()])))
        }
        Type::Float | Type::Boolean => each(from_json(list.clone()), to_json(Expression::item())),
        other => {
            let numbers = may_contain_integers(other);
            let values = changed(list.clone(), &[], numbers);
            each(from_json(values), restored(to_json(Expression::item()), numbers))
        }
    }
}

/// Returns the expression for the JSON text of the field with all its escapes, and with all digits if `numbers`.
fn unchanged(json: Expression, path: &[&str], numbers: bool) -> Expression {
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

/// Replaces the escapes and, if `numbers`, the numbers of a JSON text.
fn changed(json: Expression, path: &[&str], numbers: bool) -> Expression {
    let mut text = replace(replace(json, r"\\", r"\u005c"), r#"\""#, r"\u0022");
    for name in path.iter().filter(|name| !name.is_ascii()) {
        // Users may write names without escapes.
        text = replace(text, &format!("\"{name}\""), &encoded_name(name));
    }
    text = replace(text, r"\", "$");
    if numbers { numbers_as_strings(text, Quotes::Marked) } else { text }
}

/// Restores the escapes and numbers in a part of a changed text.
fn restored(text: Expression, numbers: bool) -> Expression {
    let text = if numbers { replace_all(MARKED, text, "${1}") } else { text };
    replace(text, "$", r"\")
}

/// Puts every number of the JSON text in quotes. The empty match at the end is also quoted, and cut off.
fn numbers_as_strings(json: Expression, quotes: Quotes) -> Expression {
    let (replacement, end) = match quotes {
        Quotes::Plain => (r#"${1}"${2}""#, -2),
        Quotes::Marked => (r#"${1}"$$${2}""#, -3),
    };
    replace_all(NUMBERS, json, replacement).slice(None, Some(end.into()))
}

fn replace_all(pattern: &str, text: Expression, replacement: &str) -> Expression {
    Expression::library_call("sprig", "regexReplaceAll", [pattern.into(), text, replacement.into()])
}

/// Returns the name as a JSON string in which no escape ends in a quote or a backslash.
fn encoded_name(name: &str) -> String {
    let text = encode(&Value::from(name));
    let inner = text[1..text.len() - 1].replace(r"\\", r"\u005c").replace("\\\"", r"\u0022");
    format!("\"{inner}\"")
}

fn members<'n>(of: Expression, names: impl Iterator<Item = &'n str>) -> Expression {
    names.fold(of, |of, name| of.index(name.into()))
}

/// Whether values of the type may contain integers.
fn may_contain_integers(r#type: &Type) -> bool {
    match r#type {
        Type::Integer | Type::Any | Type::Artifact(_) => true,
        Type::String | Type::Float | Type::Boolean | Type::Secret | Type::Enum(_) => false,
        Type::List(inner) | Type::Map(inner) | Type::Option(inner) => may_contain_integers(inner),
        Type::Struct(structure) => structure.fields.values().any(|field| may_contain_integers(&field.r#type)),
    }
}
