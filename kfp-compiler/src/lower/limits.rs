//! The limits of the API server, held against a finished workflow.

use crate::argo::Workflow;
use crate::check::Checked;
use crate::diag::{Code, Diagnostic, codes};

/// A limit of the target and what exceeding it is called.
struct Limit {
    code: Code,
    what: &'static str,
    most: usize,
}

/// `maxItems` of `spec.templates` in the custom resource definition.
const TEMPLATES: Limit = Limit { code: codes::TOO_MANY_TEMPLATES, what: "templates", most: 200 };
/// `maxItems` of a DAG's `tasks` in the custom resource definition.
const TASKS: Limit = Limit { code: codes::TOO_MANY_TASKS, what: "tasks in one DAG", most: 200 };
/// What leaves room for the status below etcd's limit of 1.5 MB for one object.
const BYTES: Limit = Limit { code: codes::TOO_LARGE, what: "bytes", most: 900 * 1024 };

/// What of the workflow the API server would refuse.
pub(super) fn check(checked: &Checked<'_>, workflow: &Workflow) -> Vec<Diagnostic> {
    let tasks = workflow.spec.templates.iter().filter_map(|template| template.dag.as_ref());
    let largest = tasks.map(|dag| dag.tasks.len()).max().unwrap_or(0);
    let bytes = serde_json::to_vec(workflow).map_or(0, |json| json.len());
    [(TEMPLATES, workflow.spec.templates.len()), (TASKS, largest), (BYTES, bytes)]
        .into_iter()
        .filter(|(limit, count)| *count > limit.most)
        .map(|(limit, count)| exceeded(checked, &limit, count))
        .collect()
}

fn exceeded(checked: &Checked<'_>, limit: &Limit, count: usize) -> Diagnostic {
    let Limit { code, what, most } = limit;
    let name = &checked.pipeline().name;
    let message = format!("pipeline `{name}` needs {count} {what}, the API server takes {most}");
    Diagnostic::error(*code, &checked.place(), message)
        .help("divide the pipeline into several ones, or put tasks that belong together into branches")
}
