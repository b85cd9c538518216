//! Deploys a model: copies it into the model repository of a model server.

use std::fs;
use std::path::{Path, PathBuf};

use kfp_sdk::prelude::*;
use serde_json::json;
use sha2::{Digest, Sha256};

/// Copies the model to the model repository, and lists the copied files.
#[component(cpu = "100m", memory = "64Mi")]
pub(crate) fn deploy_model(
    /// The model, as a file or folder.
    trained_model: Input<Model>,
    /// The folder of the model repository.
    model_repo: String,
    /// The version of the model, used as the folder name.
    version: String,
    /// The copied files with their digests, as JSON.
    manifest: Output<Artifact>,
) -> Result<()> {
    if version.is_empty() || version.starts_with('.') || version.contains(['/', '\\', '\0']) {
        return Err(Error::permanent(format!("invalid version `{version}`: it must be a valid folder name")));
    }
    let target = Path::new(&model_repo).join(&version);
    let files = files_below(trained_model.path()).map_err(Error::data)?;
    let mut entries = Vec::new();
    for (name, path) in &files {
        let bytes = fs::read(path).map_err(Error::data)?;
        let digest: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        entries.push(json!({"name": name, "bytes": bytes.len(), "sha256": digest}));
    }
    replace_folder(&target, &files).map_err(Error::permanent)?;
    manifest.metadata("version", version.as_str());
    manifest.metadata("files", entries.len());
    let text = json!({"repository": model_repo, "version": version, "files": entries});
    manifest.write(serde_json::to_vec_pretty(&text)?)
}

/// Returns the files of an artifact with their relative paths, sorted. A single file is named `model`.
fn files_below(root: &Path) -> std::io::Result<Vec<(String, PathBuf)>> {
    if root.is_file() {
        return Ok(vec![("model".to_owned(), root.to_owned())]);
    }
    let mut files = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root).unwrap_or(&path).display().to_string();
                files.push((name, path));
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Replaces the target folder, so that the server never sees an incomplete model.
fn replace_folder(target: &Path, files: &[(String, PathBuf)]) -> std::io::Result<()> {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let new = target.with_file_name(format!(".{name}.new-{}", std::process::id()));
    let old = target.with_file_name(format!(".{name}.old-{}", std::process::id()));
    for (name, path) in files {
        let copy = new.join(name);
        fs::create_dir_all(copy.parent().unwrap_or(&new))?;
        fs::copy(path, copy)?;
    }
    if target.exists() {
        fs::rename(target, &old)?;
    }
    fs::rename(&new, target)?;
    if old.exists() {
        fs::remove_dir_all(old)?;
    }
    Ok(())
}
