//! `list`: what the program offers.

use std::fmt::Write as _;

use super::empty::refuse_empty;
use crate::builder::Registry;

pub(super) fn text(registry: &Registry) -> Result<String, String> {
    refuse_empty(registry)?;
    let mut text = String::new();
    for pipeline in &registry.pipelines {
        let _ = writeln!(text, "pipeline {}", pipeline.name);
    }
    for component in &registry.components {
        let _ = writeln!(text, "component {}", component.name);
    }
    Ok(text)
}
