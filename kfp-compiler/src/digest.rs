//! Digests of components and steps, which cache keys contain.
//!
//! Descriptions, resources, retries, file names and the credentials of a package index are not part of a digest, because
//! they do not affect results, and credentials could be guessed from a digest.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use kfp_model::{
    Cache, Component, EnvironmentValue, Implementation, Input, Output, Type, split_credentials, value,
};
use serde_json::{Map, Value, json};

pub use kfp_digest::sha256_hex;

/// Returns the digest of interface, image, command, source, modules and `cache_version` of a component, as 64 hex digits.
///
/// `image` is the default image of components that do not set one. The parts are hashed as one canonical JSON text, so
/// all backends compute the same digest for the same image.
pub fn component_digest(component: &Component, image: Option<&str>) -> String {
    sha256_hex(value::encode(&parts(component, image)).as_bytes())
}

/// Returns the digest of a step, which covers its component and its environment.
///
/// Literal values are included, but of secrets and config maps only names and keys, because a cache key must not depend
/// on the content of a secret. The order of variables makes no difference.
pub fn step_digest(
    component: &Component,
    image: Option<&str>,
    environment: &IndexMap<String, EnvironmentValue>,
) -> String {
    sha256_hex(value::encode(&step_parts(component, image, environment)).as_bytes())
}

/// Returns what the digest of a step covers, as one object.
pub fn step_parts(
    component: &Component,
    image: Option<&str>,
    environment: &IndexMap<String, EnvironmentValue>,
) -> Value {
    let mut parts = parts(component, image);
    if !environment.is_empty() {
        parts["environment"] = json!(environment);
    }
    parts
}

fn parts(component: &Component, image: Option<&str>) -> Value {
    let mut parts = json!({
        "name": component.name,
        "inputs": inputs(&component.inputs),
        "outputs": outputs(&component.outputs),
        "implementation": implementation(&component.implementation, image),
        "cache_version": cache_version(component),
    });
    if let Some(modules) = modules(&component.implementation) {
        parts["modules"] = json!(modules);
    }
    parts
}

/// Returns the modules that the source of the component can import, if there are any.
fn modules(implementation: &Implementation) -> Option<&BTreeMap<String, String>> {
    let modules = match implementation {
        Implementation::Python(step) => &step.modules,
        Implementation::Notebook(step) => &step.modules,
        Implementation::Rust(_) | Implementation::Container(_) => return None,
    };
    (!modules.is_empty()).then_some(modules)
}

