//! Names of templates, tasks and parameters.

use std::collections::{BTreeMap, BTreeSet};

use kfp_argo::expression::is_reserved;

use crate::digest::sha256_hex;
use crate::lower::analyse::captured::Captured;

/// Converts a name to kebab case with characters that Kubernetes allows: `Train_model 2` becomes `train-model-2`.
pub(in crate::lower) fn kebab(name: &str) -> String {
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

/// Returns the name of a task in a DAG.
pub(in crate::lower) fn task(name: &str) -> String {
    let name = kebab(name);
    if is_reserved(&name) { format!("{name}-task") } else { name }
}

/// Returns the name of a captured value as a parameter of a DAG template.
pub(in crate::lower) fn parameter(captured: &Captured) -> String {
    match captured {
        Captured::Input(name) => name.clone(),
        Captured::Output(task, output) | Captured::Guarded(task, output) => {
            format!("{}-{output}", kebab(&task.0))
        }
        Captured::Run(run) => match run.as_slice() {
            [first, .., last] => format!(
                "{}-{}-to-{}-{}",
                kebab(&first.task.0),
                first.output,
                kebab(&last.task.0),
                last.output
            ),
            _ => "run".to_owned(),
        },
        Captured::State(handler) => format!("{}-state", kebab(&handler.0)),
        Captured::Failures(handler) => format!("{}-failures", kebab(&handler.0)),
        Captured::Item(task) => format!("{}-item", kebab(&task.0)),
        Captured::Depth(pipeline, task) => format!("{}-{}-depth", kebab(pipeline), kebab(&task.0)),
    }
}

/// Returns the captured values with their unique names as parameters of one template.
pub(in crate::lower) fn parameters(
    captures: impl IntoIterator<Item = Captured>,
) -> BTreeMap<Captured, String> {
    let mut taken = BTreeSet::new();
    let named = |captured| {
        let name = unique(&parameter(&captured), &mut taken);
        (captured, name)
    };
    captures.into_iter().map(named).collect()
}

/// The maximum length of a template name; the API server allows 128 characters.
const MAX_LENGTH: usize = 110;

/// Returns the name, or its start and a digest if it would be too long for a template.
pub(in crate::lower) fn bounded(name: &str) -> String {
    if name.len() <= MAX_LENGTH {
        return name.to_owned();
    }
    let digest = &sha256_hex(name.as_bytes())[..8];
    format!("{}-{digest}", name[..MAX_LENGTH - 9].trim_end_matches('-'))
}

/// Returns the name, with a number if it is already taken, and adds it to `taken`.
pub(in crate::lower) fn unique(name: &str, taken: &mut BTreeSet<String>) -> String {
    let numbered = (2..).map(|number| format!("{name}-{number}"));
    let free = std::iter::once(name.to_owned())
        .chain(numbered)
        .find(|candidate| !taken.contains(candidate))
        .expect("there is always an unused number");
    taken.insert(free.clone());
    free
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

    #[test]
    fn long_names_are_truncated() {
        let (first, second) = (format!("{}-a", "x".repeat(120)), format!("{}-b", "x".repeat(120)));
        assert!(bounded(&first).len() <= MAX_LENGTH && bounded(&first).starts_with("xxx"));
        assert_ne!(bounded(&first), bounded(&second));
        assert_eq!(bounded("body"), "body");
    }

    #[test]
    fn taken_names_are_numbered() {
        let mut taken = BTreeSet::from(["body".to_owned(), "body-2".to_owned()]);
        assert_eq!(unique("body", &mut taken), "body-3");
        assert_eq!(unique("body", &mut taken), "body-4");
    }
}
