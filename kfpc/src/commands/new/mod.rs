//! `kfpc new`: creates a crate with a pipeline, tests and CI.
//!
//! The files are written to a temporary folder beside the new one, which is renamed when it is complete, so that a
//! failure leaves nothing behind.

mod name;
mod sdk;
mod templates;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use self::name::CrateName;
use self::sdk::Sdk;
use self::templates::Language;
use crate::Outcome;
use crate::advice::advised;
use crate::arguments::NewArguments;
use crate::files::shown;
use crate::printer::Printer;

pub(crate) fn new(arguments: &NewArguments, printer: &Printer) -> anyhow::Result<Outcome> {
    let path = &arguments.path;
    let name = CrateName::of(path)?;
    let sdk = Sdk::of(arguments.sdk_path.as_deref(), arguments.sdk_git.as_deref())?;
    let parent = parent(path)?;
    if path.symlink_metadata().is_ok() {
        return Err(advised(
            format!("cannot create `{}`: it already exists", shown(path)),
            "choose another name, or remove it",
        ));
    }
    let language = match (arguments.python, arguments.rust) {
        (true, _) => Language::Python,
        (false, true) => Language::Rust,
        (false, false) => Language::Both,
    };
    write(&parent, path, &templates::files(language, &name, &sdk))
        .with_context(|| format!("cannot create `{}`", shown(path)))?;
    printer.info(format!("Created `{}`\n\n{}", shown(path), next_steps(path)));
    if let Sdk::Path(root) = &sdk {
        let users = if language == Language::Python { "CI" } else { "CI and `docker build`" };
        printer.info(format!(
            "\nnote: the SDK in `{root}` only exists on this machine, so {users} cannot use it\nhelp: before you push \
             the crate, use a Git repository in `Cargo.toml` and `.github/workflows/ci.yml`"
        ));
    }
    if let Some(workspace) = workspace_around(&parent) {
        printer.info(format!(
            "\nThe crate is inside a cargo workspace: make sure that `members` in `{}` includes it",
            shown(&workspace)
        ));
    }
    Ok(Outcome::Success)
}

/// Returns the existing folder that the new one is created in.
fn parent(path: &Path) -> anyhow::Result<PathBuf> {
    let parent = match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    if !parent.is_dir() {
        bail!("cannot create `{}`: the folder `{}` does not exist", shown(path), shown(parent));
    }
    Ok(parent.to_owned())
}

/// Writes the files and moves them to the path in one step.
fn write(parent: &Path, path: &Path, files: &[(&'static str, String)]) -> anyhow::Result<()> {
    let folder = tempfile::Builder::new().prefix(".kfpc-new-").tempdir_in(parent)?;
    // Temporary folders are private; a crate is as accessible as any other new folder.
    let root = folder.path().join("crate");
    for (name, text) in files {
        let file = root.join(name);
        fs::create_dir_all(file.parent().unwrap_or(&root))?;
        fs::write(file, text)?;
    }
    fs::rename(root, path)?;
    Ok(())
}

fn next_steps(path: &Path) -> String {
    format!(
        "Next steps:\n  cd {}\n  cargo test                      # test the pipeline with mocked steps\n  \
         kfpc run                        # run it on this machine\n  \
         kfpc compile --out workflows    # compile it for Argo; commit the result and Cargo.lock, which CI uses",
        shown(path)
    )
}

/// Returns the manifest of the cargo workspace that the folder is in.
fn workspace_around(folder: &Path) -> Option<PathBuf> {
    let folder = folder.canonicalize().ok()?;
    let is_workspace = |manifest: &PathBuf| {
        fs::read_to_string(manifest)
            .is_ok_and(|text| text.lines().any(|line| line.trim_start().starts_with("[workspace")))
    };
    folder.ancestors().map(|folder| folder.join("Cargo.toml")).find(is_workspace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new");
        let files = [("a", String::new()), ("a/b", String::new())];
        write(folder.path(), &path, &files).unwrap_err();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
