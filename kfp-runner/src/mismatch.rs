//! Which part of a value does not have the declared type.

use kfp_model::Type;
use serde_json::Value;

use crate::evaluate::shown;

/// Describes the first part of the value that does not have its type, such as ``expected a float in `rates[1]`, found
/// `"x"` ``. Returns `None` if only the value as a whole can be described, or if it has the type.
pub(crate) fn mismatch(name: &str, r#type: &Type, value: &Value) -> Option<String> {
    let (path, expected, found) = part(r#type, value, String::new())?;
    (!path.is_empty()).then(|| format!("expected {expected} in `{name}{path}`, found {found}"))
}

/// Returns the path of the part, what is expected there, and what was found.
fn part(r#type: &Type, value: &Value, path: String) -> Option<(String, String, String)> {
    if r#type.accepts_value(value) {
        return None;
    }
    let nested = match (r#type.present(), value) {
        (Type::List(element), Value::Array(items)) => {
            items.iter().enumerate().find_map(|(idx, item)| part(element, item, format!("{path}[{idx}]")))
        }
        (Type::Map(element), Value::Object(entries)) => {
            entries.iter().find_map(|(key, entry)| part(element, entry, format!("{path}[{key:?}]")))
        }
        (Type::Struct(structure), Value::Object(entries)) => structure
            .fields
            .iter()
            .find_map(|(name, field)| part(&field.r#type, entries.get(name)?, format!("{path}.{name}"))),
        _ => None,
    };
    // The value of a secret must not be shown.
    let found = || match r#type.present() {
        Type::Secret => "another value".to_owned(),
        _ => shown(value),
    };
    Some(nested.unwrap_or_else(|| (path.clone(), r#type.expectation(), found())))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_innermost_part_is_described() {
        let kind = json!({"enum": {"name": "Kind", "variants": ["svm", "knn"]}});
        let trial = json!({"struct": {"name": "Trial", "fields": {
            "rate": {"type": "float"}, "kinds": {"type": {"list": kind}},
        }}});
        for (r#type, value, expected) in [
            (
                json!({"list": kind}),
                json!(["svm", "svn"]),
                Some("expected one of `svm`, `knn` in `it[1]`, found `\"svn\"`"),
            ),
            (json!({"list": kind}), json!(["svm"]), None),
            (json!({"list": kind}), json!("svm"), None),
            (
                json!({"map": "float"}),
                json!({"a": 1, "b": "x"}),
                Some("expected a float in `it[\"b\"]`, found `\"x\"`"),
            ),
            (
                json!({"option": {"list": "integer"}}),
                json!([1, 0.5]),
                Some("expected a 64-bit integer in `it[1]`, found `0.5`"),
            ),
            (
                json!({"list": trial}),
                json!([{"rate": 1, "kinds": ["tree"]}]),
                Some("expected one of `svm`, `knn` in `it[0].kinds[0]`, found `\"tree\"`"),
            ),
            (trial.clone(), json!({"rate": 1}), None),
            (
                json!({"list": "secret"}),
                json!(["hunter2"]),
                Some(
                    "expected the name and key of a secret, such as `slack/url` in `it[0]`, found another value",
                ),
            ),
        ] {
            let of: Type = serde_json::from_value(r#type).unwrap();
            assert_eq!(mismatch("it", &of, &value).as_deref(), expected, "{value}");
        }
    }
}
