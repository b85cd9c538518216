//! Results that are used again: the key of a step's result, and the files that belong to it.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use kfp_compiler::digest::{component_digest, sha256_hex};
use kfp_model::{Cache, Component, Implementation, Policy, Type, value};
use serde_json::{Value, json};

use super::dispatcher::Dispatcher;
use super::jobs::Job;
use crate::artifact;
use crate::naming::segment;
use crate::store::StoreError;

impl Dispatcher<'_, '_> {
    /// The key of the step's result, if its results may be used again.
    pub(super) fn cache_key(
        &self,
        component: &Component,
        policy: &Policy,
        inputs: &BTreeMap<String, Value>,
    ) -> Option<String> {
        let Some(Cache::For { key, .. }) = &policy.cache else { return None };
        // A result that depends on a secret is not kept, as the key cannot depend on it.
        if component.inputs.values().any(|input| *input.r#type.present() == Type::Secret) {
            return None;
        }
        let texts: Vec<String> = inputs.values().map(value::encode).collect();
        let list = json!([
            self.component_digest(component),
            self.setup.namespace,
            self.setup.cache_epoch,
            key,
            texts
        ]);
        Some(sha256_hex(value::encode(&list).as_bytes()))
    }

    /// The digest of the component; that of a Rust step covers the program that runs it.
    fn component_digest(&self, component: &Component) -> String {
        let digest = component_digest(component, None);
        match (&component.implementation, &self.setup.binary) {
            (Implementation::Rust(_), Some((_, binary))) => {
                sha256_hex(format!("{digest} {binary}").as_bytes())
            }
            _ => digest,
        }
    }

    /// The result that is kept under the key, if it is fresh enough and its files are there.
    pub(super) fn cached(
        &self,
        key: &str,
        policy: &Policy,
    ) -> Result<Option<BTreeMap<String, Value>>, StoreError> {
        let Some(Cache::For { max_age, .. }) = &policy.cache else { return Ok(None) };
        if !self.setup.read_cache {
            return Ok(None);
        }
        let outputs = self.store.cached(key, max_age.seconds())?;
        Ok(outputs.filter(|outputs| restore(self.store.folder(), key, outputs)))
    }

    /// Keeps the result of the job for later runs.
    pub(super) fn keep_result(
        &mut self,
        job: &Job<'_>,
        outputs: &BTreeMap<String, Value>,
    ) -> Result<(), StoreError> {
        let Some(key) = &job.cache_key else { return Ok(()) };
        // A result whose files cannot be kept, on a full disk for instance, is just not used again.
        if keep(self.store.folder(), key, self.run.as_str(), outputs).is_err() {
            return Ok(());
        }
        self.store.keep(key, &self.run, &job.path, outputs)
    }
}

/// Keeps the files beside those of the run, so that the run can be removed.
fn keep(store: &Path, key: &str, run: &str, outputs: &BTreeMap<String, Value>) -> io::Result<()> {
    let cache = store.join("cache");
    let (kept, partial) = (cache.join(key), cache.join(format!("{key}.{run}")));
    remove(&partial)?;
    fs::create_dir_all(&partial)?;
    for (name, output) in outputs {
        if let Some(path) = artifact_path(store, output) {
            link_tree(&path, &partial.join(segment(name)))?;
        }
    }
    remove(&kept)?;
    fs::rename(partial, kept)
}

/// Whether the files of all artifacts are there, if need be after they were put back.
fn restore(store: &Path, key: &str, outputs: &BTreeMap<String, Value>) -> bool {
    outputs.iter().all(|(name, output)| {
        let Some(path) = artifact_path(store, output) else { return true };
        let kept = store.join("cache").join(key).join(segment(name));
        path.exists() || (kept.exists() && put_back(&kept, &path).is_ok())
    })
}

fn put_back(kept: &Path, path: &Path) -> io::Result<()> {
    let Some(parent) = path.parent() else { return Ok(()) };
    fs::create_dir_all(parent)?;
    let partial = path.with_extension(format!("{}.partial", std::process::id()));
    link_tree(kept, &partial)?;
    fs::rename(partial, path)
}

/// Where the output lies, if it is an artifact in the store.
fn artifact_path(store: &Path, output: &Value) -> Option<std::path::PathBuf> {
    output.pointer("/type/schemaTitle")?;
    artifact::path_of(store, output)
}

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Makes the same tree elsewhere, of links to the same files where the file system has them.
fn link_tree(from: &Path, to: &Path) -> io::Result<()> {
    let metadata = fs::symlink_metadata(from)?;
    if metadata.is_dir() {
        fs::create_dir_all(to)?;
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            link_tree(&entry.path(), &to.join(entry.file_name()))?;
        }
        return Ok(());
    }
    if metadata.is_symlink() {
        return std::os::unix::fs::symlink(fs::read_link(from)?, to);
    }
    fs::hard_link(from, to).or_else(|_| fs::copy(from, to).map(|_| ()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_not_there_need_not_be_removed() {
        let store = tempfile::tempdir().unwrap();
        let folder = store.path().join("folder");
        remove(&folder).unwrap();
        fs::create_dir_all(folder.join("deep")).unwrap();
        remove(&folder).unwrap();
        assert!(!folder.exists());
        fs::write(&folder, "a file").unwrap();
        assert!(remove(&folder.join("below")).is_err());
    }

    #[test]
    fn files_outlive_their_run() {
        let store = tempfile::tempdir().unwrap();
        let folder = store.path().join("runs/r/train/1/out/model");
        fs::create_dir_all(folder.join("deep")).unwrap();
        fs::write(folder.join("deep/weights"), "w").unwrap();
        let outputs = BTreeMap::from([
            ("accuracy".to_owned(), json!(0.5)),
            (
                "model".to_owned(),
                json!({"key": "runs/r/train/1/out/model", "type": {"schemaTitle": "system.Model"}}),
            ),
        ]);
        keep(store.path(), "k", "r", &outputs).unwrap();
        fs::remove_dir_all(store.path().join("runs")).unwrap();
        assert!(restore(store.path(), "k", &outputs));
        assert_eq!(fs::read_to_string(folder.join("deep/weights")).unwrap(), "w");
        fs::remove_dir_all(store.path().join("runs")).unwrap();
        fs::remove_dir_all(store.path().join("cache")).unwrap();
        assert!(!restore(store.path(), "k", &outputs));
    }
}
