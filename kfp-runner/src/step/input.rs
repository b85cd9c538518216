//! The executor input: the inputs of a step and the paths of its outputs.

use std::collections::BTreeMap;
use std::env;
use std::io;
use std::path::{Path, PathBuf};

use kfp_model::{Component, Implementation, Type};
use serde_json::{Map, Value, json};

use super::Layout;
use crate::files::{Transfer, transfer};
use crate::{artifact, private};

/// Creates the executor input of a component with these inputs.
///
/// Input artifacts are copied, so that changes by the step have no effect on others, as on a cluster. Plain containers
/// need no copies, as their inputs are mounted read-only.
pub(super) fn executor_input(
    component: &Component,
    inputs: &BTreeMap<String, Value>,
    layout: &Layout,
) -> io::Result<Value> {
    Ok(json!({
        "inputs": input_part(component, inputs, layout)?,
        "outputs": output_part(component, layout),
    }))
}

fn input_part(component: &Component, inputs: &BTreeMap<String, Value>, layout: &Layout) -> io::Result<Value> {
    let (mut parameters, mut artifacts, mut paths) = (Map::new(), Map::new(), Map::new());
    for (name, input) in &component.inputs {
        let value = inputs.get(name).unwrap_or(&Value::Null);
        if input.r#type.artifact().is_none() {
            if *input.r#type.present() != Type::Secret {
                parameters.insert(name.clone(), value.clone());
            }
            continue;
        }
        let copies = !matches!(component.implementation, Implementation::Container(_));
        if let Some(path) = input_path(name, value, layout, copies)? {
            paths.insert(name.clone(), Value::String(text(&path)));
        }
        let list = match value {
            Value::Array(items) => Value::Array(items.clone()),
            single => json!([single]),
        };
        artifacts.insert(name.clone(), json!({"artifacts": list}));
    }
    Ok(json!({"parameterValues": parameters, "artifacts": artifacts, "paths": paths}))
}

/// Returns the path of an input artifact, or the folder of a list of them.
fn input_path(name: &str, value: &Value, layout: &Layout, copies: bool) -> io::Result<Option<PathBuf>> {
    let path = layout.input(name);
    match value {
        Value::Null => Ok(None),
        Value::Array(_) => {
            private::create_folder(&path)?;
            let mut result = Ok(());
            artifact::for_each(value, &mut |entry| {
                if result.is_ok() && copies {
                    let key = entry["key"].as_str().unwrap_or_default().trim_start_matches('/');
                    result = copy(entry, &path.join(key), layout.store());
                }
            });
            result.map(|()| Some(path))
        }
        single if copies => copy(single, &path, layout.store()).map(|()| Some(path)),
        single => Ok(artifact::path_of(layout.store(), single)),
    }
}

/// Copies an artifact, unless it has already been copied: a list may contain it twice.
fn copy(entry: &Value, to: &Path, store: &Path) -> io::Result<()> {
    let Some(source) = artifact::path_of(store, entry) else { return Ok(()) };
    if to.exists() {
        return Ok(());
    }
    if let Some(parent) = to.parent() {
        private::create_folder(parent)?;
    }
    let copied = transfer(&source, to, Transfer::Copy);
    copied
        .map_err(|error| io::Error::new(error.kind(), format!("cannot copy `{}`: {error}", source.display())))
}

fn output_part(component: &Component, layout: &Layout) -> Value {
    let (mut parameters, mut artifacts, mut paths) = (Map::new(), Map::new(), Map::new());
    for (name, output) in &component.outputs {
        parameters.insert(name.clone(), json!({"outputFile": text(&layout.parameter(name))}));
        if let Some(r#type) = output.r#type.artifact() {
            let value = artifact::value(name, r#type, &layout.artifact_key(name), &layout.artifact(name));
            artifacts.insert(name.clone(), json!({"artifacts": [value]}));
            paths.insert(name.clone(), Value::String(text(&layout.partial_artifact(name))));
        }
    }
    json!({
        "parameters": parameters,
        "artifacts": artifacts,
        "paths": paths,
        "outputFile": text(&layout.executor_output()),
    })
}

/// Returns the environment variable with the secret of an input.
pub(super) fn secret_variable(input: &str) -> String {
    let name: String = input
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_uppercase() } else { '_' })
        .collect();
    format!("KFP_SECRET_{name}")
}

fn text(path: &Path) -> String {
    debug_assert!(path.is_absolute() || env::current_dir().is_err(), "the folder of the store is absolute");
    path.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn variables_of_secrets_have_valid_names() {
        for (input, variable) in [("token", "KFP_SECRET_TOKEN"), ("slack-url é", "KFP_SECRET_SLACK_URL__")] {
            assert_eq!(secret_variable(input), variable);
        }
    }

    #[test]
    fn input_artifacts_are_copies() {
        let store = tempfile::tempdir().unwrap();
        let layout = Layout::new(store.path(), "r", "select", 1);
        let model = json!({"artifact": {"name": "system.Model", "version": "0.0.1"}});
        let component: Component = serde_json::from_value(json!({
            "name": "select",
            "inputs": {
                "models": {"type": {"list": model}},
                "one": {"type": model},
                "none": {"type": {"option": model}},
                "token": {"type": "secret"},
                "rate": {"type": "float"},
            },
            "implementation": {"rust": {}},
        }))
        .unwrap();
        let entry = |key: &str| {
            let path = store.path().join(key);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, key).unwrap();
            json!({"key": key, "type": {"schemaTitle": "system.Model"}})
        };
        let elsewhere = tempfile::tempdir().unwrap();
        let outside = elsewhere.path().join("m").display().to_string();
        let inputs = BTreeMap::from([
            (
                "models".to_owned(),
                json!([[entry("runs/r/a/1/out-a/m")], [null, entry("runs/r/b/1/out-b/m")]]),
            ),
            ("one".to_owned(), entry(&outside)),
            ("token".to_owned(), json!("a/b")),
            ("rate".to_owned(), json!(1)),
        ]);
        let input = executor_input(&component, &inputs, &layout).unwrap();
        assert_eq!(input["inputs"]["parameterValues"], json!({"rate": 1}));
        assert_eq!(input["inputs"]["artifacts"]["none"], json!({"artifacts": [null]}));
        let path = |name: &str| Path::new(input["inputs"]["paths"][name].as_str().unwrap()).to_owned();
        fs::write(path("one"), "changed").unwrap();
        assert_eq!(fs::read_to_string(&outside).unwrap(), outside);
        for key in ["runs/r/a/1/out-a/m", "runs/r/b/1/out-b/m"] {
            assert_eq!(fs::read_to_string(path("models").join(key)).unwrap(), key);
            fs::write(path("models").join(key), "changed").unwrap();
            assert_eq!(fs::read_to_string(store.path().join(key)).unwrap(), key);
        }
        layout.close();
        assert!(!path("one").exists());
    }
}
