//! What of a workflow the version of Argo does not have that it is for.

use kfp_argo::Workflow;
use kfp_argo::version::{Version, newer_fields};
use kfp_diag::{Diagnostic, codes};

use crate::check::Checked;

/// One diagnostic for each feature that the target does not have.
pub(in crate::lower) fn check(
    checked: &Checked<'_>,
    workflow: &Workflow,
    target: Version,
) -> Vec<Diagnostic> {
    let name = &checked.pipeline().name;
    let report = |what: &str, first: &str| {
        let message = format!("pipeline `{name}` needs {what}, which Argo {target} does not have");
        Diagnostic::error(codes::NEWER_ARGO, &checked.place(), message)
            .note(first)
            .help("use Argo 3.7.16, 4.0.7, 4.1.0 or a later version of one of them")
    };
    let skipped = (!target.is_supported()).then(|| {
        report("values of tasks that were skipped", "Argo 3.7.16 and 4.0.7 are the first that have it")
    });
    let fields = newer_fields(&workflow.spec, target).into_iter();
    let fields = fields.map(|(field, first)| {
        report(&format!("`{field}`"), &format!("Argo {first} is the first that has it"))
    });
    skipped.into_iter().chain(fields).collect()
}
