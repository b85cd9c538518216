//! The version of Argo that a workflow is for, and what older ones do not have.

use std::fmt;
use std::str::FromStr;

use kfp_diag::{Diagnostic, codes};
use serde_json::Value;

use crate::argo::Workflow;
use crate::check::Checked;

/// A version of Argo Workflows. Patch and minor number may be left out, and then are the first that is supported.
///
/// ```
/// use kfp_compiler::lower::Target;
/// let target: Target = "v4.0.7".parse()?;
/// assert_eq!(target.to_string(), "4.0.7");
/// assert_eq!("4.0".parse::<Target>()?, target);
/// assert_eq!(Target::default().to_string(), "4.1.0");
/// assert!("four".parse::<Target>().is_err());
/// # Ok::<(), kfp_compiler::lower::TargetError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Target {
    major: u32,
    minor: u32,
    patch: u32,
}

/// The text is no version.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no version of Argo: write it as `4.1` or `3.7.16`")]
pub struct TargetError(String);

/// The first patch of each minor version with which workflows mean what they should. Later ones do as well.
const FIRST: [Target; 3] = [version(3, 7, 16), version(4, 0, 7), version(4, 1, 0)];

/// What every workflow needs: before, a value of a task that was skipped could not be read.
const ALWAYS: &str = "values of tasks that were skipped";

/// Fields by the keys that lead to them, the last ones first known by this version. Lists are passed through.
const FIELDS: [(&[&str], Target); 12] = [
    (&["retryStrategy", "backoff", "cap"], version(3, 7, 0)),
    (&["synchronization", "mutexes", "database"], version(3, 7, 0)),
    (&["synchronization", "semaphores", "database"], version(3, 7, 0)),
    (&["templates", "annotations"], version(3, 7, 0)),
    (&["artifacts", "plugin"], version(4, 0, 0)),
    (&["pendingTimeout"], version(4, 1, 0)),
    (&["podResources"], version(4, 1, 0)),
    (&["resourceClaims"], version(4, 1, 0)),
    (&["restartPolicyRules"], version(4, 1, 0)),
    (&["valueFrom", "fileKeyRef"], version(4, 1, 0)),
    (&["s3", "addressingStyle"], version(4, 1, 0)),
    (&["http", "saveStreamViaFile"], version(4, 1, 0)),
];

const fn version(major: u32, minor: u32, patch: u32) -> Target {
    Target { major, minor, patch }
}

/// What of the workflow the target does not have.
pub(super) fn check(checked: &Checked<'_>, workflow: &Workflow, target: Target) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if FIELDS.iter().any(|(_, first)| *first > target) {
        found = too_new(&serde_json::to_value(&workflow.spec).unwrap_or_default(), target);
    }
    if !target.is_supported() {
        found.insert(0, (ALWAYS.to_owned(), None));
    }
    let name = &checked.pipeline().name;
    let report = |(what, first): (String, Option<Target>)| {
        let message = format!("pipeline `{name}` needs {what}, which Argo {target} does not have");
        let diagnostic = Diagnostic::error(codes::NEWER_ARGO, &checked.place(), message);
        let supported = "use Argo 3.7.16, 4.0.7, 4.1.0 or a later version of one of them";
        match first {
            Some(first) => diagnostic.note(format!("Argo {first} is the first that has it")).help(supported),
            None => diagnostic.note("Argo 3.7.16 and 4.0.7 are the first that have it").help(supported),
        }
    };
    found.into_iter().map(report).collect()
}

/// The fields that came later than the target, each once.
fn too_new(spec: &Value, target: Target) -> Vec<(String, Option<Target>)> {
    let newer = FIELDS.iter().filter(|(_, first)| *first > target);
    newer
        .filter(|(keys, _)| holds(spec, keys, keys))
        .map(|(keys, first)| (format!("`{}`", keys.join(".")), Some(*first)))
        .collect()
}

/// Whether the keys follow each other somewhere in the value; `left` is what is still to come right here.
fn holds(value: &Value, keys: &[&str], left: &[&str]) -> bool {
    match value {
        Value::Array(items) => items.iter().any(|item| holds(item, keys, left)),
        Value::Object(members) => members.iter().any(|(key, inner)| match left {
            [last] if last == key => true,
            [next, rest @ ..] if next == key && holds(inner, keys, rest) => true,
            _ => holds(inner, keys, keys),
        }),
        _ => false,
    }
}

impl Target {
    /// Whether workflows mean what they should on this version.
    pub fn is_supported(self) -> bool {
        let same = FIRST.iter().find(|first| (first.major, first.minor) == (self.major, self.minor));
        same.map_or(self > FIRST[2], |first| self >= *first)
    }
}

impl Default for Target {
    fn default() -> Self {
        FIRST[2]
    }
}

impl FromStr for Target {
    type Err = TargetError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refuse = || TargetError(text.to_owned());
        let number = |part: &str| part.parse::<u32>().map_err(|_| refuse());
        let parts: Vec<&str> = text.strip_prefix('v').unwrap_or(text).split('.').collect();
        match parts.as_slice() {
            [major, minor] => {
                let (major, minor) = (number(major)?, number(minor)?);
                let first = FIRST.iter().find(|first| (first.major, first.minor) == (major, minor));
                Ok(first.copied().unwrap_or(version(major, minor, 0)))
            }
            [major, minor, patch] => Ok(version(number(major)?, number(minor)?, number(patch)?)),
            _ => Err(refuse()),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn versions_are_supported_from_the_first_that_does_it_right() {
        for (text, supported) in [
            ("3.5.15", false),
            ("3.7.15", false),
            ("3.7.16", true),
            ("3.7", true),
            ("3.8.0", false),
            ("4.0.0", false),
            ("4.0.6", false),
            ("4.0.7", true),
            ("v4.0.9", true),
            ("4.1", true),
            ("4.1.2", true),
            ("5.0.0", true),
        ] {
            assert_eq!(text.parse::<Target>().unwrap().is_supported(), supported, "{text}");
        }
        for text in ["", "4", "4.1.2.3", "4.x", "latest", "-4.1"] {
            assert!(text.parse::<Target>().is_err(), "{text}");
        }
    }

    #[test]
    fn fields_are_found_wherever_they_stand() {
        let spec = json!({"templates": [
            {"name": "pendingTimeout", "retryStrategy": {"limit": "2", "backoff": {"cap": "1m"}}},
            {"dag": {"tasks": [{"inline": {"pendingTimeout": "5m"}}]}},
            {"annotations": {"a": "b"}, "metadata": {"annotations": {}}},
            {"outputs": {"artifacts": [{"name": "x", "plugin": {}}]}},
        ]});
        let names = |target: &str| {
            let found = too_new(&spec, target.parse().unwrap());
            found.into_iter().map(|(what, first)| format!("{what} {}", first.unwrap())).collect::<Vec<_>>()
        };
        assert_eq!(
            names("3.6.0"),
            [
                "`retryStrategy.backoff.cap` 3.7.0",
                "`templates.annotations` 3.7.0",
                "`artifacts.plugin` 4.0.0",
                "`pendingTimeout` 4.1.0",
            ]
        );
        assert_eq!(names("3.7.16"), ["`artifacts.plugin` 4.0.0", "`pendingTimeout` 4.1.0"]);
        assert_eq!(names("4.0.7"), ["`pendingTimeout` 4.1.0"]);
        assert!(names("4.1").is_empty());
    }
}
