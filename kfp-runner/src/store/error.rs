//! Errors of the run store.

use std::path::PathBuf;

#[cfg(feature = "store")]
use rusqlite::ErrorCode;

/// Why the run store cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Another process has locked the store for too long.
    #[error(
        "the run store `{path}` is locked by another process: wait for it to finish, or end it", path = .0.display()
    )]
    Locked(PathBuf),
    /// The folder does not contain a store.
    #[error("there is no run store in `{path}`", path = .0.display())]
    Missing(PathBuf),
    /// The path of the store is not a folder.
    #[error("expected the folder of a run store, but `{path}` is not a folder", path = .0.display())]
    NotAFolder(PathBuf),
    /// The path of the store is a link whose target does not exist.
    #[error("expected the folder of a run store, but `{path}` is a link to nothing", path = .0.display())]
    Dangling(PathBuf),
    /// The path of the database is not a regular file.
    #[error("expected the database of a run store, but `{path}` is not a regular file", path = .0.display())]
    NotAFile(PathBuf),
    /// The store was written by a newer version of this program.
    #[error(
        "the run store `{path}` has version {found}, but this program supports versions up to {known}: \
         use a newer program, or another store", path = .path.display()
    )]
    Newer {
        /// The path of the store.
        path: PathBuf,
        /// The version of the store.
        found: i64,
        /// The newest version that this program supports.
        known: i64,
    },
    /// The version of the store has been changed to an invalid one.
    #[error(
        "the run store `{path}` has the invalid version {found}: restore `PRAGMA user_version`, which is at most \
         {known}, or move the file away to start a new store", path = .path.display()
    )]
    Version {
        /// The path of the store.
        path: PathBuf,
        /// The version of the store.
        found: i64,
        /// The newest version that this program supports.
        known: i64,
    },
    /// The database belongs to another program.
    #[error("`{path}` is the database of another program: use another folder for the run store", path = .0.display())]
    Foreign(PathBuf),
    /// The file is not a store, or is incomplete.
    #[error(
        "`{path}` is not a run store or is damaged: move it away to start a new store", path = .0.display()
    )]
    Damaged(PathBuf),
    /// The disk is full.
    #[error("the disk of the run store `{path}` is full", path = .0.display())]
    Full(PathBuf),
    /// A folder or file of the store cannot be created or read.
    #[error("cannot use `{path}` for the run store", path = .path.display())]
    Files {
        /// The folder or file.
        path: PathBuf,
        /// The error of the operating system.
        #[source]
        cause: std::io::Error,
    },
    /// The run is not in the store.
    #[error("unknown run `{run}`: {}", hint(.similar))]
    NoRun {
        /// The text that was searched for.
        run: String,
        /// The ids of similar runs.
        similar: Vec<String>,
    },
    /// Any other error of SQLite.
    #[cfg(feature = "store")]
    #[error("cannot use the run store `{path}`", path = .path.display())]
    Sqlite {
        /// The path of the store.
        path: PathBuf,
        /// The error of SQLite.
        #[source]
        cause: rusqlite::Error,
    },
}

impl StoreError {
    /// Returns the error of a file or folder.
    pub(crate) fn files(path: &std::path::Path, cause: std::io::Error) -> Self {
        Self::Files { path: path.to_owned(), cause }
    }

    /// Converts an error of SQLite for the store at `path`.
    #[cfg(feature = "store")]
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

fn hint(similar: &[String]) -> String {
    if similar.is_empty() {
        return "run `kfpc runs ls` to list the runs of a store".to_owned();
    }
    let similar: Vec<String> = similar.iter().map(|run| format!("`{run}`")).collect();
    format!("did you mean {}?", similar.join(" or "))
}
