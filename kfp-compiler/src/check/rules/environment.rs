//! Environment variables, and the secrets and config maps that they come from, have names that exist.

use kfp_argo::kubernetes::{is_key, is_object_name, is_variable};
use kfp_diag::{Diagnostic, codes};
use kfp_model::{EnvironmentValue, KeyReference, Place, Policy};

pub(super) fn check(policy: &Policy, place: &Place, found: &mut Vec<Diagnostic>) {
    let place = place.key("environment");
    for (name, value) in &policy.environment {
        let place = place.key(name);
        if !is_variable(name) {
            let message = format!("`{name}` is no name for an environment variable");
            let diagnostic = Diagnostic::error(codes::ENVIRONMENT, &place, message);
            found.push(diagnostic.label("letters, digits and `_` are allowed, with no digit at the start"));
        }
        match value {
            EnvironmentValue::Literal(_) => {}
            EnvironmentValue::Secret(key) => reference(key, "secret", &place.key("secret"), found),
            EnvironmentValue::ConfigMap(key) => reference(key, "config map", &place.key("config_map"), found),
        }
    }
}

fn reference(reference: &KeyReference, noun: &str, place: &Place, found: &mut Vec<Diagnostic>) {
    let KeyReference { name, key } = reference;
    if !is_object_name(name) {
        let diagnostic = Diagnostic::error(
            codes::ENVIRONMENT,
            &place.key("name"),
            format!("`{name}` is no name for a {noun}"),
        );
        found.push(diagnostic.label("lower case letters, digits, `-` and `.` are allowed"));
    }
    if !is_key(key) {
        let diagnostic = Diagnostic::error(
            codes::ENVIRONMENT,
            &place.key("key"),
            format!("`{key}` is no key of a {noun}"),
        );
        found.push(diagnostic.label("letters, digits, `-`, `_` and `.` are allowed"));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::check::testing::{check_with, load};

    #[test]
    fn names_are_ones_that_kubernetes_takes() {
        let environment = json!({
            "MLFLOW_URI": {"secret": {"name": "ml.flow-1", "key": "tracking_uri"}},
            "2ND": {"literal": "x"},
            "A": {"config_map": {"name": "Flow", "key": "a b"}},
        });
        check_with(
            &[("tasks", json!([load()])), ("tasks/0/policy", json!({"environment": environment}))],
            &[
                "KFP0704 tasks/0/policy/environment/2ND: `2ND` is no name for an environment variable",
                "KFP0704 tasks/0/policy/environment/A/config_map/key: `a b` is no key of a config map",
                "KFP0704 tasks/0/policy/environment/A/config_map/name: `Flow` is no name for a config map",
            ],
        );
    }
}
