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
        let message = format!("invalid environment variable name `{name}`");
        if name.is_empty() || name.contains(|c: char| !c.is_ascii_graphic() || c == '=') {
            found.push(Diagnostic::error(codes::ARGO_ENVIRONMENT, &place, message));
        } else if !is_variable(&name.replace(['-', '.'], "_")) {
            let diagnostic = Diagnostic::warning(codes::ARGO_ENVIRONMENT, &place, message);
            found
                .push(diagnostic.note(
                    "Kubernetes accepts it only from 1.34 on, and programs may not be able to read it",
                ));
        }
    }
    if tree.get("value").is_some_and(|entry| entry.value.text().is_some_and(|text| !text.is_empty()))
        && tree.get("valueFrom").is_some_and(|entry| !entry.value.entries().is_empty())
    {
        let message = "`value` and `valueFrom` are mutually exclusive";
        found.push(Diagnostic::error(codes::ARGO_ENVIRONMENT, &place.key("valueFrom"), message));
    }
}
