//! Resources are quantities that Kubernetes reads, and accelerators that it can count.

use kfp_argo::kubernetes::{is_cpu, is_memory, is_resource, nearest_cpu, nearest_memory};
use kfp_diag::{Diagnostic, codes};
use kfp_model::{Accelerator, Place, Policy};

pub(super) fn check(policy: &Policy, place: &Place, found: &mut Vec<Diagnostic>) {
    let resources = &policy.resources;
    let place = place.key("resources");
    if let Some(cpu) = resources.cpu.as_deref().filter(|cpu| !is_cpu(cpu)) {
        let message = format!("`{cpu}` is no amount of processor time");
        let diagnostic = Diagnostic::error(codes::QUANTITY, &place.key("cpu"), message);
        let diagnostic = diagnostic.label("write cores as `2` or `0.5`, or thousandths as `500m`");
        found.push(match nearest_cpu(cpu) {
            // In YAML a number without quotes is no text, so the edit is shown where it stays one.
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

/// What is wrong with an amount of memory, if anything is.
pub(super) fn memory_problem(memory: &str, place: &Place) -> Option<Diagnostic> {
    if is_memory(memory) {
        return None;
    }
    let message = format!("`{memory}` is no amount of memory");
    let diagnostic = Diagnostic::error(codes::QUANTITY, place, message);
    let diagnostic = diagnostic.label("write a number and a unit, as `512Mi` or `16Gi`");
    Some(match nearest_memory(memory) {
        Some(right) => diagnostic.replace(format!("use `{right}`"), memory, &right),
        None => diagnostic,
    })
}

fn accelerator_problems(accelerator: &Accelerator, place: &Place, found: &mut Vec<Diagnostic>) {
    let Accelerator { resource, count } = accelerator;
    if !is_resource(resource) {
        let message = format!("`{resource}` is no name of an accelerator");
        let diagnostic = Diagnostic::error(codes::ACCELERATOR, &place.key("resource"), message);
        found.push(diagnostic.label("write its domain and name, as `nvidia.com/gpu`"));
    }
    if *count == 0 {
        let message = format!("0 of `{resource}` are asked for");
        found.push(Diagnostic::error(codes::ACCELERATOR, &place.key("count"), message).label("at least 1"));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::check::testing::{check_with, load};

    #[test]
    fn resources_can_be_asked_for() {
        let accelerator = json!({"resource": "gpu", "count": 0});
        let resources = json!({"cpu": "lots", "memory": "16GB", "accelerator": accelerator});
        check_with(
            &[("tasks", json!([load()])), ("tasks/0/policy", json!({"resources": resources}))],
            &[
                "KFP0705 tasks/0/policy/resources/accelerator/count: 0 of `gpu` are asked for",
                "KFP0705 tasks/0/policy/resources/accelerator/resource: `gpu` is no name of an accelerator",
                "KFP0701 tasks/0/policy/resources/cpu: `lots` is no amount of processor time",
                "KFP0701 tasks/0/policy/resources/memory: `16GB` is no amount of memory",
            ],
        );
    }
}
