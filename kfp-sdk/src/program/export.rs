//! `export`: prints the document of one pipeline and those that it calls, or of all pipelines.
//!
//! Mistakes in the code of the pipelines, and panics, are problems in the document, which `kfpc` reports.

use std::env;

use kfp_model::{Document, Location, Place, Problem};

use super::empty::require_pipelines;
use crate::builder::{PipelineDefinition, Registry, document_of};
use crate::runtime::Panic;

pub(super) fn text(registry: &Registry, pipeline: Option<&str>) -> Result<String, String> {
    require_pipelines(registry)?;
    let definitions = match pipeline {
        Some(name) => named(registry, name)?,
        None => registry.pipelines.clone(),
    };
    let document = Panic::catch(|| document_of(&definitions)).unwrap_or_else(document_with);
    Ok(document.to_json())
}

/// Returns a document without pipelines that reports a panic.
fn document_with(panic: Panic) -> Document {
    let mut document = Document::new();
    let lines: Vec<&str> = panic.message.lines().map(str::trim).collect();
    document.problems.push(Problem {
        place: Place::root(),
        code: None,
        message: format!("the code of a pipeline panicked: {}", lines.join("; ")),
        help: env::var_os("RUST_BACKTRACE")
            .is_none()
            .then(|| "set `RUST_BACKTRACE=1` for a backtrace".to_owned()),
        edit: None,
    });
    if let Some((file, line, column)) = panic.location {
        document.locations.insert(Place::root(), Location { file, line, column });
    }
    document
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