fn inputs(inputs: &IndexMap<String, Input>) -> Value {
    let input = |(name, input): (&String, &Input)| {
        let mut parts = json!({"type": type_parts(&input.r#type)});
        if let Some(default) = &input.default {
            parts["default"] = default.clone();
        }
        (name.clone(), parts)
    };
    Value::Object(inputs.iter().map(input).collect::<Map<_, _>>())
}

/// Returns the outputs as a list, because the order of returned values identifies them.
fn outputs(outputs: &IndexMap<String, Output>) -> Value {
    outputs.iter().map(|(name, output)| json!([name, type_parts(&output.r#type)])).collect()
}

/// Returns the name and schema of a type, with the version of an artifact.
fn type_parts(r#type: &Type) -> Value {
    let version = r#type.artifact().map(|artifact| artifact.version.clone());
    json!([r#type.to_string(), r#type.json_schema(), version])
}

fn implementation(implementation: &Implementation, default: Option<&str>) -> Value {
    match implementation {
        Implementation::Rust(step) => json!({"rust": {"image": step.image.as_deref().or(default)}}),
        Implementation::Notebook(step) => json!({"notebook": {
            "image": step.image.as_deref().or(default),
            "source": step.source,
            "packages": step.packages,
            "pip_index": step.pip_index.as_deref().map(|index| split_credentials(index).0),
        }}),
        Implementation::Python(step) => json!({"python": {
            "image": step.image.as_deref().or(default),
            "source": step.source,
            "function": step.function,
            "packages": step.packages,
            "pip_index": step.pip_index.as_deref().map(|index| split_credentials(index).0),
        }}),
        Implementation::Container(step) => json!({"container": {
            "image": step.image,
            "command": step.command,
            "args": step.args,
        }}),
    }
}

fn cache_version(component: &Component) -> Option<&str> {
    match &component.policy.cache {
        Some(Cache::For { version, .. }) => version.as_deref(),
        Some(Cache::Off) | None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn component(changes: &Value) -> Component {
        let mut component = json!({
            "name": "train",
            "description": "Trains.",
            "inputs": {"rate": {"type": "float", "description": "The rate.", "default": 0.1}},
            "outputs": {"accuracy": {"type": "float"}},
            "implementation": {"python": {
                "file": "train.py", "source": "def train(rate): ...", "function": "train",
            }},
        });
        for (pointer, value) in changes.as_object().unwrap() {
            let (parent, key) = pointer.rsplit_once('/').unwrap();
            component.pointer_mut(parent).unwrap()[key] = value.clone();
        }
        serde_json::from_value(component).unwrap()
    }

    #[test]
    fn only_parts_that_affect_results_count() {
        let digest = component_digest(&component(&json!({})), None);
        let version = json!({"cache": {"for": {"max_age": "1h", "version": "2"}}});
        for (changes, same) in [
            (json!({"/description": "Trains well."}), true),
            (json!({"/inputs/rate/description": "Another."}), true),
            (json!({"/implementation/python/file": "b.py"}), true),
            (json!({"/policy": {"timeout": "5s"}}), true),
            (json!({"/policy": version}), false),
            (json!({"/name": "fit"}), false),
            (json!({"/inputs/rate/default": 0.2}), false),
            (json!({"/inputs/rate/type": "integer"}), false),
            (json!({"/implementation/python/source": "def train(rate): pass"}), false),
            (json!({"/implementation/python/packages": ["numpy"]}), false),
            (json!({"/implementation/python/pip_index": "https://host"}), false),
            (json!({"/implementation/python/modules": {}}), true),
            (json!({"/implementation/python/modules": {"a.py": ""}}), false),
            (json!({"/implementation/python/image": "python:3.12"}), false),
        ] {
            assert_eq!(component_digest(&component(&changes), None) == digest, same, "{changes}");
        }
    }

    #[test]
    fn the_credentials_of_an_index_do_not_count() {
        let digest = |index: &str| {
            component_digest(&component(&json!({"/implementation/python/pip_index": index})), None)
        };
        assert_eq!(digest("https://me:one@host/simple"), digest("https://host/simple"));
        assert_ne!(digest("https://me:one@host/simple"), digest("https://me:one@host/other"));
    }

    #[test]
    fn the_environment_counts() {
        let digest = |environment: Value| {
            let environment = serde_json::from_value(environment).unwrap();
            step_digest(&component(&json!({})), None, &environment)
        };
        assert_eq!(digest(json!({})), component_digest(&component(&json!({})), None));
        let secret = |key: &str| json!({"secret": {"name": "hub", "key": key}});
        let map = |key: &str| json!({"config_map": {"name": "hub", "key": key}});
        let all = [
            json!({}),
            json!({"A": {"literal": "1"}}),
            json!({"A": {"literal": "2"}}),
            json!({"B": {"literal": "1"}}),
            json!({"A": secret("token")}),
            json!({"A": secret("other")}),
            json!({"A": map("token")}),
        ];
        let digests: std::collections::BTreeSet<String> = all.iter().cloned().map(digest).collect();
        assert_eq!(digests.len(), all.len());
        let (one, two) = (json!({"literal": "1"}), json!({"literal": "2"}));
        let ordered = |names: [&str; 2]| {
            let environment =
                names.map(|name| (name.to_owned(), if name == "A" { &one } else { &two }.clone()));
            let environment: IndexMap<String, EnvironmentValue> = environment
                .into_iter()
                .map(|(name, value)| (name, serde_json::from_value(value).unwrap()))
                .collect();
            step_digest(&component(&json!({})), None, &environment)
        };
        assert_eq!(ordered(["A", "B"]), ordered(["B", "A"]));
    }

    #[test]
    fn the_image_of_a_component_overrides_the_default() {
        let named = component(&json!({"/implementation/python/image": "python:3.12"}));
        let expected = component_digest(&component(&json!({})), Some("python:3.12"));
        assert_eq!(component_digest(&named, Some("other")), expected);
    }
}
