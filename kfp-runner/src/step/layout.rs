//! The paths of the files of an attempt.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use kfp_compiler::digest::sha256_hex;

use crate::naming::segment;
use crate::{files, private};

/// The folder of an attempt, `<store>/runs/<run>/<task path>/<attempt>`, and the paths in it.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    store: PathBuf,
    /// The folder, relative to the store.
    key: String,
    /// The name of the folder of finished artifacts.
    ///
    /// It is unique for every attempt of every run: steps distinguish the artifacts of a list by the last two parts of
    /// their keys, which on Argo are the names of a pod and an output.
    out: String,
}

impl Layout {
    pub(crate) fn new(store: &Path, run: &str, task: &str, attempt: u32) -> Self {
        let key = format!("runs/{run}/{task}/{attempt}");
        let out = format!("out-{}", &sha256_hex(key.as_bytes())[..12]);
        Self { store: store.to_owned(), key, out }
    }

    /// Creates the empty folders.
    pub(crate) fn prepare(&self) -> io::Result<()> {
        // An interrupted attempt that was not recorded may have left its folder.
        match fs::remove_dir_all(self.folder()) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        private::create_folder(&self.folder().join("partial"))?;
        private::create_folder(&self.parameters())
    }

    pub(crate) fn store(&self) -> &Path {
        &self.store
    }

    pub(crate) fn folder(&self) -> PathBuf {
        self.store.join(&self.key)
    }

    /// Returns the id of the run.
    pub(crate) fn run(&self) -> &str {
        self.key.split('/').nth(1).unwrap_or_default()
    }

    /// Returns a short name that is unique among all attempts of all runs.
    pub(crate) fn short_name(&self) -> &str {
        self.out.trim_start_matches("out-")
    }

    /// Returns the marker in the environment of all processes of the attempt.
    pub(crate) fn marker(&self) -> String {
        format!("{}/{}", self.run(), self.short_name())
    }

    /// Returns the folder that a plain container writes to.
    pub(crate) fn work(&self) -> PathBuf {
        self.folder().join("container")
    }

    /// Returns the file with variables for a container.
    pub(crate) fn variables(&self) -> PathBuf {
        self.folder().join("variables")
    }

    /// Returns the file to which a container engine writes the id of the container when it is created.
    pub(crate) fn container_id(&self) -> PathBuf {
        self.folder().join("container-id")
    }

    /// Returns the key of an artifact after the attempt has succeeded.
    pub(crate) fn artifact_key(&self, name: &str) -> String {
        format!("{}/{}/{}", self.key, self.out, segment(name))
    }

    /// Returns the path of an artifact after the attempt has succeeded.
    pub(crate) fn artifact(&self, name: &str) -> PathBuf {
        self.store.join(self.artifact_key(name))
    }

    /// Returns the path to which the step writes an artifact, which no other step reads.
    pub(crate) fn partial_artifact(&self, name: &str) -> PathBuf {
        self.folder().join("partial").join(segment(name))
    }

    /// Moves all artifacts to their final paths, atomically. Files that have hard links elsewhere are copied.
    pub(crate) fn publish(&self) -> io::Result<()> {
        files::detach(&self.folder().join("partial"))?;
        fs::rename(self.folder().join("partial"), self.folder().join(&self.out))
    }

    /// Removes the artifacts of an attempt that failed or did not end, and closes its folder.
    pub(crate) fn discard(&self) {
        // If removing fails, the partial artifacts are harmless: only finished ones are read.
        let _ = fs::remove_dir_all(self.folder().join("partial"));
        self.close();
    }

    /// Removes the files that the step has written for the runner, which may contain secrets, and restricts the rest.
    ///
    /// The runner has already read them: the database has the outputs and the message, and logs are masked while they
    /// are written.
    pub(crate) fn close(&self) {
        let written = [self.termination_log(), self.executor_output(), self.variables(), self.parameters()];
        for path in written.into_iter().chain([self.work(), self.folder().join("in")]) {
            // Fails only for files that containers have written as another user, below folders that are closed.
            let _ = files::remove(&path);
        }
        private::restrict(&self.folder());
    }

    /// Returns the path of the copy of an input artifact, or the folder with a list of them.
    pub(crate) fn input(&self, name: &str) -> PathBuf {
        self.folder().join("in").join(segment(name))
    }

    /// Returns the folder of the files with output parameters.
    fn parameters(&self) -> PathBuf {
        self.folder().join("parameters")
    }

    pub(crate) fn parameter(&self, name: &str) -> PathBuf {
        self.parameters().join(segment(name))
    }

    pub(crate) fn executor_input(&self) -> PathBuf {
        self.folder().join("executor_input.json")
    }

    pub(crate) fn executor_output(&self) -> PathBuf {
        self.folder().join("executor_output.json")
    }

    pub(crate) fn step(&self) -> PathBuf {
        self.folder().join("step.json")
    }

    pub(crate) fn termination_log(&self) -> PathBuf {
        self.folder().join("termination.log")
    }

    pub(crate) fn log(&self) -> PathBuf {
        self.folder().join("log")
    }

    pub(crate) fn pip_log(&self) -> PathBuf {
        self.folder().join("pip.log")
    }
}
