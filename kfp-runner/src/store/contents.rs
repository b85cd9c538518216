//! The contents of the cache: results of steps, and Python environments.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::{Store, StoreError, cache, remove};
use crate::cache::Objects;
use crate::{State, disk, environments, private};

/// Something in the cache of a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CacheEntry {
    /// The key, which is unique among all entries.
    pub key: String,
    /// What it is.
    pub kind: CacheEntryKind,
    /// When it was created, in milliseconds since 1970 (UTC).
    pub created_at: i64,
    /// The size of its files in bytes. Results with equal files share them.
    pub size: u64,
}

/// The kind of a cache entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CacheEntryKind {
    /// The result of a step.
    Result {
        /// The path of the task in the run that stored the result.
        task: String,
    },
    /// A Python environment with packages of steps.
    Environment,
}

/// The Python environments that were removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pruned {
    /// The number of removed environments.
    pub count: usize,
    /// The size of their files in bytes.
    pub size: u64,
    /// Whether environments above the limit were kept, as a run in progress may use them.
    pub kept: bool,
}

impl Store {
    /// Returns the cached results and Python environments, the oldest first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn cache_entries(&self) -> Result<Vec<CacheEntry>, StoreError> {
        let mut entries = self.results().map_err(|cause| self.failed(cause))?;
        entries.extend(self.environments()?);
        entries.sort_by(|left, right| (left.created_at, &left.key).cmp(&(right.created_at, &right.key)));
        Ok(entries)
    }

    /// Returns the size of all files in the cache in bytes. Files that several results share count once.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn cache_size(&self) -> Result<u64, StoreError> {
        let digests = || -> rusqlite::Result<Vec<String>> {
            let mut statement = self.connection.prepare("SELECT DISTINCT digest FROM cache_files")?;
            statement.query_map([], |row| row.get(0))?.collect()
        };
        let digests = digests().map_err(|cause| self.failed(cause))?;
        let results: u64 = digests.iter().map(|digest| disk::size(&self.object(digest))).sum();
        let environments: u64 = self.environments()?.iter().map(|entry| entry.size).sum();
        Ok(results + environments)
    }

    /// Removes Python environments until all of them have at most that many bytes, the least recently used first. Those
    /// that were used at or after `since`, in milliseconds since 1970, are kept.
    ///
    /// # Errors
    /// The files cannot be removed, or the store cannot be read.
    pub fn prune_environments(&mut self, max_size: u64, since: i64) -> Result<Pruned, StoreError> {
        let mut environments = Vec::new();
        for entry in self.environments()? {
            let folder = environments::folder(&self.folder).join(&entry.key);
            let used_at = modified(&environments::last_use(&folder)).unwrap_or(entry.created_at);
            environments.push((used_at, entry));
        }
        environments.sort_by(|(left, one), (right, other)| (left, &one.key).cmp(&(right, &other.key)));
        let mut size: u64 = environments.iter().map(|(_, entry)| entry.size).sum();
        let mut pruned = Pruned::default();
        for (used_at, entry) in environments {
            if size <= max_size || used_at >= since {
                break;
            }
            match self.remove_environment(&entry.key)? {
                Some(freed) => {
                    pruned.count += 1;
                    pruned.size += freed;
                    size = size.saturating_sub(freed);
                }
                None => pruned.kept = true,
            }
        }
        Ok(pruned)
    }

    /// Removes an entry of the cache, and returns the size of the files that are no longer in the cache. Returns `None`
    /// and removes nothing if it is an environment while runs are in progress, as they may use it.
    ///
    /// A run that was about to use a removed result runs the step instead.
    ///
    /// # Errors
    /// The files cannot be removed, or the store cannot be written.
    pub fn remove_cache_entry(&mut self, entry: &CacheEntry) -> Result<Option<u64>, StoreError> {
        match entry.kind {
            CacheEntryKind::Result { .. } => self.remove_result(&entry.key).map(Some),
            CacheEntryKind::Environment => self.remove_environment(&entry.key),
        }
    }

    fn results(&self) -> rusqlite::Result<Vec<CacheEntry>> {
        let mut sizes: BTreeMap<String, u64> = BTreeMap::new();
        let mut files: BTreeMap<String, u64> = BTreeMap::new();
        let mut statement = self.connection.prepare("SELECT DISTINCT key, digest FROM cache_files")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (key, digest): (String, String) = (row.get(0)?, row.get(1)?);
            let size = *files.entry(digest).or_insert_with_key(|digest| disk::size(&self.object(digest)));
            *sizes.entry(key).or_default() += size;
        }
        let mut statement = self.connection.prepare("SELECT key, path, created_at FROM cache")?;
        let entry = |row: &rusqlite::Row<'_>| {
            let key: String = row.get(0)?;
            let size = sizes.get(&key).copied().unwrap_or_default();
            Ok(CacheEntry {
                key,
                kind: CacheEntryKind::Result { task: row.get(1)? },
                created_at: row.get(2)?,
                size,
            })
        };
        statement.query_map([], entry)?.collect()
    }

    fn object(&self, digest: &str) -> PathBuf {
        Objects::path_in(&self.folder, digest)
    }

    fn remove_result(&mut self, key: &str) -> Result<u64, StoreError> {
        let unused = self.transaction(|connection| {
            let digests = cache::remove(connection, key, None)?;
            cache::unused(connection, digests)
        })?;
        let size = unused.iter().map(|digest| disk::size(&self.object(digest))).sum();
        Objects::open(&self.folder, &format!("removal-{}", std::process::id())).remove(&unused);
        Ok(size)
    }

    fn environments(&self) -> Result<Vec<CacheEntry>, StoreError> {
        let folder = environments::folder(&self.folder);
        let failed = |cause| StoreError::files(&folder, cause);
        let entries = match fs::read_dir(&folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(failed)?,
        };
        let mut found = Vec::new();
        for entry in entries {
            let path = entry.map_err(failed)?.path();
            let (true, Some(key)) = (path.is_dir(), path.file_name().and_then(|name| name.to_str())) else {
                continue;
            };
            let created_at =
                modified(&environments::marker(&path)).unwrap_or_else(|| modified(&path).unwrap_or_default());
            let (key, kind) = (key.to_owned(), CacheEntryKind::Environment);
            found.push(CacheEntry { key, kind, created_at, size: disk::size(&path) });
        }
        Ok(found)
    }

    fn remove_environment(&mut self, key: &str) -> Result<Option<u64>, StoreError> {
        let folder = environments::folder(&self.folder).join(key);
        let lock = folder.with_extension("lock");
        let failed = |cause| StoreError::files(&lock, cause);
        let file = private::open(&lock).map_err(failed)?;
        // The lock is taken while an environment is created.
        if file.try_lock().is_err() || self.has_running()? {
            return Ok(None);
        }
        // A run claims its id before it looks for the marker. So a run that has found it is seen below.
        let marker = environments::marker(&folder);
        let had_marker = marker.exists();
        remove::remove(&marker)?;
        if self.has_running()? {
            if had_marker {
                private::write(&marker, "").map_err(|cause| StoreError::files(&marker, cause))?;
            }
            return Ok(None);
        }
        let size = disk::size(&folder);
        remove::remove(&folder)?;
        Ok(Some(size))
    }

    fn has_running(&self) -> Result<bool, StoreError> {
        Ok(self.runs()?.iter().any(|run| run.state == State::Running))
    }
}

