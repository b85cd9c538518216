//! What can be read of a task or a step that has run.

use crate::view::{Task, Template, TemplateKind};

/// What every node has.
const ALWAYS: [&str; 5] = ["id", "status", "startedAt", "finishedAt", "hostNodeName"];

/// Whether the task has such a variable; `None` if its template is not known, so that it may.
pub(super) fn has(task: &Task<'_>, template: Option<&Template<'_>>, field: &str) -> Option<bool> {
    if ALWAYS.contains(&field) {
        return Some(true);
    }
    let template = template?;
    Some(fields(task, template).iter().any(|name| name == field))
}

/// Everything that can be read of the task, where its template is known.
pub(super) fn fields(task: &Task<'_>, template: &Template<'_>) -> Vec<String> {
    let mut fields: Vec<String> = ALWAYS.iter().map(|field| (*field).to_owned()).collect();
    if template.spot.is_true("daemon") {
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
    let parameters =
        template.outputs.parameters.iter().map(|output| format!("outputs.parameters.{}", output.name));
    fields.extend(parameters);
    let artifacts =
        template.outputs.artifacts.iter().map(|output| format!("outputs.artifacts.{}", output.name));
    fields.extend(artifacts);
    fields
}
