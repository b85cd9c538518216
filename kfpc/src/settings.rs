//! `kfpc.toml`: the settings for all pipelines of a folder.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Context as _, anyhow, bail};
use kfp_compiler::lower::{Options, Store};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::arguments::Size;
use crate::codes::Allowed;
use crate::files::{Unread, open_below, shown};
use crate::stores::{self, StoreSettings};

/// The name of the file.
const FILE: &str = "kfpc.toml";
/// The maximum size of the file in bytes.
const LIMIT: u64 = 1024 * 1024;
/// The folder of runs and caches.
const STORE: &str = ".kfp";

/// Where the pipelines run.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Target {
    /// On Argo Workflows: `kfpc check` also reports what `kfpc compile` would refuse.
    #[default]
    Argo,
    /// On this machine only: `kfpc check` accepts what only local runs can do.
    Local,
}

/// The settings of a folder and everything below it.
#[derive(Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct Settings {
    /// The image of Rust steps that do not set one.
    pub(crate) image: Option<String>,
    /// The image of Python steps that do not set one.
    pub(crate) python_image: Option<String>,
    /// The prefix under which runs on a cluster store artifacts, such as `s3://bucket/prefix`.
    pub(crate) pipeline_root: Option<String>,
    /// The Kubernetes service account of the pods.
    pub(crate) service_account: Option<String>,
    /// The maximum size of artifacts that get a digest for cache keys, such as `10Gi`, which is the default. With `0`,
    /// artifacts get no digests.
    pub(crate) digest_limit: Option<Size>,
    /// The version of Argo that runs the workflows, such as `4.1.2`.
    pub(crate) argo_version: Option<String>,
    /// The Python interpreter for Python steps in local runs.
    pub(crate) python: Option<PathBuf>,
    /// The maximum size of all Python environments, such as `20G`; unlimited by default. After each run, and with
    /// `kfpc cache prune`, the least recently used ones are removed.
    pub(crate) max_environments_size: Option<Size>,
    /// The target that `kfpc check` checks for; `argo` by default.
    pub(crate) target: Target,
    /// Whether warnings count as errors.
    pub(crate) deny_warnings: bool,
    /// Codes of warnings that are not reported.
    pub(crate) allow: Vec<Allowed>,
    /// Stores that artifacts are imported from, other than the pipeline root, by name.
    pub(crate) stores: BTreeMap<String, StoreSettings>,
    /// The folder that contains the file.
    #[serde(skip)]
    folder: Option<PathBuf>,
}

impl Settings {
    /// Reads the closest `kfpc.toml` in the folder or above it; without one, returns the defaults.
    pub(crate) fn find(folder: &Path) -> anyhow::Result<Self> {
        let exists = |folder: &&Path| folder.join(FILE).symlink_metadata().is_ok();
        let Some(home) = folder.ancestors().find(exists) else { return Ok(Self::default()) };
        let settings: Self = read(home)?;
        Ok(Self { folder: Some(home.to_owned()), ..settings })
    }

    /// Returns the compiler options that the file sets.
    pub(crate) fn options(&self) -> anyhow::Result<Options> {
        Ok(Options {
            image: self.image.clone(),
            python_image: self.python_image.clone(),
            service_account: self.service_account.clone(),
            pipeline_root: parsed("`pipeline-root` in kfpc.toml", self.pipeline_root.as_deref())?,
            target: parsed("`argo-version` in kfpc.toml", self.argo_version.as_deref())?.unwrap_or_default(),
            stores: self.stores()?,
            digest_limit: self.digest_limit.map(|Size(bytes)| bytes),
            ..Options::default()
        })
    }

    /// Returns the stores for the compiler.
    pub(crate) fn stores(&self) -> anyhow::Result<BTreeMap<String, Store>> {
        stores::of(&self.stores)
    }

