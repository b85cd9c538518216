//! The entry: what people type as arguments is checked and encoded before anything else starts.

use kfp_model::value::encode;
use kfp_model::{Input, Type};
use serde_json::Value;

use super::expression::{protect, quote};
use super::scope::Source;
use kfp_argo::Parameter;

/// The parameter of the workflow that stands for an input of the pipeline, with its default.
pub(super) fn argument(name: &str, input: &Input, given: Option<&Value>) -> Parameter {
    let default = given.or(input.default.as_ref()).cloned();
    let default = default.or_else(|| input.r#type.is_option().then_some(Value::Null));
    Parameter {
        name: name.to_owned(),
        description: (!input.description.is_empty()).then(|| input.description.clone()),
        value: default.map(|value| typed_in(&value, &input.r#type)),
        ..Parameter::default()
    }
}

/// A value as somebody would type it: text as it is where nothing in it could be misread, else as JSON.
pub(crate) fn typed_in(value: &Value, r#type: &Type) -> String {
    let is_text = *r#type.present() == Type::Text || *r#type.present() == Type::Secret;
    match value {
        Value::String(uri) if r#type.artifact().is_some() => uri.clone(),
        Value::String(text) if is_text || matches!(r#type.present(), Type::Enum(_)) => {
            let plain = text.chars().all(|character| (' '..='~').contains(&character));
            if plain && !text.contains("{{") && !text.contains('$') && !text.starts_with("json:") {
                text.clone()
            } else {
                format!("json:{}", encode(value))
            }
        }
        Value::Null if *r#type.present() == Type::Text => "json:null".to_owned(),
        value => encode(value),
    }
}

/// The tag that checks what was typed in against the type and gives its JSON text.
///
/// Where it does not fit, `fromJSON` of a remark fails, and the node's message shows both.
pub(super) fn encoded(source: &Source, name: &str, r#type: &Type) -> String {
    format!("{{{{={}}}}}", checked(&source.expression(), name, r#type))
}

pub(super) fn checked(typed: &str, name: &str, r#type: &Type) -> String {
    let refuse = |expected: &str| format!("fromJSON({})", quote(&format!("{name}: not {expected}")));
    match r#type {
        Type::Text => text(typed, &["string"], &refuse("text")),
        Type::Option(inner) if **inner == Type::Text => text(typed, &["string", "nil"], &refuse("text")),
        Type::Option(inner) if matches!(**inner, Type::Enum(_)) => {
            format!("{typed} in ['null', 'json:null'] ? 'null' : ({})", checked(typed, name, inner))
        }
        Type::Option(inner) => format!("{typed} == 'null' ? 'null' : ({})", checked(typed, name, inner)),
        Type::Integer => format!("string(int({typed}))"),
        Type::Float => format!("toJson(float({typed}))"),
        Type::Boolean => format!("{typed} in ['true', 'false'] ? {typed} : {}", refuse("true or false")),
        Type::Enum(choice) => {
            let expected = format!("one of {}", choice.variants.join(", "));
            one_of(typed, &choice.variants, &refuse(&expected))
        }
        Type::Secret => {
            let form = quote("^[a-z0-9]([-.a-z0-9]*[a-z0-9])?/[-._a-zA-Z0-9]+$");
            format!("{typed} matches {form} ? {typed} : {}", refuse("NAME/KEY"))
        }
        Type::List(_) => structured(typed, "array", &refuse("a list")),
        Type::Map(_) | Type::Struct(_) | Type::Artifact(_) => structured(typed, "map", &refuse("a struct")),
        Type::Any => format!("type(fromJSON({typed})) != '' ? {} : ''", protect(typed)),
    }
}

/// Text is taken as it is, or after `json:` as a JSON text.
fn text(typed: &str, types: &[&str], refused: &str) -> String {
    let allowed: Vec<String> = types.iter().map(|name| quote(name)).collect();
    let json = format!("{typed}[5:]");
    let raw = protect(&format!("toJson({typed})"));
    format!(
        "hasPrefix({typed}, 'json:') ? (type(fromJSON({json})) in [{}] ? {} : {refused}) : {raw}",
        allowed.join(", "),
        protect(&json)
    )
}

/// One of these texts is taken as it is, or after `json:` as a JSON text.
fn one_of(typed: &str, variants: &[String], refused: &str) -> String {
    let member = |variant: &String| {
        let name = quote(variant);
        // Only a literal can be a key as it stands.
        let key = if name.contains("'+'") { format!("({name})") } else { name };
        format!("{key}: {}", quote(&encode(&Value::from(variant.as_str()))))
    };
    let members: Vec<String> = variants.iter().map(member).collect();
    let text = format!("hasPrefix({typed}, 'json:') ? fromJSON({typed}[5:]) : {typed}");
    format!("{{{}}}[{text}] ?? {refused}", members.join(", "))
}

/// Lists and structs keep their text, so that no number in them loses digits.
fn structured(typed: &str, expected: &str, refused: &str) -> String {
    format!("type(fromJSON({typed})) == '{expected}' ? {} : {refused}", protect(typed))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn defaults_are_written_as_people_type_them_where_that_is_safe() {
        for (value, r#type, expected) in [
            (json!("plain text"), Type::Text, "plain text"),
            (json!("$(HOME)"), Type::Text, r#"json:"\u0024(HOME)""#),
            (json!("{{x}}"), Type::Text, r#"json:"{\u007bx}}""#),
            (json!("json:x"), Type::Text, r#"json:"json:x""#),
            (json!("é"), Type::Text, r#"json:"\u00e9""#),
            (json!(null), Type::Text.option(), "json:null"),
            (json!(null), Type::Integer.option(), "null"),
            (json!(0.92), Type::Float, "0.92"),
            (json!(["a"]), Type::Text.list(), r#"["a"]"#),
            (json!("slack/url"), Type::Secret, "slack/url"),
            (json!("plain"), Type::Any, r#""plain""#),
        ] {
            assert_eq!(typed_in(&value, &r#type), expected);
        }
    }
}
