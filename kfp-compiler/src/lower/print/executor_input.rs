//! The executor input of a step: one JSON text in which Argo inserts the arguments.

use kfp_argo::text::Text;
use kfp_model::{ArtifactType, Component, Input, Type};
use serde_json::Value;

use crate::lower::analyse::artifacts::{FOLDER, artifact_path, input_path, key_of_pod, output_file};
use crate::lower::analyse::collections::is_list_of_artifacts;
use crate::lower::analyse::steps::Step;
use crate::lower::plan::splice::Splice;
use crate::lower::plan::terms;

/// Returns the key of an output artifact. It contains the pod name, which is unique for each attempt, so nothing is
/// overwritten.
pub(in crate::lower) fn artifact_key(step: &Step<'_>, name: &str) -> Text {
    key_of_pod(step.folder(), name)
}

/// Returns the executor input, with tags for values that are only known at run time.
pub(in crate::lower) fn write(step: &Step<'_>) -> Text {
    Splice::object([("inputs", inputs(step.component)), ("outputs", outputs(step))]).write()
}

fn inputs(component: &Component) -> Splice {
    let tag = |name: &str| Splice::Json(terms::input_tag(name));
    let is_artifact = |input: &Input| input.r#type.artifact().is_some();
    let parameters = component
        .inputs
        .iter()
        .filter(|(_, input)| !is_artifact(input) && *input.r#type.present() != Type::Secret)
        .map(|(name, _)| (name.as_str(), tag(name)));
    let artifacts: Vec<(&str, &Input)> = component
        .inputs
        .iter()
        .filter(|(_, input)| is_artifact(input))
        .map(|(name, input)| (name.as_str(), input))
        .collect();
    let values = artifacts.iter().map(|(name, input)| {
        let is_list = is_list_of_artifacts(&input.r#type);
        let list = if is_list { tag(name) } else { Splice::List(vec![tag(name)]) };
        (*name, Splice::object([("artifacts", list)]))
    });
    let paths = artifacts.iter().map(|(name, _)| (*name, Splice::constant(&input_path(name))));
    Splice::object([
        ("parameterValues", Splice::object(parameters)),
        ("artifacts", Splice::object(values)),
        ("paths", Splice::object(paths)),
    ])
}

fn outputs(step: &Step<'_>) -> Splice {
    let component = step.component;
    let file = |name: &str| Splice::object([("outputFile", Splice::constant(&output_file(name)))]);
    let parameters = component.outputs.keys().map(|name| (name.as_str(), file(name)));
    let artifacts: Vec<(&str, &ArtifactType)> = component
        .outputs
        .iter()
        .filter_map(|(name, output)| Some((name.as_str(), output.r#type.artifact()?)))
        .collect();
    let values = artifacts.iter().map(|(name, r#type)| {
        (*name, Splice::object([("artifacts", Splice::List(vec![value(step, name, r#type)]))]))
    });
    let paths = artifacts.iter().map(|(name, _)| (*name, Splice::constant(&artifact_path(name))));
    Splice::object([
        ("parameters", Splice::object(parameters)),
        ("artifacts", Splice::object(values)),
        ("paths", Splice::object(paths)),
        ("outputFile", Splice::constant(&format!("{FOLDER}/executor_output.json"))),
    ])
}

/// Returns the initial value of an output artifact; the step adds metadata.
pub(in crate::lower) fn value(step: &Step<'_>, name: &str, r#type: &ArtifactType) -> Splice {
    let key = artifact_key(step, name);
    Splice::object([
        ("key", Splice::String(key.clone())),
        ("metadata", Splice::Constant(Value::Object(serde_json::Map::new()))),
        ("name", Splice::constant(name)),
        (
            "type",
            Splice::object([
                ("schemaTitle", Splice::constant(&r#type.name)),
                ("schemaVersion", Splice::constant(&r#type.version)),
            ]),
        ),
        ("uri", Splice::String(Text::literal(&step.store.base).and(key))),
    ])
}
