//! Earlier versions in Git: a file at a revision, or a checkout of a revision to build.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};

/// A checkout of a revision in a temporary folder, which is removed when it is dropped.
///
/// The folders around the repository are mirrored with links, so that relative paths out of it lead to the same files
/// as in the repository, for example those of path dependencies.
#[derive(Debug)]
pub(crate) struct Checkout {
    /// The root of the checkout, below `_folder`.
    root: PathBuf,
    /// The folder in the checkout that corresponds to the working folder.
    working_folder: PathBuf,
    _folder: tempfile::TempDir,
}

impl Checkout {
    /// Checks out a revision of the repository of the working folder.
    pub(crate) fn of(revision: &str) -> anyhow::Result<Self> {
        let commit = commit(revision)?;
        let below = path(&git(&["rev-parse", "--show-prefix"])?);
        let repository = path(&git(&["rev-parse", "--show-toplevel"])?);
        let folder = tempfile::tempdir().context("cannot create a folder for a checkout")?;
        let root = mirrored(folder.path(), &repository);
        mirror_surroundings(&repository, folder.path()).context("cannot create a folder for a checkout")?;
        git(&["worktree", "add", "--quiet", "--detach", &root.to_string_lossy(), &commit])?;
        Ok(Self { working_folder: root.join(below), root, _folder: folder })
    }

    /// Returns the folder in the checkout that corresponds to the working folder.
    pub(crate) fn working_folder(&self) -> &Path {
        &self.working_folder
    }
}

impl Drop for Checkout {
    fn drop(&mut self) {
        // Git prunes the record of a missing worktree later.
        let _ = git(&["worktree", "remove", "--force", &self.root.to_string_lossy()]);
    }
}

/// Returns the path that git printed on a line.
fn path(line: &[u8]) -> PathBuf {
    PathBuf::from(OsStr::from_bytes(line.strip_suffix(b"\n").unwrap_or(line)))
}

/// Returns the place of an absolute path in the mirror.
fn mirrored(mirror: &Path, path: &Path) -> PathBuf {
    mirror.join(path.strip_prefix("/").unwrap_or(path))
}

/// Creates the folders that contain the repository in the mirror, with links to everything else in them.
///
/// Cargo may write a lock file, so that is a copy. Folders that cannot be read are left empty.
fn mirror_surroundings(repository: &Path, mirror: &Path) -> io::Result<()> {
    let cargo_home = cargo_home();
    for folder in repository.ancestors().skip(1) {
        let target = mirrored(mirror, folder);
        fs::create_dir_all(&target)?;
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let (path, name) = (entry.path(), entry.file_name());
            // Cargo reads the configuration in its own folder anyway.
            if repository.starts_with(&path) || cargo_home.as_ref() == Some(&path) {
                continue;
            }
            if name == "Cargo.lock" {
                fs::copy(&path, target.join(name))?;
            } else {
                symlink(&path, target.join(name))?;
            }
        }
    }
    Ok(())
}

/// Returns the folder with the configuration of the user for cargo.
fn cargo_home() -> Option<PathBuf> {
    let home = || std::env::home_dir().map(|home| home.join(".cargo"));
    std::env::var_os("CARGO_HOME").map(PathBuf::from).or_else(home)
}

/// Returns the content of a file at a revision, such as `main:workflow.yaml`; `None` if there is no such revision.
pub(crate) fn file(text: &str) -> anyhow::Result<Option<Vec<u8>>> {
    let Some((revision, path)) = text.split_once(':').filter(|(revision, _)| commit(revision).is_ok()) else {
        return Ok(None);
    };
    // Git resolves paths without a leading dot from the root of the repository.
    let path = if path.starts_with('/') { path.to_owned() } else { format!("./{path}") };
    let object = format!("{revision}:{path}");
    if git(&["cat-file", "-t", &object])?.trim_ascii() == b"tree" {
        bail!("cannot read `{text}`: it is a folder");
    }
    git(&["show", &object]).map(Some)
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
