//! The executor input of a step: one JSON text into which Argo pastes the arguments.

use kfp_model::{ArtifactType, Component, Input, Type};
use serde_json::Value;

use super::ARTIFACT_ROOT;
use super::leaf::FOLDER;
use super::splice::Splice;

/// Where a step finds an input artifact.
pub(super) fn input_path(name: &str) -> String {
    format!("/tmp/kfp-inputs/{name}")
}

/// The file that gets the JSON text of an output.
pub(super) fn output_file(name: &str) -> String {
    format!("{FOLDER}/out-{name}")
}

/// Where a step puts an output artifact.
pub(super) fn artifact_path(name: &str) -> String {
    format!("{FOLDER}/art-{name}")
}

/// The key of an output artifact: every attempt has a pod name of its own, so nothing is overwritten.
pub(super) fn artifact_key(name: &str) -> String {
    format!("{ARTIFACT_ROOT}/{{{{workflow.uid}}}}/run/{{{{pod.name}}}}/{name}")
}

/// The argument of a step, with tags for everything that is known at run time only.
pub(super) fn write(component: &Component) -> String {
    Splice::object([("inputs", inputs(component)), ("outputs", outputs(component))]).write()
}

fn inputs(component: &Component) -> Splice {
    let tag = |name: &str| Splice::Tag(format!("{{{{inputs.parameters.{name}}}}}"));
    let is_artifact = |input: &Input| input.r#type.artifact().is_some();
    let parameters = component
        .inputs
        .iter()
        .filter(|(_, input)| !is_artifact(input) && *input.r#type.present() != Type::Secret)
        .map(|(name, _)| (name.as_str(), tag(name)));
    let artifacts: Vec<&str> = component
        .inputs
        .iter()
        .filter(|(_, input)| is_artifact(input))
        .map(|(name, _)| name.as_str())
        .collect();
    let values =
        artifacts.iter().map(|name| (*name, Splice::object([("artifacts", Splice::List(vec![tag(name)]))])));
    let paths = artifacts.iter().map(|name| (*name, Splice::constant(&input_path(name))));
    Splice::object([
        ("parameterValues", Splice::object(parameters)),
        ("artifacts", Splice::object(values)),
        ("paths", Splice::object(paths)),
    ])
}

fn outputs(component: &Component) -> Splice {
    let file = |name: &str| Splice::object([("outputFile", Splice::constant(&output_file(name)))]);
    let parameters = component.outputs.keys().map(|name| (name.as_str(), file(name)));
    let artifacts: Vec<(&str, &ArtifactType)> = component
        .outputs
        .iter()
        .filter_map(|(name, output)| Some((name.as_str(), output.r#type.artifact()?)))
        .collect();
    let values = artifacts.iter().map(|(name, r#type)| {
        (*name, Splice::object([("artifacts", Splice::List(vec![value(name, r#type)]))]))
    });
    let paths = artifacts.iter().map(|(name, _)| (*name, Splice::constant(&artifact_path(name))));
    Splice::object([
        ("parameters", Splice::object(parameters)),
        ("artifacts", Splice::object(values)),
        ("paths", Splice::object(paths)),
        ("outputFile", Splice::constant(&format!("{FOLDER}/executor_output.json"))),
    ])
}

/// The value that an output artifact starts with; the step adds metadata.
pub(super) fn value(name: &str, r#type: &ArtifactType) -> Splice {
    let key = artifact_key(name);
    Splice::object([
        ("key", Splice::Text(key.clone())),
        ("metadata", Splice::Constant(Value::Object(serde_json::Map::new()))),
        ("name", Splice::constant(name)),
        (
            "type",
            Splice::object([
                ("schemaTitle", Splice::constant(&r#type.name)),
                ("schemaVersion", Splice::constant(&r#type.version)),
            ]),
        ),
        ("uri", Splice::Text(key)),
    ])
}
