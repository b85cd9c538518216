//! `KFP09xx`: what is wrong with a manifest of Argo.

use super::{Code, Row, codes};

codes! {
    LINT_ROWS;

    ARGO_KIND = "KFP0901", "a manifest of no known kind",
    "The document belongs to Argo by its `apiVersion`, but its `kind` is none that Argo Workflows runs. The API \
     server refuses it.\n\n\
     Write `Workflow`, `WorkflowTemplate`, `ClusterWorkflowTemplate` or `CronWorkflow`.";
}
