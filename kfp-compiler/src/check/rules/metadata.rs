//! Labels and annotations of pods are such as Kubernetes takes and Argo leaves alone.

use kfp_argo::kubernetes::{label_key_problem, label_value_problem};
use kfp_diag::{Diagnostic, codes};
use kfp_model::{Place, Policy};

/// What labels and annotations of Argo's own begin with.
const OF_ARGO: &str = "workflows.argoproj.io";
/// The most bytes that keys and values of all annotations of a pod may have together.
const MOST_BYTES: usize = 256 * 1024;

pub(super) fn check(policy: &Policy, place: &Place, found: &mut Vec<Diagnostic>) {
    let labels = place.key("labels");
    for (key, value) in &policy.labels {
        let place = labels.key(key);
        found.extend(key_problem(key, "label", &place));
        if label_value_problem(value).is_some() {
            let message = format!("`{value}` cannot be the value of the label `{key}`");
            let diagnostic = Diagnostic::error(codes::METADATA, &place, message);
            found.push(
                diagnostic
                    .label(format!("{NAME_FORM} are allowed"))
                    .help("use an annotation for other texts"),
            );
        }
    }
    let annotations = place.key("annotations");
    for (key, value) in &policy.annotations {
        let place = annotations.key(key);
        found.extend(key_problem(key, "annotation", &place));
        if value.contains("{{") {
            let message = format!("the annotation `{key}` has `{{{{` in it, which begins one of Argo's tags");
            found.push(Diagnostic::error(codes::METADATA, &place, message).label("Argo would replace it"));
        }
    }
    let bytes: usize = policy.annotations.iter().map(|(key, value)| key.len() + value.len()).sum();
    if bytes > MOST_BYTES {
        let message = format!("the annotations have {bytes} bytes, a pod may have {MOST_BYTES}");
        found.push(Diagnostic::error(codes::METADATA, &annotations, message));
    }
}

const NAME_FORM: &str = "63 letters, digits, `-`, `_` and `.`, with a letter or digit at both ends,";

fn key_problem(key: &str, noun: &str, place: &Place) -> Option<Diagnostic> {
    let prefix = key.split_once('/').map(|(prefix, _)| prefix);
    let is_of_argo = |prefix: &str| {
        prefix.strip_suffix(OF_ARGO).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    if prefix.is_some_and(is_of_argo) {
        let message = format!("the {noun} `{key}` is one of Argo's own");
        return Some(Diagnostic::error(codes::METADATA, place, message).label("Argo goes by it"));
    }
    label_key_problem(key)?;
    let diagnostic = Diagnostic::error(codes::METADATA, place, format!("`{key}` is no key of {noun}s"));
    Some(diagnostic.label(format!("{NAME_FORM} are allowed, after a domain and `/` where there is one")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::check::testing::{check_with, load};

    #[test]
    fn keys_and_values_are_such_as_kubernetes_takes() {
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
                "KFP0710 tasks/0/policy/annotations/a~1b~1c: `a/b/c` is no key of annotations",
                "KFP0710 tasks/0/policy/annotations/d: the annotation `d` has `{{` in it, which begins one of Argo's \
                 tags",
                "KFP0710 tasks/0/policy/labels/-a: `-a` is no key of labels",
                "KFP0710 tasks/0/policy/labels/Example.com~1a: `Example.com/a` is no key of labels",
                "KFP0710 tasks/0/policy/labels/b: `two words` cannot be the value of the label `b`",
                "KFP0710 tasks/0/policy/labels/workflows.argoproj.io~1workflow: the label \
                 `workflows.argoproj.io/workflow` is one of Argo's own",
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
            &["KFP0710 tasks/0/policy/annotations: the annotations have 262145 bytes, a pod may have 262144"],
        );
    }
}
