//! The variables of a task or step that has run.

use kfp_diag::spelling::CANDIDATES;

use crate::view::{Task, Template, TemplateKind};

/// Fields of every task and step.
const ALWAYS: [&str; 5] = ["id", "status", "startedAt", "finishedAt", "hostNodeName"];

/// Returns whether the task has the variable; `None` if its template is unknown.
pub(super) fn has(task: &Task<'_>, template: Option<&Template<'_>>, field: &str) -> Option<bool> {
    if ALWAYS.contains(&field) {
        return Some(true);
    }
    let template = template?;
    // Look up outputs by name, as there may be many.
    let is_output = match field.strip_prefix("outputs.") {
        Some(rest) => match rest.split_once('.') {
            Some(("parameters", name)) => template.outputs.parameter(name).is_some(),
            Some(("artifacts", name)) => template.outputs.artifact(name).is_some(),
            _ => false,
        },
        None => false,
    };
    Some(is_output || fields(task, template).iter().any(|name| name == field))
}

/// Returns the fields of the task, including the first outputs of its template.
pub(super) fn fields(task: &Task<'_>, template: &Template<'_>) -> Vec<String> {
    let mut fields: Vec<String> = ALWAYS.iter().map(|field| (*field).to_owned()).collect();
    if template.node.is_true("daemon") {
        fields.push("ip".to_owned());
    }
    let collects =
        task.is_loop() && matches!(template.kind(), Some(TemplateKind::Script | TemplateKind::ContainerSet));
    if template.has_result() || collects {
        fields.extend(["outputs.result".to_owned(), "exitCode".to_owned()]);
    }
    if task.is_loop() {
        fields.push("outputs.parameters".to_owned());
    }
    let outputs = &template.outputs;
    let parameters = outputs.parameters.iter().take(CANDIDATES);
    fields.extend(parameters.map(|output| format!("outputs.parameters.{}", output.name)));
    let artifacts = outputs.artifacts.iter().take(CANDIDATES);
    fields.extend(artifacts.map(|output| format!("outputs.artifacts.{}", output.name)));
    fields
}
