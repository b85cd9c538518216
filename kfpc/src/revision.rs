//! Earlier versions in Git: a file at a revision, or a checkout of a revision to build.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};

/// A checkout of a revision in a temporary folder, which is removed when it is dropped.
#[derive(Debug)]
pub(crate) struct Checkout {
    folder: tempfile::TempDir,
    /// The folder in the checkout that corresponds to the working folder.
    working_folder: PathBuf,
}

impl Checkout {
    /// Checks out a revision of the repository of the working folder.
    pub(crate) fn of(revision: &str) -> anyhow::Result<Self> {
        let below = git(&["rev-parse", "--show-prefix"])?;
        let folder = tempfile::tempdir().context("cannot create a folder for a checkout")?;
        let path = folder.path().join("checkout");
        let shown = path.to_string_lossy();
        git(&["worktree", "add", "--quiet", "--detach", &shown, &commit(revision)?])?;
        let working_folder = path.join(String::from_utf8_lossy(&below).trim_end());
        Ok(Self { folder, working_folder })
    }

    /// Returns the folder in the checkout that corresponds to the working folder.
    pub(crate) fn working_folder(&self) -> &Path {
        &self.working_folder
    }
}

impl Drop for Checkout {
    fn drop(&mut self) {
        let path = self.folder.path().join("checkout");
        // Git prunes the record of a missing worktree later.
        let _ = git(&["worktree", "remove", "--force", &path.to_string_lossy()]);
    }
}

/// Returns the content of a file at a revision, such as `main:workflow.yaml`; `None` if there is no such revision.
pub(crate) fn file(text: &str) -> anyhow::Result<Option<Vec<u8>>> {
    let Some((revision, path)) = text.split_once(':').filter(|(revision, _)| commit(revision).is_ok()) else {
        return Ok(None);
    };
    // Git resolves paths without a leading dot from the root of the repository.
    let path = if path.starts_with('/') { path.to_owned() } else { format!("./{path}") };
    git(&["show", &format!("{revision}:{path}")]).map(Some)
}

/// Returns the commit of a revision.
fn commit(revision: &str) -> anyhow::Result<String> {
    let name =
        git(&["rev-parse", "--quiet", "--verify", "--end-of-options", &format!("{revision}^{{commit}}")])
            .with_context(|| format!("unknown revision `{revision}`"))?;
    Ok(String::from_utf8_lossy(&name).trim_end().to_owned())
}

fn git(arguments: &[&str]) -> anyhow::Result<Vec<u8>> {
    let output =
        Command::new("git").args(arguments).stdin(Stdio::null()).output().context("cannot start git")?;
    if !output.status.success() {
        bail!("`git {}` failed: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(output.stdout)
}
