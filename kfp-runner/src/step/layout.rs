//! Where the files of an attempt lie.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use kfp_compiler::digest::sha256_hex;

use crate::naming::segment;
use crate::{files, private};

/// The folder of an attempt, `<store>/runs/<run>/<task path>/<attempt>`, and what is in it.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    store: PathBuf,
    /// The folder, relative to the store.
    key: String,
    /// The name of the folder of finished artifacts.
    ///
    /// It is different for every attempt of every run: steps tell the artifacts of a list apart by the last
    /// two names of their keys, which elsewhere are those of a pod and of an output.
    out: String,
}

impl Layout {
    pub(crate) fn new(store: &Path, run: &str, task: &str, attempt: u32) -> Self {
        let key = format!("runs/{run}/{task}/{attempt}");
        let out = format!("out-{}", &sha256_hex(key.as_bytes())[..12]);
        Self { store: store.to_owned(), key, out }
    }

    /// Makes the folders, empty.
    pub(crate) fn prepare(&self) -> io::Result<()> {
        // An attempt that was interrupted before it was written down may have left its folder.
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

    /// The id of the run.
    pub(crate) fn run(&self) -> &str {
        self.key.split('/').nth(1).unwrap_or_default()
    }

    /// A name of a few letters that no other attempt of any run has.
    pub(crate) fn short_name(&self) -> &str {
        self.out.trim_start_matches("out-")
    }

    /// What all processes of the attempt have in their environment.
    pub(crate) fn marker(&self) -> String {
        format!("{}/{}", self.run(), self.short_name())
    }

    /// The folder that a plain container writes to.
    pub(crate) fn work(&self) -> PathBuf {
        self.folder().join("container")
    }

    /// The file with variables for a container.
    pub(crate) fn variables(&self) -> PathBuf {
        self.folder().join("variables")
    }

    /// The file in which a container engine notes the id of the container, as soon as there is one.
    pub(crate) fn container_id(&self) -> PathBuf {
        self.folder().join("container-id")
    }

    /// The key that an artifact has once the attempt succeeded.
    pub(crate) fn artifact_key(&self, name: &str) -> String {
        format!("{}/{}/{}", self.key, self.out, segment(name))
    }

    /// Where an artifact lies once the attempt succeeded.
    pub(crate) fn artifact(&self, name: &str) -> PathBuf {
        self.store.join(self.artifact_key(name))
    }

    /// Where the step writes an artifact. Nobody else looks here, so nothing half written is ever seen.
    pub(crate) fn partial_artifact(&self, name: &str) -> PathBuf {
        self.folder().join("partial").join(segment(name))
    }

    /// Gives the artifacts their final names, all at once. Files that have links elsewhere are copied.
    pub(crate) fn publish(&self) -> io::Result<()> {
        files::detach(&self.folder().join("partial"))?;
        fs::rename(self.folder().join("partial"), self.folder().join(&self.out))
    }

    /// Closes the folder of an attempt that failed or never ended: removes its artifacts as well.
    pub(crate) fn discard(&self) {
        // A folder that cannot be removed does no harm: only finished artifacts are ever read.
        let _ = fs::remove_dir_all(self.folder().join("partial"));
        self.close();
    }

    /// Removes what the step has written for the runner, which may contain secrets, and restricts the rest.
    ///
    /// The runner has read it by now: the database has the outputs and the message, and logs are masked as they are
    /// written.
    pub(crate) fn close(&self) {
        let written = [self.termination_log(), self.executor_output(), self.variables(), self.parameters()];
        for path in written.into_iter().chain([self.work(), self.folder().join("in")]) {
            // Fails only for what containers have left as another user, below folders that are closed.
            let _ = files::remove(&path);
        }
        private::restrict(&self.folder());
    }

    /// Where an input artifact lies, or the folder with a list of them. What is there is the step's own.
    pub(crate) fn input(&self, name: &str) -> PathBuf {
        self.folder().join("in").join(segment(name))
    }

    /// The folder of the files in which the step reports its outputs.
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
