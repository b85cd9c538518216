//! Names of templates and parameters.

use std::collections::{BTreeMap, BTreeSet};

use crate::dag_names::kebab;
use crate::digest::sha256_hex;
use crate::lower::analyse::captured::Captured;

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
    use super::*;

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
