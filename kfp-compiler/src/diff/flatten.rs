//! Flattens JSON into facts, one for the path of each value that is not an object.

use serde_json::Value;

use super::fact::{Fact, Facts};

/// Returns the facts of an object. List items with a `name` are identified by it.
pub(super) fn flatten(value: &Value) -> Facts {
    let mut facts = Facts::new();
    collect(value, String::new(), &mut facts);
    facts
}

fn collect(value: &Value, path: String, facts: &mut Facts) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                collect(member, if path.is_empty() { key.clone() } else { format!("{path}.{key}") }, facts);
            }
        }
        Value::Array(items) if !items.is_empty() && items.iter().all(|item| name(item).is_some()) => {
            for item in items {
                collect(item, format!("{path}[{}]", name(item).unwrap_or_default()), facts);
            }
        }
        Value::String(text) => {
            facts.insert(path, Fact::plain(text));
        }
        other => {
            facts.insert(path, Fact::plain(other.to_string()));
        }
    }
}

fn name(item: &Value) -> Option<&str> {
    item.get("name")?.as_str()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_value_has_a_path() {
        let value = json!({
            "image": "a", "env": [{"name": "A", "value": "1"}, {"name": "B"}],
            "args": ["x", "y"], "retry": {"limit": 2, "tiers": {}},
        });
        let facts: Vec<String> =
            flatten(&value).into_iter().map(|(path, fact)| format!("{path}={}", fact.shown)).collect();
        assert_eq!(
            facts,
            [
                "args=[\"x\",\"y\"]",
                "env[A].name=A",
                "env[A].value=1",
                "env[B].name=B",
                "image=a",
                "retry.limit=2"
            ]
        );
    }
}
