//! Names of environment variables.

use kfp_argo::kubernetes::is_variable;
use kfp_diag::source::Tree;
use kfp_diag::{Diagnostic, codes};

use super::fixed::fixed;
use crate::cursor::Cursor;

pub(super) fn check(tree: &Tree, cursor: &Cursor<'_>, found: &mut Vec<Diagnostic>) {
    let place = cursor.place();
    if let Some(name) = fixed(tree, "name") {
        let place = place.key("name");
        let message = format!("`{name}` is no name for an environment variable");
        if name.is_empty() || name.contains(|c: char| !c.is_ascii_graphic() || c == '=') {
            found.push(Diagnostic::error(codes::ARGO_ENVIRONMENT, &place, message));
        } else if !is_variable(&name.replace(['-', '.'], "_")) {
            let diagnostic = Diagnostic::warning(codes::ARGO_ENVIRONMENT, &place, message);
            found.push(diagnostic.note("Kubernetes takes it from 1.34 on; programs may not find it"));
        }
    }
    if tree.get("value").is_some_and(|entry| entry.value.text().is_some_and(|text| !text.is_empty()))
        && tree.get("valueFrom").is_some_and(|entry| !entry.value.entries().is_empty())
    {
        let message = "`value` and `valueFrom` cannot stand together";
        found.push(Diagnostic::error(codes::ARGO_ENVIRONMENT, &place.key("valueFrom"), message));
    }
}
