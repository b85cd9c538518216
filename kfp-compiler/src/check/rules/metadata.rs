//! Labels and annotations of pods are valid in Kubernetes and not reserved by Argo.

use kfp_argo::kubernetes::{label_key_problem, label_value_problem};
use kfp_diag::{Diagnostic, codes};
use kfp_model::{Place, Policy};

/// The domain of the labels and annotations that Argo reserves.
const ARGO_DOMAIN: &str = "workflows.argoproj.io";
/// The maximum size of all annotations of a pod, keys and values together.
const MAX_BYTES: usize = 256 * 1024;

pub(super) fn check(policy: &Policy, place: &Place, found: &mut Vec<Diagnostic>) {
    let labels = place.key("labels");
    for (key, value) in &policy.labels {
        let place = labels.key(key);
        found.extend(key_problem(key, "label", &place));
        if label_value_problem(value).is_some() {
            let message = format!("invalid value `{value}` of label `{key}`");
            let diagnostic = Diagnostic::error(codes::METADATA, &place, message);
            found.push(diagnostic.label(EXPECTED_NAME).help("use an annotation for arbitrary text"));
        }
    }
    let annotations = place.key("annotations");
    for (key, value) in &policy.annotations {
        let place = annotations.key(key);
        found.extend(key_problem(key, "annotation", &place));
        if value.contains("{{") {
            let message = format!("annotation `{key}` contains `{{{{`, which starts an Argo tag");
            found.push(Diagnostic::error(codes::METADATA, &place, message).label("Argo would replace it"));
        }
    }
    let bytes: usize = policy.annotations.iter().map(|(key, value)| key.len() + value.len()).sum();
    if bytes > MAX_BYTES {
        let message = format!("the annotations have {bytes} bytes, more than the {MAX_BYTES} bytes of a pod");
        found.push(Diagnostic::error(codes::METADATA, &annotations, message));
    }
}

const EXPECTED_NAME: &str =
    "expected up to 63 letters, digits, `-`, `_` and `.`, starting and ending with a letter or digit";

fn key_problem(key: &str, noun: &str, place: &Place) -> Option<Diagnostic> {
    let prefix = key.split_once('/').map(|(prefix, _)| prefix);
    let is_of_argo = |prefix: &str| {
        prefix.strip_suffix(ARGO_DOMAIN).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    if prefix.is_some_and(is_of_argo) {
        let message = format!("reserved {noun} `{key}`");
        return Some(Diagnostic::error(codes::METADATA, place, message).label("reserved for Argo"));
    }
    label_key_problem(key)?;
    let diagnostic = Diagnostic::error(codes::METADATA, place, format!("invalid {noun} key `{key}`"));
    Some(diagnostic.label(format!("{EXPECTED_NAME}, with an optional prefix such as `example.com/`")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::check::testing::{check_with, load};

    #[test]
    fn keys_and_values_are_valid_in_kubernetes() {
        let labels = json!({
            "team": "search-2", "example.com/cost_center": "", "-a": "x", "Example.com/a": "x", "b": "two words",
            "workflows.argoproj.io/workflow": "mine",
        });
        let annotations =
            json!({"example.com/owner": "ml@example.com $(X)", "a/b/c": "x", "d": "{{workflow.name}}"});
        check_with(
            &[
                ("tasks", json!([load()])),
                ("tasks/0/policy", json!({"labels": labels, "annotations": annotations})),
            ],
            &[
                "KFP0710 tasks/0/policy/annotations/a~1b~1c: invalid annotation key `a/b/c`",
                "KFP0710 tasks/0/policy/annotations/d: annotation `d` contains `{{`, which starts an Argo tag",
                "KFP0710 tasks/0/policy/labels/-a: invalid label key `-a`",
                "KFP0710 tasks/0/policy/labels/Example.com~1a: invalid label key `Example.com/a`",
                "KFP0710 tasks/0/policy/labels/b: invalid value `two words` of label `b`",
                "KFP0710 tasks/0/policy/labels/workflows.argoproj.io~1workflow: reserved label \
                 `workflows.argoproj.io/workflow`",
            ],
        );
    }

    #[test]
    fn annotations_fit_into_a_pod() {
        check_with(
            &[
                ("tasks", json!([load()])),
                ("tasks/0/policy", json!({"annotations": {"a": "x".repeat(256 * 1024)}})),
            ],
            &[
                "KFP0710 tasks/0/policy/annotations: the annotations have 262145 bytes, more than the 262144 bytes \
               of a pod",
            ],
        );
    }
}
