//! The executor input of a step: one JSON text into which Argo pastes the arguments.

use kfp_argo::text::Text;
use kfp_model::{ArtifactType, Component, Input, Type};
use serde_json::Value;

use super::collections::is_list_of_artifacts;
use super::leaf::FOLDER;
use super::leaves::Leaf;
use super::splice::Splice;
use super::terms;
use super::{ARTIFACT_ROOT, Options};

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

/// Where artifacts lie.
#[derive(Debug, Clone)]
pub(super) struct ArtifactStore {
    /// What makes a URI of a key.
    base: String,
    /// What keys begin with.
    prefix: String,
}

impl ArtifactStore {
    pub(super) fn of(options: &Options) -> Self {
        match &options.pipeline_root {
            Some(root) => Self { base: root.base.clone(), prefix: root.prefix.clone() },
            None => Self { base: String::new(), prefix: ARTIFACT_ROOT.to_owned() },
        }
    }

    /// What the keys of a run's artifacts begin with, in a folder of the run.
    pub(super) fn folder(&self, name: &str) -> Text {
        Text::literal(format!("{}/", self.prefix)).and(Text::variable("workflow.uid")).and(format!("/{name}"))
    }
}

/// The key of an output artifact: every attempt has a pod name of its own, so nothing is overwritten.
pub(super) fn artifact_key(leaf: &Leaf<'_>, name: &str) -> Text {
    key_of_pod(leaf.folder(), name)
}

/// The key of something that a pod writes to a folder.
pub(super) fn key_of_pod(folder: Text, name: &str) -> Text {
    folder.and("/").and(Text::variable("pod.name")).and(format!("/{name}"))
}

/// The argument of a step, with tags for everything that is known at run time only.
pub(super) fn write(leaf: &Leaf<'_>) -> Text {
    Splice::object([("inputs", inputs(leaf.component)), ("outputs", outputs(leaf))]).write()
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

fn outputs(leaf: &Leaf<'_>) -> Splice {
    let component = leaf.component;
    let file = |name: &str| Splice::object([("outputFile", Splice::constant(&output_file(name)))]);
    let parameters = component.outputs.keys().map(|name| (name.as_str(), file(name)));
    let artifacts: Vec<(&str, &ArtifactType)> = component
        .outputs
        .iter()
        .filter_map(|(name, output)| Some((name.as_str(), output.r#type.artifact()?)))
        .collect();
    let values = artifacts.iter().map(|(name, r#type)| {
        (*name, Splice::object([("artifacts", Splice::List(vec![value(leaf, name, r#type)]))]))
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
pub(super) fn value(leaf: &Leaf<'_>, name: &str, r#type: &ArtifactType) -> Splice {
    let key = artifact_key(leaf, name);
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
        ("uri", Splice::String(Text::literal(&leaf.store.base).and(key))),
    ])
}
