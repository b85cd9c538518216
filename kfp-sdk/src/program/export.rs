//! `export`: prints the document of one pipeline and those that it calls, or of all pipelines.

use kfp_model::{Document, Problem};

use super::empty::require_pipelines;
use crate::builder::{PipelineDefinition, Registry, document_of};

pub(super) fn text(registry: &Registry, pipeline: Option<&str>) -> Result<String, String> {
    require_pipelines(registry)?;
    let document = match pipeline {
        Some(name) => document_of(&named(registry, name)?),
        None => document_of(&registry.pipelines),
    };
    if document.problems.is_empty() { Ok(document.to_json()) } else { Err(problems(&document)) }
}

/// Returns the pipelines of that name. The compiler reports an error if there are several.
fn named(registry: &Registry, name: &str) -> Result<Vec<&'static PipelineDefinition>, String> {
    let named: Vec<_> =
        registry.pipelines.iter().copied().filter(|definition| definition.name == name).collect();
    if named.is_empty() {
        let known: Vec<String> =
            registry.pipelines.iter().map(|definition| format!("`{}`", definition.name)).collect();
        return Err(format!("unknown pipeline `{name}`, expected one of {}", known.join(", ")));
    }
    Ok(named)
}

/// Returns the problems with their locations, one per line.
fn problems(document: &Document) -> String {
    let line = |problem: &Problem| match document.locations.nearest(&problem.place) {
        Some(location) => format!("{location}: {}", problem.message),
        None => problem.message.clone(),
    };
    document.problems.iter().map(line).collect::<Vec<_>>().join("\nerror: ")
}
