//! What can be wrong with a store.

use std::path::PathBuf;

use rusqlite::ErrorCode;

/// Why the run store cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Another process holds the store for too long.
    #[error("the run store `{path}` is locked by another process: wait until it is done, or end it", path = .0.display())]
    Locked(PathBuf),
    /// The store was written by a newer version of this program.
    #[error(
        "the run store `{path}` has version {found}, this program knows versions up to {known}: \
         use the newer program, or another store", path = .path.display()
    )]
    Newer {
        /// The store.
        path: PathBuf,
        /// The version of the store.
        found: i64,
        /// The newest version that this program knows.
        known: i64,
    },
    /// The file is no store, or no longer a whole one.
    #[error(
        "the run store `{path}` is damaged or no run store: move it away to begin a new one", path = .0.display()
    )]
    Damaged(PathBuf),
    /// There is no room for more.
    #[error("the disk of the run store `{path}` is full", path = .0.display())]
    Full(PathBuf),
    /// A folder or file of the store cannot be made or read.
    #[error("the run store cannot use `{path}`", path = .path.display())]
    Files {
        /// The folder or file.
        path: PathBuf,
        /// What the system says.
        #[source]
        cause: std::io::Error,
    },
    /// There is no such run.
    #[error("there is no run `{0}` in the store")]
    NoRun(String),
    /// Anything else that SQLite refuses.
    #[error("the run store `{path}` cannot be used", path = .path.display())]
    Sqlite {
        /// The store.
        path: PathBuf,
        /// What SQLite says.
        #[source]
        cause: rusqlite::Error,
    },
}

impl StoreError {
    /// What an error of SQLite means to whoever uses the store at `path`.
    pub(super) fn of(path: &std::path::Path, cause: rusqlite::Error) -> Self {
        let path = path.to_owned();
        match cause.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked(path),
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged(path),
            Some(ErrorCode::DiskFull) => Self::Full(path),
            _ => Self::Sqlite { path, cause },
        }
    }
}
