//! `describe`: prints the parameters of each pipeline as JSON Schema.

use kfp_model::schema;
use serde_json::{Map, Value as Json};

use super::empty::require_pipelines;
use crate::builder::{PipelineDefinition, Registry};

pub(super) fn text(registry: &Registry) -> Result<String, String> {
    require_pipelines(registry)?;
    let schema = |pipeline: &&PipelineDefinition| {
        let interface = (pipeline.describe)();
        let schema = schema::parameters(pipeline.name, &interface.description, &interface.inputs);
        (pipeline.name.to_owned(), schema)
    };
    let schemas: Map<String, Json> = registry.pipelines.iter().map(schema).collect();
    Ok(format!("{:#}\n", Json::Object(schemas)))
}