/// Returns when a file was modified, in milliseconds since 1970.
fn modified(path: &Path) -> Option<i64> {
    let time = fs::metadata(path).ok()?.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    i64::try_from(time.as_millis()).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::cache::CacheKey;
    use crate::store::{NewRun, Programs, RunId};

    fn file(path: &Path, text: &str) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    #[test]
    fn results_are_removed_with_files_that_no_other_result_has() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(folder.path()).unwrap();
        let outputs = BTreeMap::from([("rows".to_owned(), json!(3))]);
        let run = RunId::new();
        for (key, digests) in [("a", &["shared", "own"][..]), ("b", &["shared"]), ("c", &[])] {
            let files = digests.iter().map(|digest| ((*digest).to_owned(), (*digest).to_owned())).collect();
            store.keep(&CacheKey::new(key), &run, "train", &outputs, &files).unwrap();
        }
        let objects = store.folder().join("cache/objects");
        for digest in ["shared", "own"] {
            file(&objects.join(digest), "content");
        }
        let entries = store.cache_entries().unwrap();
        let keys: Vec<&str> = entries.iter().map(|entry| entry.key.as_str()).collect();
        assert_eq!(keys, ["a", "b", "c"]);
        assert!(entries[0].size > entries[1].size && entries[2].size == 0, "{entries:?}");
        let size = store.cache_size().unwrap();
        assert_eq!(size, entries[0].size, "shared files count once");
        let freed = store.remove_cache_entry(&entries[0]).unwrap().unwrap();
        assert_eq!(store.cache_size().unwrap(), size - freed);
        assert!(objects.join("shared").exists() && !objects.join("own").exists());
        store.remove_cache_entry(&entries[1]).unwrap();
        assert!(!objects.join("shared").exists());
        assert_eq!(store.cache_entries().unwrap().len(), 1);
    }

    #[test]
    fn the_least_recently_used_environments_are_removed_first() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(folder.path()).unwrap();
        for (name, used_at) in [("a", 3_000), ("b", 1_000), ("c", 2_000)] {
            let environment = environments::folder(store.folder()).join(name);
            file(&environments::marker(&environment), "");
            file(&environment.join("library"), &"x".repeat(100));
            environments::mark_used(&environment).unwrap();
            let used = fs::File::options().write(true).open(environments::last_use(&environment)).unwrap();
            used.set_modified(UNIX_EPOCH + std::time::Duration::from_millis(used_at)).unwrap();
        }
        let names = |store: &Store| {
            let mut names: Vec<String> =
                store.environments().unwrap().into_iter().map(|entry| entry.key).collect();
            names.sort();
            names
        };
        assert_eq!(store.prune_environments(300, i64::MAX).unwrap(), Pruned::default());
        let pruned = store.prune_environments(250, i64::MAX).unwrap();
        assert_eq!(pruned, Pruned { count: 1, size: 100, kept: false });
        assert_eq!(names(&store), ["a", "c"]);
        store.prune_environments(0, 2_500).unwrap();
        assert_eq!(names(&store), ["a"], "it was used since");
    }

    #[test]
    fn environments_are_kept_while_runs_are_in_progress() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(folder.path()).unwrap();
        let marker = store.folder().join("venvs/0a1b/kfpc-complete");
        file(&marker, "");
        file(&store.folder().join("venvs/0a1b.lock"), "");
        let entries = store.cache_entries().unwrap();
        assert_eq!((entries.len(), &entries[0].kind), (1, &CacheEntryKind::Environment));
        let programs = Programs::new();
        let (document, arguments) = ("{}", "{}".to_owned());
        let run =
            NewRun { pipeline: "p", version: None, digest: "", document, arguments, programs: &programs };
        let (_, claim) = store.begin_run(&run).unwrap();
        assert_eq!(store.remove_cache_entry(&entries[0]).unwrap(), None);
        assert!(marker.exists());
        drop(claim);
        assert!(store.remove_cache_entry(&entries[0]).unwrap().is_some());
        assert!(store.cache_entries().unwrap().is_empty());
    }
}
