//! Where the Python environments of a store are.

use std::path::{Path, PathBuf};

/// Returns the folder of the environments of a store.
pub(crate) fn folder(store: &Path) -> PathBuf {
    store.join("venvs")
}

/// Returns the file that marks an environment as complete. An environment cannot be moved, so it is created in place,
/// and the marker is written last.
pub(crate) fn marker(environment: &Path) -> PathBuf {
    environment.join("kfpc-complete")
}
