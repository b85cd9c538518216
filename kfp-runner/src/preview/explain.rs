//! Explains why the store has no result for a key: compares the key with the nearest one of the same component.

use std::collections::BTreeSet;
use std::fmt;

use crate::cache::{CacheKey, Parts, is_input};
use crate::store::KnownKey;

/// The number of characters of a value in a message.
const LONGEST: usize = 40;

/// Why no cached result can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MissReason {
    /// There is a result, but it is older than the maximum age.
    Expired {
        /// The creation time of the result, in milliseconds since 1970 (UTC).
        created_at: i64,
    },
    /// There is a result, but its files are not in the store.
    FilesMissing,
    /// The key differs from that of every result of the component.
    Changed {
        /// The differences to the nearest result, at least one.
        changes: Vec<Change>,
        /// The task that stored the nearest result.
        task: String,
        /// The run that stored the nearest result.
        run: String,
    },
    /// There is no result of the component.
    NoResult,
}

/// A part of a key that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The part: `code`, `image`, `packages`, `binary`, `interpreter`, `epoch`, `inputs/NAME`, `modules/PATH`,
    /// `environment/NAME` and so on.
    pub part: String,
    /// The text or digest in the cached result; `None` if it does not have the part.
    pub before: Option<String>,
    /// The text or digest now.
    pub after: Option<String>,
}

/// Returns why no result can be used for the key.
pub(super) fn miss(key: &CacheKey, path: &str, files_missing: bool, known: &[KnownKey]) -> MissReason {
    match known.iter().find(|known| known.key.digest == key.digest) {
        _ if files_missing => MissReason::FilesMissing,
        Some(known) => MissReason::Expired { created_at: known.created_at },
        None => nearest(&key.parts, path, known, |_| true).unwrap_or(MissReason::NoResult),
    }
}

/// Returns why no result can be used, whatever the inputs are. `parts` are those of the key without inputs. Returns
/// `None` if some result differs at most in its inputs.
pub(super) fn certain_miss(parts: &Parts, path: &str, known: &[KnownKey]) -> Option<MissReason> {
    let reason = nearest(parts, path, known, |part| !is_input(part)).unwrap_or(MissReason::NoResult);
    match &reason {
        MissReason::Changed { changes, .. } if changes.is_empty() => None,
        _ => Some(reason),
    }
}

/// Returns whether the parts of two keys differ at most in their inputs.
pub(super) fn same_without_inputs(one: &Parts, other: &Parts) -> bool {
    changes(one, other, |part| !is_input(part)).is_empty()
}

/// Returns the differences to the result of the same component with the fewest of them. Of several, it is that of the
/// same task, or else the latest.
fn nearest(
    parts: &Parts,
    path: &str,
    known: &[KnownKey],
    counts: impl Fn(&str) -> bool,
) -> Option<MissReason> {
    let same_component =
        known.iter().filter(|known| known.key.parts.get("component") == parts.get("component"));
    let compared = same_component.map(|known| (changes(&known.key.parts, parts, &counts), known));
    let (changes, known) = compared.min_by_key(|(changes, known)| (changes.len(), known.path != path))?;
    Some(MissReason::Changed { changes, task: known.path.clone(), run: known.run.clone() })
}

fn changes(before: &Parts, after: &Parts, counts: impl Fn(&str) -> bool) -> Vec<Change> {
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).filter(|name| counts(name)).collect();
    let change = |name: &String| {
        let (before, after) = (before.get(name).cloned(), after.get(name).cloned());
        (before != after).then(|| Change { part: name.clone(), before, after })
    };
    names.into_iter().filter_map(change).collect()
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = match self.part.split_once('/') {
            Some(("inputs", name)) => format!("input `{name}`"),
            Some(("modules", name)) => format!("the module `{name}`"),
            Some(("environment", name)) => format!("environment variable `{name}`"),
            _ => match self.part.as_str() {
                "binary" => "the pipeline binary".to_owned(),
                "interpreter" => "the Python version".to_owned(),
                "code" => "the code".to_owned(),
                "interface" => "the declared inputs or outputs".to_owned(),
                "epoch" => "the cache epoch".to_owned(),
                "pip_index" => "the package index".to_owned(),
                other => format!("`{other}`"),
            },
        };
        match (self.before.as_deref(), self.after.as_deref()) {
            (Some(before), Some(after)) if is_shown(&self.part, before) && is_shown(&self.part, after) => {
                write!(f, "{part} changed from `{}` to `{}`", shortened(before), shortened(after))
            }
            (Some(_), Some(_)) => write!(f, "{part} changed"),
            (None, Some(after)) if is_shown(&self.part, after) => {
                write!(f, "{part} is now `{}`", shortened(after))
            }
            (None, _) => write!(f, "{part} was added"),
            (Some(_), None) => write!(f, "{part} was removed"),
        }
    }
}

