//! The structure of a document, against a table of all types of Argo: fields, types, limits, rules of the API server.
//!
//! Both that read a document are held against it. The API server prunes fields that it does not know, without a
//! word where nobody asks it to be strict, and refuses what breaks a type, a limit or a rule; Argo's own reader
//! refuses unknown fields.

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

/// What is wrong with the structure of the document, which is the one of that number in the text.
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

/// The release of Argo whose types are known.
pub fn argo_version() -> &'static str {
    Table::version()
}
