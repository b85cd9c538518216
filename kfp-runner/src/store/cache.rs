//! Cached results: the outputs of earlier steps with the same key, and the digests of their files.

use std::collections::{BTreeMap, BTreeSet};

use kfp_model::value;
use rusqlite::{Connection, OptionalExtension as _, params};
use serde_json::{Value, json};

use super::recorder::Cached;
use super::{RunId, Store, StoreError};
use crate::cache::{CacheKey, Parts};
use crate::clock;

impl Store {
    /// Returns the result that was cached under the key within the last `max_age_seconds`.
    ///
    /// A result from the future counts as expired: the clock was set back since, so its age is unknown.
    pub(crate) fn cached(&self, key: &str, max_age_seconds: u64) -> Result<Option<Cached>, StoreError> {
        let max_age = i64::try_from(max_age_seconds).unwrap_or(i64::MAX).saturating_mul(1000);
        let now = clock::now();
        let read = || -> rusqlite::Result<Option<Cached>> {
            let row: Option<(String, i64, String)> = self
                .connection
                .query_row(
                    "SELECT outputs, created_at, run FROM cache WHERE key = ?1 AND created_at > ?2 AND created_at <= ?3",
                    params![key, now.saturating_sub(max_age), now],
                    |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
                )
                .optional()?;
            let Some((text, created_at, run)) = row else { return Ok(None) };
            let (Ok(Value::Object(outputs)), Ok(run)) = (value::decode(&text), run.parse()) else {
                return Ok(None);
            };
            let outputs = outputs.into_iter().collect();
            Ok(Some(Cached { run, outputs, files: files(&self.connection, key)?, created_at }))
        };
        read().map_err(|cause| self.failed(cause))
    }

    /// Stores the result of a step, and replaces an earlier one. Its files must already be stored.
    ///
    /// Returns the digests of files that no result refers to.
    pub(crate) fn keep(
        &mut self,
        key: &CacheKey,
        run: &RunId,
        path: &str,
        outputs: &BTreeMap<String, Value>,
        files: &BTreeMap<String, String>,
    ) -> Result<Vec<String>, StoreError> {
        let outputs = value::encode(&Value::Object(outputs.clone().into_iter().collect()));
        let CacheKey { digest: key, parts } = key;
        let parts = value::encode(&json!(parts));
        self.transaction(|connection| {
            let before = remove(connection, key, None)?;
            connection.execute(
                "INSERT INTO cache (key, run, path, outputs, created_at, parts) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![key, run.as_str(), path, outputs, clock::now(), parts],
            )?;
            for (output, digest) in files {
                connection.execute(
                    "INSERT INTO cache_files (key, output, digest) VALUES (?1, ?2, ?3)",
                    params![key, output, digest],
                )?;
            }
            unused(connection, before)
        })
    }

    /// Removes a result whose files have changed, unless it has been replaced since.
    ///
    /// Returns the digests of files that no result refers to.
    pub(crate) fn forget(&mut self, key: &str, result: &Cached) -> Result<Vec<String>, StoreError> {
        self.transaction(|connection| {
            let before = remove(connection, key, Some(result.created_at))?;
            unused(connection, before)
        })
    }
}

/// A cached result, as far as it explains why another one is not found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KnownKey {
    pub(crate) key: CacheKey,
    /// The path of the task in the run that stored the result.
    pub(crate) path: String,
    /// The run that stored the result.
    pub(crate) run: String,
    /// The creation time, in milliseconds since 1970 (UTC).
    pub(crate) created_at: i64,
}

impl Store {
    /// Returns the keys of all cached results, the latest first. Results of earlier versions, whose parts are unknown,
    /// are left out.
    pub(crate) fn known_keys(&self) -> Result<Vec<KnownKey>, StoreError> {
        let read = || -> rusqlite::Result<Vec<KnownKey>> {
            let mut statement = self.connection.prepare(
                "SELECT key, parts, path, run, created_at FROM cache WHERE parts IS NOT NULL ORDER BY created_at DESC",
            )?;
            let known = |row: &rusqlite::Row<'_>| {
                let parts: String = row.get(1)?;
                let parts: Parts = serde_json::from_str(&parts).unwrap_or_default();
                let key = CacheKey { digest: row.get(0)?, parts };
                Ok(KnownKey { key, path: row.get(2)?, run: row.get(3)?, created_at: row.get(4)? })
            };
            statement.query_map([], known)?.collect()
        };
        read().map_err(|cause| self.failed(cause))
    }
}

