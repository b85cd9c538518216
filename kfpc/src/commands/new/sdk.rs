//! Where a new crate finds the SDK and kfpc itself.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, bail};
use toml::Value;

use crate::advice::advised;
use crate::files::shown;

/// The repository of the SDK.
const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

/// Where the crates of the SDK are.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Sdk {
    /// In a checkout of the repository, as an absolute path.
    Path(String),
    /// In a Git repository.
    Git(String),
}

impl Sdk {
    /// Takes the options of the command line, else the repository that kfpc was built from.
    pub(super) fn of(path: Option<&Path>, git: Option<&str>) -> anyhow::Result<Self> {
        match (path, git) {
            (Some(path), _) => Self::checkout(path),
            (None, Some(url)) => Self::repository(url),
            (None, None) if REPOSITORY.is_empty() => Err(advised(
                "cannot find the SDK: this build of kfpc does not know its repository",
                "pass `--sdk-git URL`, or `--sdk-path PATH` with a checkout of the repository",
            )),
            (None, None) => Self::repository(REPOSITORY),
        }
    }

    fn checkout(path: &Path) -> anyhow::Result<Self> {
        let root: PathBuf =
            path.canonicalize().with_context(|| format!("cannot open the SDK in `{}`", shown(path)))?;
        if !root.join("kfp-sdk/Cargo.toml").is_file() {
            return Err(advised(
                format!("invalid SDK path `{}`: it does not contain `kfp-sdk/Cargo.toml`", shown(path)),
                "pass the root of a checkout of the kfpc repository",
            ));
        }
        let root = root.to_str().ok_or_else(|| anyhow!("invalid SDK path `{}`: not UTF-8", shown(path)))?;
        Ok(Self::Path(root.to_owned()))
    }

    fn repository(url: &str) -> anyhow::Result<Self> {
        if url.is_empty() || url.starts_with('-') || !url.chars().all(is_plain) {
            bail!("invalid Git URL `{url}`: expected a URL such as `https://example.com/team/kfpc`");
        }
        Ok(Self::Git(url.to_owned()))
    }

    /// Returns the dependency on a crate of the SDK, as cargo reads it.
    pub(super) fn dependency(&self, name: &str) -> String {
        let (key, value) = match self {
            Self::Path(root) => ("path", format!("{root}/{name}")),
            Self::Git(url) => ("git", url.clone()),
        };
        format!("{{ {key} = {} }}", Value::String(value))
    }

    /// Returns the shell command that installs kfpc, as a YAML scalar.
    pub(super) fn install(&self) -> String {
        match self {
            Self::Git(url) => format!("cargo install --locked --git {url} kfpc"),
            Self::Path(root) if root.chars().all(is_plain) => {
                format!("cargo install --locked --path {root}/kfpc")
            }
            Self::Path(root) => {
                let quoted = format!("{root}/kfpc").replace('\'', r"'\''");
                // JSON strings are YAML scalars.
                serde_json::Value::from(format!("cargo install --locked --path '{quoted}'")).to_string()
            }
        }
    }
}

/// Returns whether the character needs no quotes in a shell and in YAML.
fn is_plain(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "/._-+@:~%".contains(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependencies_and_commands_are_quoted() {
        let git = Sdk::of(None, Some("https://example.com/team/kfpc.git")).unwrap();
        assert_eq!(git.dependency("kfp-sdk"), r#"{ git = "https://example.com/team/kfpc.git" }"#);
        assert_eq!(git.install(), "cargo install --locked --git https://example.com/team/kfpc.git kfpc");
        let path = Sdk::Path("/a \"b\"'s".to_owned());
        let dependency: toml::Table = toml::from_str(&format!("a = {}", path.dependency("kfp-sdk"))).unwrap();
        assert_eq!(dependency["a"]["path"].as_str(), Some("/a \"b\"'s/kfp-sdk"));
        assert_eq!(path.install(), r#""cargo install --locked --path '/a \"b\"'\\''s/kfpc'""#);
    }

    #[test]
    fn urls_have_no_characters_that_a_shell_interprets() {
        for url in ["", "--upload-pack=x", "https://a b", "https://a;b", "https://$(a)", "a\nb"] {
            assert!(Sdk::of(None, Some(url)).is_err(), "{url}");
        }
    }

    #[test]
    fn a_folder_without_the_sdk_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let error = Sdk::of(Some(folder.path()), None).unwrap_err().to_string();
        assert!(error.contains("it does not contain `kfp-sdk/Cargo.toml`"), "{error}");
        assert!(Sdk::of(Some(&folder.path().join("missing")), None).is_err());
    }
}
