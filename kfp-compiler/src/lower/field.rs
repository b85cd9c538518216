//! Fields of structs and maps, and elements of lists, in Argo's language.
//!
//! Decoding a JSON text there makes a float of every number, which has not the digits of all integers, and a
//! character of every escape, which would have to be escaped again. So the text is changed before it is decoded:
//! numbers become texts where they may be integers, and the backslashes of escapes become dollars, which do not
//! occur in a value in transit. What is taken out is changed back.

use kfp_model::Type;
use kfp_model::value::encode;
use serde_json::Value;

use super::expression::quote;

/// A JSON text up to a number, with its strings as they are, and the number; or what is left.
const NUMBERS: &str = r#"((?:"(?:[^"\\]|\\.)*"|[^-"0-9])*)([-+.eE0-9]+|$)"#;
/// A number that was made a text, as no escape begins with these characters.
const MARKED: &str = r#""[$]([-0-9][^"]*)""#;

/// The decoded field; numbers are floats.
pub(super) fn decoded(json: &str, path: &[&str]) -> String {
    format!("fromJSON({json}){}", members(path.iter().map(|name| (*name).to_owned())))
}

/// The decoded field that is an integer, as a text of all its digits.
pub(super) fn digits(json: &str, path: &[&str]) -> String {
    decoded(&numbers_as_texts(json, r#""${2}""#), path)
}

/// The JSON text of the field, `null` where there is none.
pub(super) fn json(json: &str, path: &[&str], r#type: &Type) -> String {
    match r#type.present() {
        Type::Float | Type::Boolean => format!("toJson({})", decoded(json, path)),
        Type::Integer => format!("trim(toJson({}), '\"')", digits(json, path)),
        other => kept(json, path, holds_integers(other)),
    }
}

/// A JSON list of texts, each of which is the JSON text of one element of the list.
pub(super) fn elements(list: &str, r#type: &Type) -> String {
    let Type::List(element) = r#type else { return elements(list, &Type::Any.list()) };
    match &**element {
        // Integers are cut out of the text, which is the shortest way to keep their digits.
        Type::Integer => {
            let numbers = format!("split(trim({list})[1:-1], ',')");
            format!("(len(fromJSON({list})) == 0 ? '[]' : toJson(map({numbers}, trim(#))))")
        }
        Type::Float | Type::Boolean => format!("toJson(map(fromJSON({list}), toJson(#)))"),
        other => {
            let numbers = holds_integers(other);
            let values = changed(list, &[], numbers);
            format!("toJson(map(fromJSON({values}), {}))", restored("toJson(#)", numbers))
        }
    }
}

/// The JSON text of the field with all its escapes, and with all digits where it may hold integers.
fn kept(json: &str, path: &[&str], numbers: bool) -> String {
    let names = path.iter().map(|name| {
        let text = encoded_name(name).replace('\\', "$");
        text[1..text.len() - 1].to_owned()
    });
    let field = format!("toJson(fromJSON({}){})", changed(json, path, numbers), members(names));
    restored(&field, numbers)
}

/// The JSON text without escapes, and without numbers where they are to be kept.
fn changed(json: &str, path: &[&str], numbers: bool) -> String {
    let mut text = format!(r#"replace(replace({json}, '\\\\', '\\u005c'), '\\"', '\\u0022')"#);
    for name in path.iter().filter(|name| !name.is_ascii()) {
        // People type names as they are.
        text = format!("replace({text}, {}, {})", quote(&format!("\"{name}\"")), quote(&encoded_name(name)));
    }
    text = format!(r"replace({text}, '\\', '$')");
    if numbers { numbers_as_texts(&text, r#""$$${2}""#) } else { text }
}

/// What was taken out of a changed text, with its escapes and numbers.
fn restored(text: &str, numbers: bool) -> String {
    let text = if numbers {
        format!("sprig.regexReplaceAll({}, {text}, '${{1}}')", quote(MARKED))
    } else {
        text.to_owned()
    };
    format!(r"replace({text}, '$', '\\')")
}

/// Every number of the JSON text put between these; so is the nothing at its end, which is cut off.
fn numbers_as_texts(json: &str, replacement: &str) -> String {
    let end = replacement.replace("${2}", "").replace("$$", "$").len();
    let replacement = format!("${{1}}{replacement}");
    format!("sprig.regexReplaceAll({}, {json}, {})[:-{end}]", quote(NUMBERS), quote(&replacement))
}

/// The name in JSON, with escapes of which none ends in a quote or a backslash.
fn encoded_name(name: &str) -> String {
    let text = encode(&Value::from(name));
    let inner = text[1..text.len() - 1].replace(r"\\", r"\u005c").replace("\\\"", r"\u0022");
    format!("\"{inner}\"")
}

fn members(names: impl Iterator<Item = String>) -> String {
    names.map(|name| format!("[{}]", quote(&name))).collect()
}

/// Whether values of the type may have integers in them.
fn holds_integers(r#type: &Type) -> bool {
    match r#type {
        Type::Integer | Type::Any | Type::Artifact(_) => true,
        Type::Text | Type::Float | Type::Boolean | Type::Secret | Type::Enum(_) => false,
        Type::List(inner) | Type::Map(inner) | Type::Option(inner) => holds_integers(inner),
        Type::Struct(structure) => structure.fields.values().any(|field| holds_integers(&field.r#type)),
    }
}
