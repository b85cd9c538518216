//! Where the Python environments of a store are, and when they were last used.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Returns the folder of the environments of a store.
pub(crate) fn folder(store: &Path) -> PathBuf {
    store.join("venvs")
}

/// Returns the file that marks an environment as complete. An environment cannot be moved, so it is created in place,
/// and the marker is written last.
pub(crate) fn marker(environment: &Path) -> PathBuf {
    environment.join("kfpc-complete")
}

/// Returns the file whose modification time is the time of the last use of an environment.
pub(crate) fn last_use(environment: &Path) -> PathBuf {
    environment.join("kfpc-used")
}

/// Records that an environment is used now.
pub(crate) fn mark_used(environment: &Path) -> io::Result<()> {
    let file = File::options().create(true).truncate(false).write(true).open(last_use(environment))?;
    file.set_modified(SystemTime::now())
}
