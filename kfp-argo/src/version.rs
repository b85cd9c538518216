//! Versions of Argo, and the fields that older versions do not have.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;
use serde_json::Value;

/// A version of Argo Workflows. If the patch number is omitted, it is the first supported one.
///
/// ```
/// use kfp_argo::version::Version;
/// let version: Version = "v4.0.7".parse()?;
/// assert_eq!(version.to_string(), "4.0.7");
/// assert_eq!("4.0".parse::<Version>()?, version);
/// assert_eq!(Version::default().to_string(), "4.1.0");
/// assert!("four".parse::<Version>().is_err());
/// # Ok::<(), kfp_argo::version::VersionError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    major: u32,
    minor: u32,
    patch: u32,
}

/// The text is not a version.
#[derive(Debug, thiserror::Error)]
#[error("invalid version of Argo `{0}`: expected a version such as `4.1` or `3.7.16`")]
pub struct VersionError(String);

/// The first supported patch of each minor version.
const FIRST: [Version; 3] = [version(3, 7, 16), version(4, 0, 7), version(4, 1, 0)];

/// The path of keys to a field. Lists have no key.
type Keys = &'static [&'static str];

/// Fields and the first version that has them.
const FIELDS: [(Keys, Version); 12] = [
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

const fn version(major: u32, minor: u32, patch: u32) -> Version {
    Version { major, minor, patch }
}

/// Returns the fields of a workflow `spec` that the version does not have, with the first version that has them.
pub fn newer_fields(spec: &impl Serialize, version: Version) -> Vec<(String, Version)> {
    let newer = || FIELDS.iter().filter(|(_, first)| *first > version);
    if newer().next().is_none() {
        return Vec::new();
    }
    let spec = serde_json::to_value(spec).unwrap_or_default();
    newer()
        .filter(|(keys, _)| contains_path(&spec, keys, keys))
        .map(|(keys, first)| (keys.join("."), *first))
        .collect()
}

/// Returns whether the value contains the path of keys at any depth. `left` is the rest of the path at this position.
fn contains_path(value: &Value, keys: &[&str], left: &[&str]) -> bool {
    match value {
        Value::Array(items) => items.iter().any(|item| contains_path(item, keys, left)),
        Value::Object(members) => members.iter().any(|(key, inner)| match left {
            [last] if last == key => true,
            [next, rest @ ..] if next == key && contains_path(inner, keys, rest) => true,
            _ => contains_path(inner, keys, keys),
        }),
        _ => false,
    }
}

impl Version {
    /// Returns whether emitted workflows run correctly on this version. Before 3.7.16 and 4.0.7, outputs of a skipped
    /// task cannot be read.
    pub fn is_supported(self) -> bool {
        let same = FIRST.iter().find(|first| (first.major, first.minor) == (self.major, self.minor));
        same.map_or(self > FIRST[2], |first| self >= *first)
    }
}

impl Default for Version {
    fn default() -> Self {
        FIRST[2]
    }
}

impl FromStr for Version {
    type Err = VersionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || VersionError(text.to_owned());
        let number = |part: &str| part.parse::<u32>().map_err(|_| error());
        let parts: Vec<&str> = text.strip_prefix('v').unwrap_or(text).split('.').collect();
        match parts.as_slice() {
            [major, minor] => {
                let (major, minor) = (number(major)?, number(minor)?);
                let first = FIRST.iter().find(|first| (first.major, first.minor) == (major, minor));
                Ok(first.copied().unwrap_or(version(major, minor, 0)))
            }
            [major, minor, patch] => Ok(version(number(major)?, number(minor)?, number(patch)?)),
            _ => Err(error()),
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn versions_are_supported_from_the_first_patch() {
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
            assert_eq!(text.parse::<Version>().unwrap().is_supported(), supported, "{text}");
        }
        for text in ["", "4", "4.1.2.3", "4.x", "latest", "-4.1"] {
            assert!(text.parse::<Version>().is_err(), "{text}");
        }
    }

    #[test]
    fn fields_are_found_at_any_depth() {
        let spec = json!({"templates": [
            {"name": "pendingTimeout", "retryStrategy": {"limit": "2", "backoff": {"cap": "1m"}}},
            {"dag": {"tasks": [{"inline": {"pendingTimeout": "5m"}}]}},
            {"annotations": {"a": "b"}, "metadata": {"annotations": {}}},
            {"outputs": {"artifacts": [{"name": "x", "plugin": {}}]}},
        ]});
        let names = |version: &str| {
            let found = newer_fields(&spec, version.parse().unwrap());
            found.into_iter().map(|(field, first)| format!("{field} {first}")).collect::<Vec<_>>()
        };
        assert_eq!(
            names("3.6.0"),
            [
                "retryStrategy.backoff.cap 3.7.0",
                "templates.annotations 3.7.0",
                "artifacts.plugin 4.0.0",
                "pendingTimeout 4.1.0",
            ]
        );
        assert_eq!(names("3.7.16"), ["artifacts.plugin 4.0.0", "pendingTimeout 4.1.0"]);
        assert_eq!(names("4.0.7"), ["pendingTimeout 4.1.0"]);
        assert!(names("4.1").is_empty());
    }
}
