//! Names of the DAG tasks of a workflow. The checker rejects pipelines in which they collide, and lowering uses them.

use kfp_argo::expression::is_reserved;
use kfp_model::{Branch, Task};

/// Converts a name to kebab case with characters that Kubernetes allows: `Train_model 2` becomes `train-model-2`.
pub(crate) fn kebab(name: &str) -> String {
    let mut text = String::new();
    for character in name.chars() {
        if character.is_ascii_alphanumeric() {
            text.push(character.to_ascii_lowercase());
        } else if !text.is_empty() && !text.ends_with('-') {
            text.push('-');
        }
    }
    let text = text.trim_end_matches('-');
    if text.is_empty() { "task".to_owned() } else { text.to_owned() }
}

/// Returns the name of the DAG task for a task or an arm with that name.
pub(crate) fn task(name: &str) -> String {
    let name = kebab(name);
    if is_reserved(&name) { format!("{name}-task") } else { name }
}

/// Returns the names of the DAG tasks that call the arms; the last one is that of `otherwise`, if it exists.
pub(crate) fn arms(task: &Task, branch: &Branch) -> Vec<String> {
    let arms = branch.arms.iter().map(|arm| self::task(&arm.name));
    arms.chain(branch.otherwise.iter().map(|_| otherwise(&task.name))).collect()
}

/// Returns the name of the DAG task for the `otherwise` arm of the branch with that name.
pub(crate) fn otherwise(branch: &str) -> String {
    format!("{}-otherwise", task(branch))
}

/// Returns the name of the DAG task for the exit region of the exit handler with that name.
pub(crate) fn exit(handler: &str) -> String {
    format!("{}-exit", task(handler))
}

#[cfg(test)]
mod tests {
    use kfp_argo::expression::KEYWORDS;

    use super::*;

    #[test]
    fn names_are_converted_to_valid_ones() {
        for (name, expected) in
            [("train_model", "train-model"), ("Train  Model!", "train-model"), ("__", "task"), ("a.b", "a-b")]
        {
            assert_eq!(kebab(name), expected);
        }
        for keyword in KEYWORDS.iter().chain(&["true", "false", "nil"]) {
            assert!(is_reserved(keyword) && !is_reserved(&task(keyword)), "{keyword}");
        }
    }
}
