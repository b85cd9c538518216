//! `export`: the document of all pipelines.

use kfp_model::{Document, Problem};

use super::main::refuse_empty;
use crate::build::{Registry, document_of};

pub(super) fn text(registry: &Registry) -> Result<String, String> {
    refuse_empty(registry)?;
    let document = document_of(&registry.pipelines);
    if document.problems.is_empty() { Ok(document.to_json()) } else { Err(problems(&document)) }
}

/// The problems with their lines, one each.
fn problems(document: &Document) -> String {
    let line = |problem: &Problem| match document.locations.nearest(&problem.place) {
        Some(location) => format!("{location}: {}", problem.message),
        None => problem.message.clone(),
    };
    document.problems.iter().map(line).collect::<Vec<_>>().join("\nerror: ")
}
