//! What git keeps of earlier times: a file as it was, or a whole checkout to build from.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};

/// A checkout of a revision in a folder of its own, which goes away with this value.
#[derive(Debug)]
pub(crate) struct Checkout {
    folder: tempfile::TempDir,
    /// The folder in it that corresponds to the working folder.
    working_folder: PathBuf,
}

impl Checkout {
    /// Checks out the revision of the repository that the working folder is in.
    pub(crate) fn of(revision: &str) -> anyhow::Result<Self> {
        let below = git(&["rev-parse", "--show-prefix"])?;
        let folder = tempfile::tempdir().context("failed to make a folder for a checkout")?;
        let path = folder.path().join("checkout");
        let shown = path.to_string_lossy();
        git(&["worktree", "add", "--quiet", "--detach", &shown, &commit(revision)?])?;
        let working_folder = path.join(String::from_utf8_lossy(&below).trim_end());
        Ok(Self { folder, working_folder })
    }

    /// The folder in the checkout that corresponds to the working folder.
    pub(crate) fn working_folder(&self) -> &Path {
        &self.working_folder
    }
}

impl Drop for Checkout {
    fn drop(&mut self) {
        let path = self.folder.path().join("checkout");
        // Whatever is left here is forgotten by git's own housekeeping.
        let _ = git(&["worktree", "remove", "--force", &path.to_string_lossy()]);
    }
}

/// The file at a revision, for a text as `main:workflow.yaml`, where the revision exists.
pub(crate) fn file(text: &str) -> anyhow::Result<Option<Vec<u8>>> {
    let Some((revision, path)) = text.split_once(':').filter(|(revision, _)| commit(revision).is_ok()) else {
        return Ok(None);
    };
    // Paths that do not start with a dot count from the root of the repository where git reads them.
    let path = if path.starts_with('/') { path.to_owned() } else { format!("./{path}") };
    git(&["show", &format!("{revision}:{path}")]).map(Some)
}

/// The commit that a revision names.
fn commit(revision: &str) -> anyhow::Result<String> {
    let name =
        git(&["rev-parse", "--quiet", "--verify", "--end-of-options", &format!("{revision}^{{commit}}")])
            .with_context(|| format!("`{revision}` is no revision of this repository"))?;
    Ok(String::from_utf8_lossy(&name).trim_end().to_owned())
}

fn git(arguments: &[&str]) -> anyhow::Result<Vec<u8>> {
    let output =
        Command::new("git").args(arguments).stdin(Stdio::null()).output().context("failed to start git")?;
    if !output.status.success() {
        bail!("`git {}` failed: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(output.stdout)
}
