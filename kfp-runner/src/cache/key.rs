//! Keys of cached results, with the parts that explain later why a key differs.

use std::collections::BTreeMap;

use kfp_compiler::digest::{sha256_hex, step_parts};
use kfp_model::{Component, Policy, value};
use serde_json::{Value, json};

/// The length in bytes of the longest text that is stored as a part; longer ones are stored as digests.
const LONGEST: usize = 200;

/// The key of a result, and what it was computed from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CacheKey {
    /// The key, 64 hex digits.
    pub(crate) digest: String,
    pub(crate) parts: Parts,
}

/// The parts of a key by name, such as `code`, `environment/MODE` or `inputs/rate`. A part is a short text or a digest.
/// Code, values of environment variables and credentials are only stored as digests, or not at all.
pub(crate) type Parts = BTreeMap<String, String>;

/// What a key covers besides the inputs.
pub(crate) struct KeyContext<'a> {
    pub(crate) component: &'a Component,
    pub(crate) policy: &'a Policy,
    /// The name and the version or digest of the program that runs the step.
    pub(crate) program: Option<(&'a str, &'a str)>,
    pub(crate) namespace: &'a str,
    pub(crate) epoch: u64,
    /// The author's key.
    pub(crate) key: Option<&'a str>,
}

impl KeyContext<'_> {
    /// Returns the parts of the key without those of the inputs.
    pub(crate) fn parts(&self) -> Parts {
        let step = step_parts(self.component, None, &self.policy.environment);
        let mut parts = Parts::new();
        let mut add = |name: &str, text: Option<String>| {
            if let Some(text) = text {
                parts.insert(name.to_owned(), text);
            }
        };
        add("component", Some(self.component.name.clone()));
        add("interface", Some(digest(&json!([step["inputs"], step["outputs"]]))));
        add("cache_version", short(&step["cache_version"]));
        for (name, value) in
            fields(&step["implementation"]).flat_map(|(_, fields_of_kind)| fields(fields_of_kind))
        {
            match name.as_str() {
                "source" => add("code", Some(digest(value))),
                _ => add(name, short(value)),
            }
        }
        for (name, source) in fields(&step["modules"]) {
            add(&format!("modules/{name}"), Some(digest(source)));
        }
        for (name, value) in fields(&step["environment"]) {
            let name = format!("environment/{name}");
            let is_reference = value.get("literal").is_none();
            add(&name, if is_reference { short(value) } else { Some(digest(value)) });
        }
        if let Some((name, version)) = self.program {
            add(name, Some(version.to_owned()));
        }
        add("namespace", Some(self.namespace.to_owned()));
        add("epoch", Some(self.epoch.to_string()));
        add("cache_key", self.key.map(str::to_owned));
        parts
    }
}

#[cfg(test)]
impl CacheKey {
    /// Creates a key without parts.
    pub(crate) fn new(digest: &str) -> Self {
        Self { digest: digest.to_owned(), parts: Parts::new() }
    }
}

/// Returns the name of the part of an input.
pub(crate) fn input_part(name: &str) -> String {
    format!("inputs/{name}")
}

/// Returns whether the part is that of an input.
#[cfg(feature = "store")]
pub(crate) fn is_input(part: &str) -> bool {
    part.starts_with("inputs/")
}

/// Returns the value as text, or its digest if that would be long; `None` for null.
pub(crate) fn short(value: &Value) -> Option<String> {
    let text = match value {
        Value::Null => return None,
        Value::String(text) => text.clone(),
        other => value::encode(other),
    };
    Some(if text.len() <= LONGEST { text } else { digest(value) })
}

fn digest(value: &Value) -> String {
    format!("sha256:{}", sha256_hex(value::encode(value).as_bytes()))
}

fn fields(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_name_what_the_key_covers_without_secrets() {
        let component: Component = serde_json::from_value(json!({
            "name": "train",
            "inputs": {"rate": {"type": "float"}},
            "implementation": {"python": {
                "file": "train.py", "source": "def train(rate): 1", "function": "train", "image": "python:3.12",
                "packages": ["numpy==2"], "pip_index": "https://user:pass@index.example/simple",
                "modules": {"lib/h.py": "RATE = 1"},
            }},
            "policy": {"environment": {
                "MODE": {"literal": "hunter2"}, "TOKEN": {"secret": {"name": "hub", "key": "token"}},
            }},
        }))
        .unwrap();
        let context = KeyContext {
            policy: &component.policy,
            component: &component,
            program: Some(("interpreter", "cpython 3.12.4")),
            namespace: "default",
            epoch: 3,
            key: Some("weekly"),
        };
        let parts = context.parts();
        let shown: Vec<String> = parts.iter().map(|(name, text)| format!("{name}={text}")).collect();
        let digests = ["code", "environment/MODE", "interface", "modules/lib/h.py"];
        for name in digests {
            assert!(parts[name].starts_with("sha256:"), "{shown:?}");
        }
        let others: Vec<&String> =
            shown.iter().filter(|line| !digests.iter().any(|name| line.starts_with(name))).collect();
        assert_eq!(
            others,
            [
                "cache_key=weekly",
                "component=train",
                r#"environment/TOKEN={"secret":{"key":"token","name":"hub"}}"#,
                "epoch=3",
                "function=train",
                "image=python:3.12",
                "interpreter=cpython 3.12.4",
                "namespace=default",
                r#"packages=["numpy==2"]"#,
                "pip_index=https://index.example/simple",
            ]
        );
        let text = shown.join(" ");
        assert!(!text.contains("hunter2") && !text.contains("pass"), "{text}");
    }
}
