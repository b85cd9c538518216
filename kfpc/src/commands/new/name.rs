//! Names of new crates.

use std::path::Path;

use anyhow::anyhow;

use crate::advice::advised;
use crate::files::shown;
use crate::keywords::{KEYWORDS, RESERVED};

/// The most characters of a name: names of pods and labels are made of it.
const LONGEST: usize = 50;

/// Words that are keywords in some places.
const WEAK_KEYWORDS: [&str; 2] = ["macro_rules", "union"];
/// The crates of Rust itself, folders of cargo, and the dependencies of the new crate.
const TAKEN: [&str; 11] = [
    "alloc",
    "build",
    "core",
    "deps",
    "examples",
    "incremental",
    "kfp_sdk",
    "kfp_testing",
    "proc_macro",
    "std",
    "test",
];

/// The name of a crate.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct CrateName(String);

impl CrateName {
    /// Takes the last component of the path.
    pub(super) fn of(path: &Path) -> anyhow::Result<Self> {
        let name = path
            .file_name()
            .ok_or_else(|| anyhow!("cannot create `{}`: the path does not end with a name", shown(path)))?;
        let name = shown(Path::new(name));
        match problem(&name) {
            None => Ok(Self(name)),
            Some(problem) => Err(advised(format!("invalid crate name `{name}`: {problem}"), help(&name))),
        }
    }

    /// Returns the name as cargo has it.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the name of the pipeline in the crate.
    pub(super) fn pipeline(&self) -> String {
        self.0.replace('_', "-")
    }
}

/// Returns why the name is invalid, if it is.
fn problem(name: &str) -> Option<String> {
    let is_part = |part: &str| {
        !part.is_empty() && part.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit())
    };
    if !name.split(['-', '_']).all(is_part) || !name.starts_with(|first: char| first.is_ascii_lowercase()) {
        return Some(
            "expected lowercase letters and digits, separated by single `-` or `_`, starting with a letter"
                .to_owned(),
        );
    }
    if name.len() > LONGEST {
        return Some(format!("it is longer than {LONGEST} characters"));
    }
    let rust = name.replace('-', "_");
    if [&KEYWORDS[..], &RESERVED, &WEAK_KEYWORDS].concat().contains(&rust.as_str()) {
        return Some("it is a keyword of Rust".to_owned());
    }
    TAKEN.contains(&rust.as_str()).then(|| "the name is reserved".to_owned())
}

/// Suggests a similar name that is valid.
fn help(name: &str) -> String {
    let mut valid = String::new();
    for letter in name.trim_start_matches(|letter: char| !letter.is_ascii_alphabetic()).chars() {
        if letter.is_ascii_alphanumeric() {
            valid.push(letter.to_ascii_lowercase());
        } else if !valid.ends_with('-') {
            valid.push('-');
        }
    }
    valid.truncate(LONGEST);
    let valid = valid.trim_end_matches('-');
    let longer = format!("{valid}-pipeline");
    match [valid, longer.as_str()].into_iter().find(|candidate| problem(candidate).is_none()) {
        Some(valid) => format!("use `{valid}`"),
        None => "choose another name, such as `training`".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_valid_for_cargo_and_pipelines() {
        for name in ["a", "train-model", "a_b-2", "a/b/training"] {
            let valid = CrateName::of(Path::new(name)).unwrap();
            assert_eq!(valid.as_str(), name.rsplit('/').next().unwrap());
        }
        assert_eq!(CrateName::of(Path::new("a_b")).unwrap().pipeline(), "a-b");
        for (name, suggested) in [
            ("Train Model", "use `train-model`"),
            ("2nd", "use `nd`"),
            ("a--b", "use `a-b`"),
            ("a-", "use `a`"),
            ("é", "choose another name, such as `training`"),
            ("match", "use `match-pipeline`"),
            ("test", "use `test-pipeline`"),
            ("kfp-sdk", "use `kfp-sdk-pipeline`"),
            (&"a".repeat(51), &format!("use `{}`", "a".repeat(50))),
        ] {
            let error = CrateName::of(Path::new(name)).unwrap_err();
            assert!(error.to_string().starts_with(&format!("invalid crate name `{name}`: ")), "{error}");
            assert_eq!(help(name), suggested);
        }
        assert!(CrateName::of(Path::new("..")).is_err());
    }
}
