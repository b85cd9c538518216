//! Describes which part of a value does not have the declared type.

use kfp_model::{Type, ValueMismatch};
use serde_json::Value;

use crate::evaluate::shown;

/// Describes the first part of the value that does not have its type, such as ``expected a float in `rates[1]`, found
/// `"x"` ``. Returns `None` if only the value as a whole can be described, or if it has the type.
pub(crate) fn mismatch(name: &str, r#type: &Type, value: &Value) -> Option<String> {
    let ValueMismatch { path, expected, found } = r#type.mismatch(value)?;
    // The value of a secret must not be shown.
    let found = match expected.present() {
        Type::Secret => "another value".to_owned(),
        _ => shown(found),
    };
    (!path.is_empty())
        .then(|| format!("expected {} in `{name}{path}`, found {found}", expected.expectation()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_part_is_described_unless_it_is_a_secret() {
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
            (json!({"list": kind}), json!("svm"), None),
            (
                json!({"list": trial}),
                json!([{"rate": 1, "kinds": ["tree"]}]),
                Some("expected one of `svm`, `knn` in `it[0].kinds[0]`, found `\"tree\"`"),
            ),
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
