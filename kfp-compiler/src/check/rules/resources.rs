//! Resource requests are valid Kubernetes quantities.

use kfp_argo::kubernetes::{is_cpu, is_memory, is_resource, nearest_cpu, nearest_memory};
use kfp_diag::{Diagnostic, codes};
use kfp_model::{Accelerator, Place, Policy};

pub(super) fn check(policy: &Policy, place: &Place, found: &mut Vec<Diagnostic>) {
    let resources = &policy.resources;
    let place = place.key("resources");
    if let Some(cpu) = resources.cpu.as_deref().filter(|cpu| !is_cpu(cpu)) {
        let message = format!("invalid CPU quantity `{cpu}`");
        let diagnostic = Diagnostic::error(codes::QUANTITY, &place.key("cpu"), message);
        let diagnostic =
            diagnostic.label("expected cores such as `2` or `0.5`, or millicores such as `500m`");
        found.push(match nearest_cpu(cpu) {
            // In YAML, an unquoted number is not a string, so the edit keeps the quotes.
            Some(right) => diagnostic.replace(format!("use `{right}`"), cpu, &right),
            None => diagnostic,
        });
    }
    let memory = resources.memory.as_deref();
    found.extend(memory.and_then(|memory| memory_problem(memory, &place.key("memory"))));
    if let Some(accelerator) = &resources.accelerator {
        accelerator_problems(accelerator, &place.key("accelerator"), found);
    }
}

/// Reports an invalid memory quantity.
pub(super) fn memory_problem(memory: &str, place: &Place) -> Option<Diagnostic> {
    if is_memory(memory) {
        return None;
    }
    let message = format!("invalid memory quantity `{memory}`");
    let diagnostic = Diagnostic::error(codes::QUANTITY, place, message);
    let diagnostic = diagnostic.label("expected a number and a unit, such as `512Mi` or `16Gi`");
    Some(match nearest_memory(memory) {
        Some(right) => diagnostic.replace(format!("use `{right}`"), memory, &right),
        None => diagnostic,
    })
}

fn accelerator_problems(accelerator: &Accelerator, place: &Place, found: &mut Vec<Diagnostic>) {
    let Accelerator { resource, count } = accelerator;
    if !is_resource(resource) {
        let message = format!("invalid accelerator name `{resource}`");
        let diagnostic = Diagnostic::error(codes::ACCELERATOR, &place.key("resource"), message);
        found.push(diagnostic.label("expected a domain and a name, such as `nvidia.com/gpu`"));
    }
    if *count == 0 {
        let message = format!("the number of requested `{resource}` devices is 0");
        found.push(
            Diagnostic::error(codes::ACCELERATOR, &place.key("count"), message).label("expected at least 1"),
        );
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::check::testing::{check_with, load};

    #[test]
    fn resource_requests_are_valid() {
        let accelerator = json!({"resource": "gpu", "count": 0});
        let resources = json!({"cpu": "lots", "memory": "16GB", "accelerator": accelerator});
        check_with(
            &[("tasks", json!([load()])), ("tasks/0/policy", json!({"resources": resources}))],
            &[
                "KFP0705 tasks/0/policy/resources/accelerator/count: the number of requested `gpu` devices is 0",
                "KFP0705 tasks/0/policy/resources/accelerator/resource: invalid accelerator name `gpu`",
                "KFP0701 tasks/0/policy/resources/cpu: invalid CPU quantity `lots`",
                "KFP0701 tasks/0/policy/resources/memory: invalid memory quantity `16GB`",
            ],
        );
    }
}
