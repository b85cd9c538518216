//! `describe`: the parameters of each pipeline as JSON Schema.

use indexmap::IndexMap;
use kfp_model::Input;
use serde_json::{Map, Value as Json, json};

use super::main::refuse_empty;
use crate::build::Registry;

pub(super) fn text(registry: &Registry) -> Result<String, String> {
    refuse_empty(registry)?;
    let schema = |pipeline: &&crate::build::PipelineDefinition| {
        let interface = (pipeline.describe)();
        (pipeline.name.to_owned(), schema(&interface.description, &interface.inputs))
    };
    let schemas: Map<String, Json> = registry.pipelines.iter().map(schema).collect();
    Ok(format!("{:#}\n", Json::Object(schemas)))
}

/// The schema of an object that has the parameters as its members.
fn schema(description: &str, inputs: &IndexMap<String, Input>) -> Json {
    let properties: Map<String, Json> =
        inputs.iter().map(|(name, input)| (name.clone(), property(input))).collect();
    let required: Vec<&String> =
        inputs.iter().filter(|(_, input)| input.is_required()).map(|(name, _)| name).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "description": description,
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn property(input: &Input) -> Json {
    let mut schema = input.r#type.json_schema();
    if !input.description.is_empty() {
        schema["description"] = Json::from(input.description.as_str());
    }
    if let Some(default) = &input.default {
        schema["default"] = default.clone();
    }
    schema
}
