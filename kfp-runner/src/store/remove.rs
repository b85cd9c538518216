//! Removing runs, with their files.

use std::path::Path;

use rusqlite::params;

use super::{RunId, Store, StoreError};
use crate::{disk, files};

impl Store {
    /// Removes a run and its files, and returns their size in bytes. Returns `None` and removes nothing if the run is in
    /// progress.
    ///
    /// Cached results of the run are kept.
    ///
    /// # Errors
    /// There is no such run, or its files cannot be removed.
    pub fn remove_run(&mut self, id: &RunId) -> Result<Option<u64>, StoreError> {
        self.run(id)?;
        // The claim also prevents that the run is resumed meanwhile.
        let Some(_claim) = self.claim(id)? else { return Ok(None) };
        let folder = self.folder.join("runs").join(id.as_str());
        let size = disk::size(&folder);
        // The files are removed first: if this fails halfway, the run is still listed and can be removed again.
        remove(&folder)?;
        self.transaction(|connection| {
            connection.execute("DELETE FROM runs WHERE id = ?1", params![id.as_str()])?;
            connection.execute(
                "DELETE FROM documents WHERE digest NOT IN (SELECT document FROM runs WHERE document IS NOT NULL)",
                [],
            )
        })?;
        Ok(Some(size))
    }
}

pub(super) fn remove(path: &Path) -> Result<(), StoreError> {
    files::remove(path).map_err(|cause| StoreError::files(path, cause))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::store::{NewRun, Programs};

    #[test]
    fn a_run_is_removed_unless_it_is_in_progress() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(folder.path()).unwrap();
        let programs = Programs::new();
        let begin = |store: &mut Store, document: &'static str| {
            let arguments = "{}".to_owned();
            let run =
                NewRun { pipeline: "p", version: None, digest: "", document, arguments, programs: &programs };
            let begun = store.begin_run(&run).unwrap();
            let files = store.folder().join("runs").join(begun.0.as_str());
            fs::create_dir_all(&files).unwrap();
            fs::write(files.join("log"), "1234567").unwrap();
            begun
        };
        let (first, claim) = begin(&mut store, "{\"a\": 1}");
        let (second, _claim) = begin(&mut store, "{\"b\": 1}");
        let has_files = |id: &RunId| folder.path().join("runs").join(id.as_str()).exists();
        assert_eq!(store.remove_run(&first).unwrap(), None);
        assert!(has_files(&first));
        drop(claim);
        assert_eq!(store.remove_run(&first).unwrap(), Some(7));
        assert!(!has_files(&first) && has_files(&second));
        assert!(matches!(store.remove_run(&first), Err(StoreError::NoRun { .. })));
        let ids: Vec<RunId> = store.runs().unwrap().into_iter().map(|run| run.id).collect();
        assert_eq!(ids, [second]);
        let count = |table: &str| {
            let statement = format!("SELECT count(*) FROM {table}");
            store.connection.query_row(&statement, [], |row| row.get::<_, i64>(0)).unwrap()
        };
        assert_eq!((count("runs"), count("documents")), (1, 1));
    }
}
