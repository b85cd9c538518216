//! Opening a store: its folder, its version, its settings.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};

use super::StoreError;
use super::migrations::MIGRATIONS;

/// How long a write waits for those of other processes.
const PATIENCE: Duration = Duration::from_secs(15);

/// Tells a run store from other SQLite files: `kfpc` in ASCII.
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
    folder: PathBuf,
}

impl Store {
    /// Opens the store in the folder, and makes both where they are missing.
    ///
    /// # Errors
    /// The folder cannot be made, or what is in it is no store of a version that this program knows.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let files = |cause| StoreError::Files { path: folder.to_owned(), cause };
        fs::create_dir_all(folder).map_err(files)?;
        let folder = folder.canonicalize().map_err(files)?;
        let file = folder.join("runs.sqlite");
        // SQLite itself does not wait when two processes make the same store at once.
        let lock = File::create(folder.join("open.lock")).map_err(files)?;
        lock.lock().map_err(files)?;
        let failed = |cause| StoreError::of(&file, cause);
        let mut connection = Connection::open(&file).map_err(failed)?;
        connection.busy_timeout(PATIENCE).map_err(failed)?;
        prepare(&mut connection, &file)?;
        Ok(Self { connection, file, folder })
    }

    /// The folder of the store, as an absolute path.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn failed(&self, cause: rusqlite::Error) -> StoreError {
        StoreError::of(&self.file, cause)
    }

    /// Does all that `write` does, or nothing of it.
    pub(super) fn transaction<T>(
        &mut self,
        write: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let Self { connection, file, .. } = self;
        let failed = |cause| StoreError::of(file, cause);
        // Immediate, as a transaction that begins by reading cannot wait for another writer.
        let transaction =
            connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        let result = write(&transaction).map_err(failed)?;
        transaction.commit().map_err(failed)?;
        Ok(result)
    }
}

/// Carries out a statement that is carried out often: it is understood once only.
pub(super) fn execute(
    connection: &Connection,
    statement: &str,
    parameters: impl rusqlite::Params,
) -> rusqlite::Result<usize> {
    connection.prepare_cached(statement)?.execute(parameters)
}

fn prepare(connection: &mut Connection, file: &Path) -> Result<(), StoreError> {
    let failed = |cause| StoreError::of(file, cause);
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    if let Some(found) = version(connection).map_err(failed)?.filter(|found| *found > known) {
        return Err(StoreError::Newer { path: file.to_owned(), found, known });
    }
    connection.pragma_update(None, "journal_mode", "WAL").map_err(failed)?;
    connection.pragma_update(None, "synchronous", "NORMAL").map_err(failed)?;
    connection.pragma_update(None, "foreign_keys", true).map_err(failed)?;
    let foreign = migrate(connection).map_err(failed)?;
    if foreign { Err(StoreError::Damaged(file.to_owned())) } else { Ok(()) }
}

fn version(connection: &Connection) -> rusqlite::Result<Option<i64>> {
    let application: i64 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    Ok((application == APPLICATION).then_some(version))
}

/// Takes the steps that the store has not taken yet; says whether the file belongs to another program.
fn migrate(connection: &mut Connection) -> rusqlite::Result<bool> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version = version(&transaction)?;
    let tables: i64 = transaction.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if version.is_none() && tables > 0 {
        return Ok(true);
    }
    let taken = version.and_then(|version| usize::try_from(version).ok()).unwrap_or(0);
    for migration in MIGRATIONS.iter().skip(taken) {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX))?;
    transaction.commit()?;
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_store_of_ours_is_refused_and_left_alone() {
        type Spoil = fn(&Path);
        let newer: Spoil = |file| {
            let connection = Connection::open(file).unwrap();
            connection.pragma_update(None, "application_id", APPLICATION).unwrap();
            connection.pragma_update(None, "user_version", 99).unwrap();
        };
        let foreign: Spoil =
            |file| Connection::open(file).unwrap().execute_batch("CREATE TABLE notes (text)").unwrap();
        let text: Spoil = |file| fs::write(file, "certainly no database, ".repeat(100)).unwrap();
        for (spoil, expect) in [
            (newer, "has version 99, this program knows versions up to 1"),
            (foreign, "is damaged or no run store"),
            (text, "is damaged or no run store"),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("runs.sqlite");
            spoil(&file);
            let before = fs::read(&file).unwrap().len();
            let error = Store::open(folder.path()).unwrap_err().to_string();
            assert!(error.contains(expect), "{error}");
            assert_eq!(fs::read(&file).unwrap().len(), before);
        }
    }

    #[test]
    fn a_store_is_opened_again() {
        let folder = tempfile::tempdir().unwrap();
        Store::open(folder.path()).unwrap();
        assert!(Store::open(folder.path()).is_ok());
    }
}
