//! Environment variables, and the secrets and config maps that they are read from, have valid names.

use kfp_argo::kubernetes::{is_key, is_object_name, is_variable};
use kfp_diag::{Diagnostic, codes};
use kfp_model::{EnvironmentValue, KeyReference, Place, Policy};

pub(super) fn check(policy: &Policy, place: &Place, found: &mut Vec<Diagnostic>) {
    let place = place.key("environment");
    for (name, value) in &policy.environment {
        let place = place.key(name);
        if !is_variable(name) {
            let message = format!("invalid environment variable name `{name}`");
            let diagnostic = Diagnostic::error(codes::ENVIRONMENT, &place, message);
            found.push(diagnostic.label("expected letters, digits and `_`, not starting with a digit"));
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
            format!("invalid {noun} name `{name}`"),
        );
        found.push(diagnostic.label("expected lowercase letters, digits, `-` and `.`"));
    }
    if !is_key(key) {
        let diagnostic =
            Diagnostic::error(codes::ENVIRONMENT, &place.key("key"), format!("invalid {noun} key `{key}`"));
        found.push(diagnostic.label("expected letters, digits, `-`, `_` and `.`"));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::check::testing::{check_with, load};

    #[test]
    fn names_are_valid_in_kubernetes() {
        let environment = json!({
            "MLFLOW_URI": {"secret": {"name": "ml.flow-1", "key": "tracking_uri"}},
            "2ND": {"literal": "x"},
            "A": {"config_map": {"name": "Flow", "key": "a b"}},
        });
        check_with(
            &[("tasks", json!([load()])), ("tasks/0/policy", json!({"environment": environment}))],
            &[
                "KFP0704 tasks/0/policy/environment/2ND: invalid environment variable name `2ND`",
                "KFP0704 tasks/0/policy/environment/A/config_map/key: invalid config map key `a b`",
                "KFP0704 tasks/0/policy/environment/A/config_map/name: invalid config map name `Flow`",
            ],
        );
    }
}
