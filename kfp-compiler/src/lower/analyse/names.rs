//! Names of templates, tasks and parameters.

use std::collections::{BTreeMap, BTreeSet};

use kfp_argo::expression::is_reserved;

use crate::digest::sha256_hex;
use crate::lower::analyse::captured::Captured;

/// A name in kebab case, of letters that Kubernetes takes: `Train_model 2` becomes `train-model-2`.
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

/// The name of a task in a DAG.
pub(in crate::lower) fn task(name: &str) -> String {
    let name = kebab(name);
    if is_reserved(&name) { format!("{name}-task") } else { name }
}

/// The name that a captured value has as a parameter of a DAG template.
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
        Captured::State(guard) => format!("{}-state", kebab(&guard.0)),
        Captured::Failures(guard) => format!("{}-failures", kebab(&guard.0)),
        Captured::Item(task) => format!("{}-item", kebab(&task.0)),
        Captured::Depth(pipeline, task) => format!("{}-{}-depth", kebab(pipeline), kebab(&task.0)),
    }
}

/// The captured values with the names that they have as parameters of one template.
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

/// Characters of the name of a template that need no digest; the API server takes 128.
const LONGEST: usize = 110;

/// The name, or what it begins with and a digest of all of it, where it would be too long for a template.
pub(in crate::lower) fn bounded(name: &str) -> String {
    if name.len() <= LONGEST {
        return name.to_owned();
    }
    let digest = &sha256_hex(name.as_bytes())[..8];
    format!("{}-{digest}", name[..LONGEST - 9].trim_end_matches('-'))
}

/// The name itself, or with the first number that makes it unique; it is taken from then on.
pub(in crate::lower) fn unique(name: &str, taken: &mut BTreeSet<String>) -> String {
    let numbered = (2..).map(|number| format!("{name}-{number}"));
    let free = std::iter::once(name.to_owned())
        .chain(numbered)
        .find(|candidate| !taken.contains(candidate))
        .expect("numbers do not end");
    taken.insert(free.clone());
    free
}

#[cfg(test)]
mod tests {
    use kfp_argo::expression::KEYWORDS;

    use super::*;

    #[test]
    fn names_become_what_kubernetes_takes() {
        for (name, expected) in
            [("train_model", "train-model"), ("Train  Model!", "train-model"), ("__", "task"), ("a.b", "a-b")]
        {
            assert_eq!(kebab(name), expected);
        }
        for word in KEYWORDS.iter().chain(&["true", "false", "nil"]) {
            assert!(is_reserved(word) && !is_reserved(&task(word)), "{word}");
        }
    }

    #[test]
    fn long_names_keep_their_beginning() {
        let (first, second) = (format!("{}-a", "x".repeat(120)), format!("{}-b", "x".repeat(120)));
        assert!(bounded(&first).len() <= LONGEST && bounded(&first).starts_with("xxx"));
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
