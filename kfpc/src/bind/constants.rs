//! Translates defaults of Python arguments to constants for `#[default(..)]`.

use serde_json::Value;

use super::types::RustType;

/// Returns the value as a Rust expression of the type, if there is one.
pub(super) fn constant(r#type: &RustType, value: &Value) -> Option<String> {
    match (r#type.present(), value) {
        (RustType::String, Value::String(text)) => Some(format!("{text:?}")),
        (RustType::Integer, Value::Number(number)) => number.as_i64().map(|number| number.to_string()),
        (RustType::Float, Value::Number(number)) => number.as_f64().map(|number| format!("{number:?}")),
        (RustType::Boolean, Value::Bool(value)) => Some(value.to_string()),
        (RustType::Json, value) => json(value),
        (RustType::List(element), Value::Array(items)) if items.is_empty() => {
            Some(format!("Vec::<{element}>::new()"))
        }
        (RustType::List(element), Value::Array(items)) => {
            // The type of empty lists is inferred from lists with items.
            let is_empty = |item: &Value| item.as_array().is_some_and(Vec::is_empty);
            let all_empty = items.iter().all(is_empty);
            let item = |item: &Value| {
                if is_empty(item) && !all_empty { Some("vec![]".to_owned()) } else { constant(element, item) }
            };
            let items: Option<Vec<String>> = items.iter().map(item).collect();
            Some(format!("vec![{}]", items?.join(", ")))
        }
        (RustType::Enum(choice), Value::String(text)) => {
            let (name, _) = choice.variants.iter().find(|(_, variant)| variant == text)?;
            Some(format!("{}::{name}", choice.name))
        }
        // A map would require the type of each value; its default stays in Python.
        _ => None,
    }
}

/// Returns a call of `json!`. Values with JSON escapes that Rust does not have keep their default in Python.
fn json(value: &Value) -> Option<String> {
    let text = value.to_string();
    let foreign = ["\\u", "\\b", "\\f", "\\/"].iter().any(|escape| text.contains(escape));
    (!foreign).then(|| format!("serde_json::json!({text})"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn constants_have_the_declared_type() {
        let list = |inner: RustType| RustType::List(Box::new(inner));
        for (r#type, value, expected) in [
            (RustType::String, json!("a\"b\n{é}"), Some(r#""a\"b\n{é}""#)),
            (RustType::Integer, json!(-3), Some("-3")),
            (RustType::Integer, json!(0.5), None),
            (RustType::Integer, json!(true), None),
            (RustType::Float, json!(1), Some("1.0")),
            (RustType::Float, json!(0.000_01), Some("1e-5")),
            (RustType::Float.option(), json!(0.5), Some("0.5")),
            (list(RustType::Float), json!([1, 0.5]), Some("vec![1.0, 0.5]")),
            (list(RustType::String), json!([]), Some("Vec::<String>::new()")),
            (list(RustType::String), json!(["a", 1]), None),
            (list(list(RustType::String)), json!([["a"], []]), Some(r#"vec![vec!["a"], vec![]]"#)),
            (list(list(RustType::String)), json!([[]]), Some("vec![Vec::<String>::new()]")),
            (RustType::Json, json!({"a": [1, null]}), Some(r#"serde_json::json!({"a":[1,null]})"#)),
            (RustType::Json, json!("\u{1}"), None),
        ] {
            assert_eq!(constant(&r#type, &value).as_deref(), expected, "{value} as {type}");
        }
    }
}