/// Removes the result of the key, if it was created at that time or if `created_at` is `None`, and returns the digests
/// of its files.
pub(super) fn remove(
    connection: &Connection,
    key: &str,
    created_at: Option<i64>,
) -> rusqlite::Result<BTreeSet<String>> {
    let digests = files(connection, key)?;
    let removed = connection.execute(
        "DELETE FROM cache WHERE key = ?1 AND coalesce(?2, created_at) = created_at",
        params![key, created_at],
    )?;
    Ok(if removed == 0 { BTreeSet::new() } else { digests.into_values().collect() })
}

fn files(connection: &Connection, key: &str) -> rusqlite::Result<BTreeMap<String, String>> {
    let mut statement = connection.prepare_cached("SELECT output, digest FROM cache_files WHERE key = ?1")?;
    statement.query_map([key], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

/// Returns those of the digests that no result refers to.
pub(super) fn unused(connection: &Connection, digests: BTreeSet<String>) -> rusqlite::Result<Vec<String>> {
    let mut unused = Vec::new();
    for digest in digests {
        let uses: i64 =
            connection.query_row("SELECT count(*) FROM cache_files WHERE digest = ?1", [&digest], |row| {
                row.get(0)
            })?;
        if uses == 0 {
            unused.push(digest);
        }
    }
    Ok(unused)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const HOUR: u64 = 3600;

    fn store() -> (tempfile::TempDir, Store, RunId) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        (folder, store, RunId::new())
    }

    fn one(name: &str, value: &str) -> BTreeMap<String, String> {
        BTreeMap::from([(name.to_owned(), value.to_owned())])
    }

    #[test]
    fn files_are_unused_if_no_result_refers_to_them() {
        let (_folder, mut store, run) = store();
        let outputs = BTreeMap::from([("rows".to_owned(), json!(3))]);
        let mut keep = |key: &str, digest: &str| {
            store.keep(&CacheKey::new(key), &run, "it", &outputs, &one("model", digest)).unwrap()
        };
        assert!(keep("a", "d1").is_empty());
        assert!(keep("b", "d1").is_empty());
        assert!(keep("a", "d2").is_empty(), "`b` refers to it");
        assert!(keep("b", "d2") == ["d1"]);
        assert!(keep("b", "d2").is_empty(), "the same result again");
        let found = store.cached("a", HOUR).unwrap().unwrap();
        assert_eq!((&found.outputs, &found.files), (&outputs, &one("model", "d2")));
        assert!(store.forget("a", &found).unwrap().is_empty());
        assert_eq!(store.cached("a", HOUR).unwrap(), None);
    }

    #[test]
    fn results_expire_even_if_the_clock_was_set_back() {
        let (_folder, mut store, run) = store();
        store.keep(&CacheKey::new("a"), &run, "it", &BTreeMap::new(), &BTreeMap::new()).unwrap();
        let shift = |store: &Store, seconds: i64| {
            let statement = "UPDATE cache SET created_at = created_at + ?1";
            store.connection.execute(statement, [seconds * 1000]).unwrap();
        };
        for (shifted, expect) in [(-3000, true), (-600, false), (7000, false), (-3400, true)] {
            shift(&store, shifted);
            assert_eq!(store.cached("a", HOUR).unwrap().is_some(), expect, "{shifted}");
        }
    }

    #[test]
    fn a_result_that_was_replaced_is_not_forgotten() {
        let (_folder, mut store, run) = store();
        store.keep(&CacheKey::new("a"), &run, "it", &BTreeMap::new(), &one("model", "d1")).unwrap();
        let mut old = store.cached("a", HOUR).unwrap().unwrap();
        old.created_at -= 1;
        assert!(store.forget("a", &old).unwrap().is_empty());
        assert!(store.cached("a", HOUR).unwrap().is_some());
        let current = store.cached("a", HOUR).unwrap().unwrap();
        assert_eq!(store.forget("a", &current).unwrap(), ["d1"]);
    }
}
