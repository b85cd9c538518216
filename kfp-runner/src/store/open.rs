//! Opening a store: its folder, version and settings.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};
use tempfile::TempDir;

use super::StoreError;
use super::migrations::MIGRATIONS;
use crate::private;

/// The name of the database in the folder of a store.
pub(super) const FILE: &str = "runs.sqlite";

/// The file that keeps the folder of a store out of Git repositories.
const IGNORE: &str = ".gitignore";

/// The time that a write waits for the writes of other processes.
pub(super) const BUSY_TIMEOUT: Duration = Duration::from_secs(15);

/// The application id that distinguishes a run store from other SQLite files: `kfpc` in ASCII.
const APPLICATION: i64 = 0x6b66_7063;

/// An open run store.
///
/// ```
/// # let folder = tempfile::tempdir()?;
/// let store = kfp_runner::Store::open(folder.path())?;
/// assert!(store.runs()?.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Store {
    pub(super) connection: Connection,
    pub(super) file: PathBuf,
    pub(super) folder: PathBuf,
    /// The copy that is read if the store itself cannot be.
    pub(super) _copy: Option<TempDir>,
}

impl Store {
    /// Opens the store in the folder, and creates both if they are missing.
    ///
    /// # Errors
    /// The folder cannot be created, or it contains something other than a store that this program supports.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let files = |cause| StoreError::files(folder, cause);
        refuse_dangling(folder)?;
        let is_new = fs::read_dir(folder).map_or(true, |mut entries| entries.next().is_none());
        if let Err(cause) = private::create_folder(folder) {
            let is_other = fs::metadata(folder).is_ok_and(|metadata| !metadata.is_dir());
            return Err(if is_other { StoreError::NotAFolder(folder.to_owned()) } else { files(cause) });
        }
        let folder = folder.canonicalize().map_err(files)?;
        restrict(&folder);
        if is_new {
            // A store ignores itself, so that it is not committed. Without the file, it works as well.
            let _ = private::write(&folder.join(IGNORE), "*\n");
        }
        let file = folder.join(FILE);
        has_database(&folder, &file)?;
        // SQLite itself does not wait if two processes create the same store at once.
        let lock = private::open(&folder.join("open.lock")).map_err(files)?;
        lock.lock().map_err(files)?;
        // SQLite uses the permissions of this file for its other files.
        private::open(&file).map_err(files)?;
        let failed = |cause| StoreError::of(&file, cause);
        let mut connection = Connection::open(&file).map_err(failed)?;
        connection.busy_timeout(BUSY_TIMEOUT).map_err(failed)?;
        prepare(&mut connection, &file)?;
        Ok(Self { connection, file, folder, _copy: None })
    }

    /// Returns the folder of the store, as an absolute path.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn failed(&self, cause: rusqlite::Error) -> StoreError {
        StoreError::of(&self.file, cause)
    }

    /// Calls `write` in a transaction.
    pub(super) fn transaction<T>(
        &mut self,
        write: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let Self { connection, file, .. } = self;
        let failed = |cause| StoreError::of(file, cause);
        // Immediate, as a transaction that starts with a read cannot wait for another writer.
        let transaction =
            connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        let result = write(&transaction).map_err(failed)?;
        transaction.commit().map_err(failed)?;
        Ok(result)
    }
}

/// Returns an error if the path is a link to nothing.
pub(super) fn refuse_dangling(folder: &Path) -> Result<(), StoreError> {
    let is_missing = fs::metadata(folder).is_err_and(|error| error.kind() == io::ErrorKind::NotFound);
    if is_missing && folder.is_symlink() {
        return Err(StoreError::Dangling(folder.to_owned()));
    }
    Ok(())
}