    /// Returns the folders that replace stores in local runs, by scheme; relative paths start at the file.
    pub(crate) fn store_folders(&self) -> anyhow::Result<BTreeMap<String, PathBuf>> {
        let folder = self.folder.as_deref().unwrap_or(Path::new(""));
        let declared = self.stores()?;
        let path = |(name, store): (&String, &StoreSettings)| {
            Some((declared[name].scheme.clone(), folder.join(store.path.as_ref()?)))
        };
        Ok(self.stores.iter().filter_map(path).collect())
    }

    /// Returns the interpreter that inspects or identifies Python steps, if it is set. It is only used for the document of
    /// a pipeline binary, because the author of another document may have written the settings too.
    pub(crate) fn trusted_python(&self, pipeline_binary: Option<&Path>) -> Option<&Path> {
        self.python.as_deref().filter(|_| pipeline_binary.is_some())
    }

    /// Returns the folder of runs and caches: beside the file, or in the working folder if there is no file.
    pub(crate) fn run_store(&self, working_folder: &Path) -> PathBuf {
        self.folder.as_deref().unwrap_or(working_folder).join(STORE)
    }
}

/// Reads the value of an option, if it is set.
pub(crate) fn parsed<T>(name: &str, text: Option<&str>) -> anyhow::Result<Option<T>>
where
    T: FromStr<Err: std::error::Error + Send + Sync + 'static>,
{
    text.map(str::parse).transpose().with_context(|| format!("invalid {name}"))
}

/// Reads the file of the folder.
fn read(folder: &Path) -> anyhow::Result<Settings> {
    let path = folder.join(FILE);
    let name = shown(&path);
    let unread = |unread: Unread| anyhow!("cannot read `{name}`: {unread}");
    let target = path.canonicalize().with_context(|| format!("cannot read `{name}`"))?;
    let (_, file) = open_below(target.parent().unwrap_or(&target), &target).map_err(unread)?;
    let mut text = String::new();
    file.take(LIMIT).read_to_string(&mut text).with_context(|| format!("cannot read `{name}`"))?;
    let settings = toml::from_str(&text);
    // The author of the link may not have access to the file that it links to.
    if settings.is_err()
        && path.is_symlink()
        && !folder.canonicalize().is_ok_and(|own| target.starts_with(own))
    {
        bail!(
            "invalid `{name}`, whose content is not shown because it is a link to a file in another folder"
        );
    }
    settings.with_context(|| format!("invalid `{name}`"))
}

/// Returns the settings for the working folder, and that folder.
pub(crate) fn here() -> anyhow::Result<(Settings, PathBuf)> {
    let folder = std::env::current_dir().context("cannot find the working folder")?;
    Ok((Settings::find(&folder)?, folder))
}

#[cfg(test)]
mod tests {
    use kfp_diag::codes;

    use super::*;

    #[test]
    fn the_size_of_environments_has_a_unit() {
        let settings: Settings = toml::from_str("max-environments-size = '20G'").unwrap();
        assert_eq!(settings.max_environments_size, Some(Size(20_000_000_000)));
        assert!(toml::from_str::<Settings>("max-environments-size = 20").is_err());
        assert!(toml::from_str::<Settings>("max-environments-size = '20 GB'").is_err());
    }

    #[test]
    fn unknown_keys_are_refused() {
        assert!(toml::from_str::<Settings>("imgae = 'x'").is_err());
        let settings: Settings = toml::from_str("python-image = 'python:3.12'").unwrap();
        assert_eq!(settings.python_image.as_deref(), Some("python:3.12"));
        let settings: Settings = toml::from_str("deny-warnings = true\nallow = ['KFP0415']").unwrap();
        assert!(settings.deny_warnings && settings.allow == [Allowed(codes::UNUSED_INPUT)]);
        let settings: Settings = toml::from_str("digest-limit = '2Gi'").unwrap();
        assert_eq!(settings.digest_limit, Some(Size(2 << 30)));
        let error = toml::from_str::<Settings>("digest-limit = '2 GB'").unwrap_err();
        assert!(error.message().starts_with("invalid size `2 GB`: expected a number and a unit"), "{error}");
    }
}