impl fmt::Display for MissReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expired { .. } => f.write_str("the cached result is older than the maximum age"),
            Self::FilesMissing => f.write_str("the files of the cached result are missing"),
            Self::Changed { changes, .. } if changes.is_empty() => f.write_str("the key changed"),
            Self::Changed { changes, .. } => {
                let changes: Vec<String> = changes.iter().map(Change::to_string).collect();
                f.write_str(&changes.join("; "))
            }
            Self::NoResult => f.write_str("no result of this component is cached"),
        }
    }
}

/// Returns whether showing the value helps: digests only show that something has changed.
fn is_shown(part: &str, text: &str) -> bool {
    part != "binary" && !text.starts_with("sha256:")
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    text.chars().take(LONGEST - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(all: &[(&str, &str)]) -> Parts {
        all.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    fn known(digest: &str, all: &[(&str, &str)], created_at: i64) -> KnownKey {
        let key = CacheKey { digest: digest.to_owned(), parts: parts(all) };
        KnownKey { key, path: format!("task-{digest}"), run: "r".to_owned(), created_at }
    }

    fn key(all: &[(&str, &str)]) -> CacheKey {
        CacheKey { digest: "new".to_owned(), parts: parts(all) }
    }

    #[test]
    fn the_nearest_result_of_the_component_explains_a_miss() {
        let all = [
            known("a", &[("component", "train"), ("code", "sha256:1"), ("inputs/rate", "0.1")], 3),
            known("b", &[("component", "train"), ("code", "sha256:2"), ("inputs/rate", "0.2")], 2),
            known("c", &[("component", "other"), ("code", "sha256:2"), ("inputs/rate", "0.3")], 1),
            known(
                "d",
                &[("component", "fourth"), ("modules/lib/h.py", "sha256:1"), ("modules/old.py", "sha256:1")],
                1,
            ),
        ];
        for (parts, expect) in [
            (
                &[("component", "train"), ("code", "sha256:2"), ("inputs/rate", "0.3")][..],
                "input `rate` changed from `0.2` to `0.3`",
            ),
            (&[("component", "train"), ("code", "sha256:3"), ("inputs/rate", "0.2")], "the code changed"),
            (
                &[("component", "train"), ("code", "sha256:3"), ("image", "i:2"), ("inputs/rate", "0.1")],
                "the code changed; `image` is now `i:2`",
            ),
            (&[("component", "train"), ("code", "sha256:1")], "input `rate` was removed"),
            // Both have one difference; the first one is that of the same task.
            (
                &[("component", "train"), ("code", "sha256:1"), ("inputs/rate", "0.2")],
                "input `rate` changed from `0.1` to `0.2`",
            ),
            (
                &[("component", "fourth"), ("modules/lib/h.py", "sha256:2"), ("modules/new.py", "sha256:3")],
                "the module `lib/h.py` changed; the module `new.py` was added; the module `old.py` was removed",
            ),
            (&[("component", "third"), ("code", "sha256:1")], "no result of this component is cached"),
        ] {
            assert_eq!(miss(&key(parts), "task-a", false, &all).to_string(), expect);
        }
    }

    #[test]
    fn a_result_of_the_same_key_is_expired_or_has_no_files() {
        let all = [known("new", &[("component", "train")], 7)];
        let key = key(&[("component", "train")]);
        assert_eq!(miss(&key, "it", false, &all), MissReason::Expired { created_at: 7 });
        assert_eq!(miss(&key, "it", true, &all), MissReason::FilesMissing);
    }

    #[test]
    fn a_miss_is_certain_if_more_than_inputs_differ() {
        let all = [known("a", &[("component", "train"), ("epoch", "0"), ("inputs/rate", "0.1")], 1)];
        assert_eq!(certain_miss(&parts(&[("component", "train"), ("epoch", "0")]), "it", &all), None);
        let reason = certain_miss(&parts(&[("component", "train"), ("epoch", "1")]), "it", &all).unwrap();
        assert_eq!(reason.to_string(), "the cache epoch changed from `0` to `1`");
        assert_eq!(certain_miss(&parts(&[("component", "test")]), "it", &all), Some(MissReason::NoResult));
    }

    #[test]
    fn long_values_are_shortened_and_digests_left_out() {
        let long = "x".repeat(100);
        let text = |before: Option<&str>, after: Option<&str>| {
            let change = Change {
                part: "inputs/text".to_owned(),
                before: before.map(str::to_owned),
                after: after.map(str::to_owned),
            };
            change.to_string()
        };
        assert_eq!(
            text(Some("a"), Some(&long)),
            format!("input `text` changed from `a` to `{}…`", "x".repeat(39))
        );
        assert_eq!(text(Some("a"), Some("sha256:1")), "input `text` changed");
        assert_eq!(text(None, Some("sha256:1")), "input `text` was added");
    }
}