/// Returns whether the folder of a store has a database.
///
/// # Errors
/// The folder is not a folder, or the database is not a regular file.
pub(super) fn has_database(folder: &Path, file: &Path) -> Result<bool, StoreError> {
    if !fs::metadata(folder).map_err(|cause| StoreError::files(folder, cause))?.is_dir() {
        return Err(StoreError::NotAFolder(folder.to_owned()));
    }
    match fs::metadata(file) {
        Ok(metadata) if metadata.is_file() => Ok(true),
        Ok(_) => Err(StoreError::NotAFile(file.to_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(cause) => Err(StoreError::files(file, cause)),
    }
}

/// Removes the permissions of other users from a store.
///
/// Files and folders with such permissions are restricted with everything in them, the others are not searched. A
/// folder that also has files of other programs is not restricted itself.
fn restrict(folder: &Path) {
    const OWN: [&str; 8] =
        [IGNORE, "cache", "locks", "runs", "venvs", "runs.sqlite", "runs.sqlite-shm", "runs.sqlite-wal"];
    let is_own =
        |name: &str| OWN.contains(&name) || Path::new(name).extension().is_some_and(|end| end == "lock");
    let is_open = |path: &Path| fs::symlink_metadata(path).is_ok_and(|metadata| metadata.mode() & 0o077 != 0);
    let mut has_foreign = false;
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if !entry.file_name().to_str().is_some_and(is_own) {
            has_foreign = true;
        } else if is_open(&entry.path()) {
            private::restrict_store(&entry.path());
        }
    }
    if !has_foreign && is_open(folder) {
        private::restrict_store(folder);
    }
}

/// Executes a statement that is used often, and caches its compiled form.
pub(super) fn execute(
    connection: &Connection,
    statement: &str,
    parameters: impl rusqlite::Params,
) -> rusqlite::Result<usize> {
    connection.prepare_cached(statement)?.execute(parameters)
}

/// The version of a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    /// The file is empty.
    New,
    /// This number of migrations has been applied, and more exist.
    Older(usize),
    /// All migrations have been applied.
    Current,
}

/// Migrates the store to the version of this program.
pub(super) fn prepare(connection: &mut Connection, file: &Path) -> Result<(), StoreError> {
    let failed = |cause| StoreError::of(file, cause);
    // Nothing is changed before the file is known to be a store.
    version(connection, file)?;
    connection.pragma_update(None, "journal_mode", "WAL").map_err(failed)?;
    connection.pragma_update(None, "synchronous", "NORMAL").map_err(failed)?;
    connection.pragma_update(None, "foreign_keys", true).map_err(failed)?;
    migrate(connection, file)
}

/// Returns the version of a store.
///
/// # Errors
/// The file is not a run store, or its version is not supported by this program.
pub(super) fn version(connection: &Connection, file: &Path) -> Result<Version, StoreError> {
    let failed = |cause| StoreError::of(file, cause);
    let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).map_err(failed);
    let (application, found) = (pragma("application_id")?, pragma("user_version")?);
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(failed)?;
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    let path = || file.to_owned();
    match usize::try_from(found) {
        _ if application == 0 && found == 0 && tables == 0 => Ok(Version::New),
        _ if application != APPLICATION => Err(StoreError::Foreign(path())),
        _ if found > known => Err(StoreError::Newer { path: path(), found, known }),
        Ok(applied @ 1..) if tables > 0 && found < known => Ok(Version::Older(applied)),
        Ok(1..) if tables > 0 => Ok(Version::Current),
        _ => Err(StoreError::Version { path: path(), found, known }),
    }
}

