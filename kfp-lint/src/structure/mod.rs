//! Checks the structure of a document against a table of all Argo types: fields, types, limits and validation rules.
//!
//! It covers both readers of a document. The API server silently prunes unknown fields unless strict validation is
//! requested, and rejects values that violate a type, a limit or a rule; Argo itself rejects unknown fields.

mod fields;
mod limits;
mod lists;
mod null;
mod patterns;
mod rules;
mod size;
mod table;
mod trail;
mod types;
mod unknown;
mod walk;

use kfp_diag::Diagnostic;
use kfp_diag::source::Tree;

use self::table::Table;
use self::walk::Walk;
use crate::cursor::Cursor;
use crate::document::Kind;

/// Checks the structure of the document with the index `idx` in the text.
pub(crate) fn check(tree: &Tree, idx: usize, kind: Kind, text: &str) -> Vec<Diagnostic> {
    let table = Table::get();
    let name = match kind {
        Kind::Workflow => "Workflow",
        Kind::WorkflowTemplate | Kind::ClusterWorkflowTemplate => "WorkflowTemplate",
        Kind::CronWorkflow => "CronWorkflow",
    };
    let cursor = Cursor::document(idx);
    let mut walk = Walk { table, text, found: Vec::new() };
    if let Some(r#type) = table.named(name) {
        walk.object(tree, &cursor, r#type, None);
    }
    crate::scalars::document(tree, &cursor, kind, &mut walk.found);
    walk.found.extend(size::check(tree, &cursor));
    walk.found
}

/// Returns the Argo release whose types the linter knows.
pub fn argo_version() -> &'static str {
    Table::version()
}
