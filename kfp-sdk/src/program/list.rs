//! `list`: lists pipelines and components.

use std::fmt::Write as _;

use super::empty::require_pipelines;
use crate::builder::Registry;

pub(super) fn text(registry: &Registry) -> Result<String, String> {
    require_pipelines(registry)?;
    let mut text = String::new();
    for pipeline in &registry.pipelines {
        let _ = writeln!(text, "pipeline {}", pipeline.name);
    }
    for component in &registry.components {
        let _ = writeln!(text, "component {}", component.name);
    }
    Ok(text)
}
