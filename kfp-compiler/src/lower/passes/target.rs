//! Checks that the target version of Argo supports all features of a workflow.

use kfp_argo::Workflow;
use kfp_argo::version::{Version, newer_fields};
use kfp_diag::{Diagnostic, codes};

use crate::check::Checked;

/// Reports each feature that the target does not support.
pub(in crate::lower) fn check(
    checked: &Checked<'_>,
    workflow: &Workflow,
    target: Version,
) -> Vec<Diagnostic> {
    let name = &checked.pipeline().name;
    let report = |what: &str, first: &str| {
        let message = format!("pipeline `{name}` requires {what}, which Argo {target} does not support");
        Diagnostic::error(codes::NEWER_ARGO, &checked.place(), message)
            .note(first)
            .help("use Argo 3.7.16, 4.0.7, 4.1.0 or a later version of one of them")
    };
    let skipped = (!target.is_supported())
        .then(|| report("values of skipped tasks", "supported since Argo 3.7.16 and 4.0.7"));
    let fields = newer_fields(&workflow.spec, target).into_iter();
    let fields =
        fields.map(|(field, first)| report(&format!("`{field}`"), &format!("supported since Argo {first}")));
    skipped.into_iter().chain(fields).collect()
}
