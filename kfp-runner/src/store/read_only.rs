//! Opening a store for reading, without changing anything in its folder.

use std::fs::File;
use std::io;
use std::path::Path;

use rusqlite::{Connection, OpenFlags};
use tempfile::TempDir;

use super::open::{self, BUSY_TIMEOUT, FILE, Version};
use super::{Store, StoreError};

impl Store {
    /// Opens the store in the folder for reading. The folder may be read-only, and the store of an older version.
    ///
    /// # Errors
    /// The folder does not contain a store that this program can read.
    pub fn open_read_only(folder: &Path) -> Result<Self, StoreError> {
        open::refuse_dangling(folder)?;
        let folder = folder.canonicalize().map_err(|cause| match cause.kind() {
            io::ErrorKind::NotFound => StoreError::Missing(folder.to_owned()),
            _ => StoreError::files(folder, cause),
        })?;
        let file = folder.join(FILE);
        if !open::has_database(&folder, &file)? {
            return Err(StoreError::Missing(folder));
        }
        match open_direct(&file) {
            Ok(Some(connection)) => Ok(Self { connection, file, folder, _copy: None }),
            // If the last writer was killed or the version is older, SQLite would have to write to the folder.
            Ok(None) | Err(StoreError::Sqlite { .. }) => {
                let (connection, copy) = open_copy(&file)?;
                Ok(Self { connection, file, folder, _copy: Some(copy) })
            }
            Err(error) => Err(error),
        }
    }
}

/// Opens the file itself, unless its version is older than that of this program.
fn open_direct(file: &Path) -> Result<Option<Connection>, StoreError> {
    let failed = |cause| StoreError::of(file, cause);
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags).map_err(failed)?;
    connection.busy_timeout(BUSY_TIMEOUT).map_err(failed)?;
    let version = open::version(&connection, file)?;
    Ok((version == Version::Current).then_some(connection))
}

/// Opens a copy of the file, after migrating it to the version of this program.
fn open_copy(file: &Path) -> Result<(Connection, TempDir), StoreError> {
    let files = |cause| StoreError::files(file, cause);
    let copy = tempfile::tempdir().map_err(files)?;
    let target = copy.path().join(FILE);
    copy_content(file, &target).map_err(files)?;
    // The write-ahead log of the last writer.
    let log = |file: &Path| file.with_file_name(format!("{FILE}-wal"));
    match copy_content(&log(file), &log(&target)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(files(error)),
        _ => {}
    }
    let mut connection = Connection::open(&target).map_err(|cause| StoreError::of(file, cause))?;
    open::prepare(&mut connection, file)?;
    Ok((connection, copy))
}

/// Copies the content of a file, but not its permissions, which may forbid writing to the copy.
fn copy_content(from: &Path, to: &Path) -> io::Result<()> {
    let mut source = File::open(from)?;
    io::copy(&mut source, &mut File::create(to)?).map(|_| ())
}