/// Applies the missing migrations.
fn migrate(connection: &mut Connection, file: &Path) -> Result<(), StoreError> {
    let failed = |cause| StoreError::of(file, cause);
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
    // Another process may have migrated the store in the meantime.
    let applied = match version(&transaction, file)? {
        Version::New => 0,
        Version::Older(applied) => applied,
        Version::Current => return Ok(()),
    };
    let write = || -> rusqlite::Result<()> {
        for migration in MIGRATIONS.iter().skip(applied) {
            transaction.execute_batch(migration)?;
        }
        transaction.pragma_update(None, "application_id", APPLICATION)?;
        transaction.pragma_update(None, "user_version", i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX))
    };
    write().map_err(failed)?;
    transaction.commit().map_err(failed)
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn other_databases_and_files_are_refused_and_not_changed() {
        type Write = fn(&Path);
        let newer: Write = |file| {
            let connection = Connection::open(file).unwrap();
            connection.pragma_update(None, "application_id", APPLICATION).unwrap();
            connection.pragma_update(None, "user_version", 99).unwrap();
        };
        let foreign: Write =
            |file| Connection::open(file).unwrap().execute_batch("CREATE TABLE notes (text)").unwrap();
        let text: Write = |file| fs::write(file, "certainly not a database, ".repeat(100)).unwrap();
        let versionless: Write = |file| {
            Store::open(file.parent().unwrap()).unwrap();
            Connection::open(file).unwrap().pragma_update(None, "user_version", 0).unwrap();
        };
        let negative: Write = |file| {
            Store::open(file.parent().unwrap()).unwrap();
            Connection::open(file).unwrap().pragma_update(None, "user_version", -7).unwrap();
        };
        for (write, expect) in [
            (newer, "has version 99, but this program supports versions up to"),
            (versionless, "has the invalid version 0: "),
            (negative, "has the invalid version -7: "),
            (foreign, "is the database of another program: "),
            (text, "is not a run store or is damaged: "),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("runs.sqlite");
            write(&file);
            let before = fs::read(&file).unwrap().len();
            for open in [Store::open, Store::open_read_only] {
                let error = open(folder.path()).unwrap_err().to_string();
                assert!(error.contains(expect), "{error}");
            }
            assert_eq!(fs::read(&file).unwrap().len(), before);
        }
    }

    #[test]
    fn other_kinds_of_files_are_reported() {
        let folder = tempfile::tempdir().unwrap();
        let (file, store) = (folder.path().join("file"), folder.path().join("store"));
        fs::write(&file, "").unwrap();
        fs::create_dir(&store).unwrap();
        assert!(Command::new("mkfifo").arg(store.join(FILE)).status().unwrap().success());
        let link = folder.path().join("link");
        std::os::unix::fs::symlink("nowhere", &link).unwrap();
        let dangling = "is a link to nothing";
        for (path, expect) in [(file, "is not a folder"), (store, "is not a regular file"), (link, dangling)]
        {
            for open in [Store::open, Store::open_read_only] {
                let error = open(&path).unwrap_err().to_string();
                assert!(error.ends_with(expect), "{error}");
            }
        }
    }

    #[test]
    fn reading_a_store_does_not_change_its_folder() {
        let folder = tempfile::tempdir().unwrap();
        let missing = Store::open_read_only(folder.path()).unwrap_err().to_string();
        assert!(missing.starts_with("there is no run store in `"), "{missing}");
        // A store of the first version, with a run in the write-ahead log of a killed writer.
        let old = Connection::open(folder.path().join(FILE)).unwrap();
        old.execute_batch(MIGRATIONS[0]).unwrap();
        old.pragma_update(None, "application_id", APPLICATION).unwrap();
        old.pragma_update(None, "user_version", 1).unwrap();
        old.pragma_update(None, "journal_mode", "WAL").unwrap();
        let run = "INSERT INTO runs (id, pipeline, digest, arguments, state, pid, process, started_at)
                   VALUES ('20261124-020834-123-9f3a', 'p', '', '{}', 'Running', 0, '', 0)";
        old.execute_batch(run).unwrap();
        let bytes = || {
            let content = |name: &str| fs::read(folder.path().join(name)).unwrap();
            (fs::read_dir(folder.path()).unwrap().count(), content(FILE), content("runs.sqlite-wal"))
        };
        let before = bytes();
        let runs = Store::open_read_only(folder.path()).unwrap().runs().unwrap();
        assert_eq!((runs.len(), runs[0].state), (1, crate::State::Interrupted));
        assert_eq!(bytes(), before);
    }

    #[test]
    fn a_new_folder_ignores_itself_and_others_are_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let (new, used) = (folder.path().join("new"), folder.path().join("used"));
        fs::create_dir(&used).unwrap();
        fs::write(used.join("file"), "").unwrap();
        for path in [&new, &used] {
            Store::open(path).unwrap();
        }
        assert_eq!(fs::read_to_string(new.join(".gitignore")).unwrap(), "*\n");
        assert!(!used.join(".gitignore").exists());
    }

    #[test]
    fn a_store_can_be_reopened() {
        let folder = tempfile::tempdir().unwrap();
        Store::open(folder.path()).unwrap();
        assert!(Store::open(folder.path()).is_ok());
    }
}
