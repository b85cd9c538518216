//! Opening a store to read it, without changing anything in its folder.

use std::fs::File;
use std::io;
use std::path::Path;

use rusqlite::{Connection, OpenFlags};
use tempfile::TempDir;

use super::open::{self, FILE, PATIENCE, Version};
use super::{Store, StoreError};

impl Store {
    /// Opens the store in the folder for reading. The folder may be read-only, and the store of an older version.
    ///
    /// # Errors
    /// The folder has no store that this program can read.
    pub fn open_read_only(folder: &Path) -> Result<Self, StoreError> {
        let folder = folder.canonicalize().map_err(|cause| match cause.kind() {
            io::ErrorKind::NotFound => StoreError::Missing(folder.to_owned()),
            _ => StoreError::files(folder, cause),
        })?;
        let file = folder.join(FILE);
        if !open::has_database(&folder, &file)? {
            return Err(StoreError::Missing(folder));
        }
        match direct(&file) {
            Ok(Some(connection)) => Ok(Self { connection, file, folder, _copy: None }),
            // SQLite writes to the folder of a store whose last writer was killed, or whose version is older.
            Ok(None) | Err(StoreError::Sqlite { .. }) => {
                let (connection, copy) = copied(&file)?;
                Ok(Self { connection, file, folder, _copy: Some(copy) })
            }
            Err(error) => Err(error),
        }
    }
}

/// Returns a connection to the file itself, unless its version is older than this program's.
fn direct(file: &Path) -> Result<Option<Connection>, StoreError> {
    let failed = |cause| StoreError::of(file, cause);
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags).map_err(failed)?;
    connection.busy_timeout(PATIENCE).map_err(failed)?;
    let version = open::version(&connection, file)?;
    Ok((version == Version::Current).then_some(connection))
}

/// Returns a connection to a copy of the file, which is brought to the version of this program.
fn copied(file: &Path) -> Result<(Connection, TempDir), StoreError> {
    let files = |cause| StoreError::files(file, cause);
    let copy = tempfile::tempdir().map_err(files)?;
    let target = copy.path().join(FILE);
    duplicate(file, &target).map_err(files)?;
    // What the last writer has not moved to the file yet.
    let log = |file: &Path| file.with_file_name(format!("{FILE}-wal"));
    match duplicate(&log(file), &log(&target)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(files(error)),
        _ => {}
    }
    let mut connection = Connection::open(&target).map_err(|cause| StoreError::of(file, cause))?;
    open::prepare(&mut connection, file)?;
    Ok((connection, copy))
}

/// Copies the content of a file, but not its permissions, which may keep the copy from being written.
fn duplicate(from: &Path, to: &Path) -> io::Result<()> {
    let mut source = File::open(from)?;
    io::copy(&mut source, &mut File::create(to)?).map(|_| ())
}
