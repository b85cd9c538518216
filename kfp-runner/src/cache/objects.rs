//! Files by digest: their content can be verified, even if others can write to the store.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::claim::Claim;
use crate::files::{Transfer, remove, transfer};
use crate::private;

/// The folder of the cache in a store.
const CACHE: &str = "cache";
/// The folder of objects in the cache.
const OBJECTS: &str = "objects";

/// The files and folders of cached results, `cache/objects/<digest>`.
#[derive(Debug)]
pub(crate) struct Objects {
    cache: PathBuf,
    /// Where this run assembles files before it moves them to their place.
    partial: PathBuf,
    count: AtomicUsize,
    /// Shows other runs that `partial` is in use.
    _claim: Option<Claim>,
}

/// Why the files of a cached result cannot be used.
#[derive(Debug)]
pub(crate) enum RestoreError {
    /// The files are missing.
    Missing,
    /// The files have changed.
    Damaged,
    /// The files cannot be copied into the run.
    Unusable(io::Error),
}

impl Objects {
    /// Opens the objects of a store for one run, and removes what killed runs have left.
    pub(crate) fn open(store: &Path, run: &str) -> Self {
        let cache = store.join(CACHE);
        let partial = cache.join("partial").join(run);
        // Without a claim, another run may remove what this one assembles; the result is then not cached.
        let claim = Claim::take(&cache.join("locks"), run).ok().flatten();
        let objects = Self { cache, partial, count: AtomicUsize::new(0), _claim: claim };
        // A later run removes what cannot be removed now.
        let _ = objects.clean();
        objects
    }

    /// Claims a key, so that one run computes its result while the others wait.
    pub(crate) fn claim(&self, key: &str) -> io::Result<Option<Claim>> {
        Claim::take(&self.cache.join("locks"), key)
    }

    /// Stores a file or folder, which becomes read-only, and returns its digest. Fails if `stop` is set meanwhile.
    pub(crate) fn insert(&self, source: &Path, stop: &AtomicBool) -> io::Result<String> {
        let partial = self.next_partial()?;
        let inserted = transfer(source, &partial, Transfer::Freeze).and_then(|()| {
            let digest = kfp_digest::of_path_until(&partial, stop)?;
            self.publish(&partial, &digest)?;
            Ok(digest)
        });
        remove(&partial)?;
        inserted
    }

    /// Verifies the object of a digest and puts it at a path, as links to read-only files.
    pub(crate) fn restore(&self, digest: &str, to: &Path) -> Result<(), RestoreError> {
        let object = self.path(digest);
        if fs::symlink_metadata(&object).is_err() {
            return Err(RestoreError::Missing);
        }
        if kfp_digest::of_path(&object).ok().as_deref() != Some(digest) {
            return Err(RestoreError::Damaged);
        }
        let copy = || {
            if let Some(parent) = to.parent() {
                private::create_folder(parent)?;
            }
            transfer(&object, to, Transfer::Link)
        };
        copy().map_err(RestoreError::Unusable)
    }

    /// Removes objects that no result refers to.
    pub(crate) fn remove(&self, digests: &[String]) {
        for digest in digests {
            // Moved away first, so that no run finds an incomplete object. A later run removes what is left.
            let _ = self.next_partial().and_then(|partial| {
                fs::rename(self.path(digest), &partial)?;
                remove(&partial)
            });
        }
    }

    fn publish(&self, partial: &Path, digest: &str) -> io::Result<()> {
        let path = self.path(digest);
        private::create_folder(&self.cache.join(OBJECTS))?;
        if fs::symlink_metadata(&path).is_ok() {
            if kfp_digest::of_path(&path).ok().as_deref() == Some(digest) {
                return Ok(());
            }
            let damaged = self.next_partial()?;
            fs::rename(&path, &damaged)?;
            remove(&damaged)?;
        }
        match fs::rename(partial, &path) {
            // Another run was faster.
            Err(error) if matches!(error.kind(), io::ErrorKind::DirectoryNotEmpty) => Ok(()),
            renamed => renamed,
        }
    }

    fn path(&self, digest: &str) -> PathBuf {
        self.cache.join(OBJECTS).join(digest)
    }

    /// Returns the path of an object in a store that need not be open.
    #[cfg(feature = "store")]
    pub(crate) fn path_in(store: &Path, digest: &str) -> PathBuf {
        store.join(CACHE).join(OBJECTS).join(digest)
    }

    fn next_partial(&self) -> io::Result<PathBuf> {
        private::create_folder(&self.partial)?;
        Ok(self.partial.join(self.count.fetch_add(1, Ordering::Relaxed).to_string()))
    }

    /// Removes the files that killed runs and earlier versions have left.
    fn clean(&self) -> io::Result<()> {
        for (name, path) in entries(&self.cache)? {
            if ![OBJECTS, "partial", "locks"].contains(&name.as_str()) {
                remove(&path)?;
            }
        }
        for (run, path) in entries(&self.cache.join("partial"))? {
            if path != self.partial && Claim::take(&self.cache.join("locks"), &run)?.is_some() {
                remove(&path)?;
            }
        }
        Ok(())
    }
}

impl Drop for Objects {
    fn drop(&mut self) {
        // A later run removes what is left.
        let _ = remove(&self.partial);
    }
}

impl fmt::Display for RestoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("its files are missing"),
            Self::Damaged => f.write_str("its files have changed"),
            Self::Unusable(error) => write!(f, "its files cannot be used: {error}"),
        }
    }
}

/// Returns the paths in a folder by name; empty if the folder does not exist.
fn entries(folder: &Path) -> io::Result<BTreeMap<String, PathBuf>> {
    let read = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        read => read?,
    };
    read.map(|entry| entry.map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path())))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn source(store: &Path, name: &str, text: &str) -> PathBuf {
        let path = store.join(name);
        fs::create_dir_all(path.join("deep")).unwrap();
        fs::write(path.join("deep/file"), text).unwrap();
        path
    }

    #[test]
    fn objects_outlive_their_sources_and_are_verified() {
        let store = tempfile::tempdir().unwrap();
        let objects = Objects::open(store.path(), "r1");
        let digest = objects.insert(&source(store.path(), "a", "content"), &AtomicBool::new(false)).unwrap();
        fs::remove_dir_all(store.path().join("a")).unwrap();
        objects.restore(&digest, &store.path().join("b/c")).unwrap();
        let restored = store.path().join("b/c/deep/file");
        assert_eq!(fs::read_to_string(&restored).unwrap(), "content");

        fs::set_permissions(&restored, fs::Permissions::from_mode(0o644)).unwrap();
        fs::write(&restored, "changed").unwrap();
        assert!(matches!(objects.restore(&digest, &store.path().join("d")), Err(RestoreError::Damaged)));
        // Inserting the same content replaces the damaged object.
        assert_eq!(
            objects.insert(&source(store.path(), "e", "content"), &AtomicBool::new(false)).unwrap(),
            digest
        );
        objects.restore(&digest, &store.path().join("f")).unwrap();
        objects.remove(std::slice::from_ref(&digest));
        assert!(matches!(objects.restore(&digest, &store.path().join("g")), Err(RestoreError::Missing)));
    }

    #[test]
    fn leftovers_are_removed_only_if_their_run_is_dead() {
        let store = tempfile::tempdir().unwrap();
        let live = Objects::open(store.path(), "live");
        let working = live.next_partial().unwrap();
        fs::write(&working, "").unwrap();
        let (dead, old) = (store.path().join("cache/partial/dead"), store.path().join("cache/0a1b.run"));
        fs::create_dir_all(&dead).unwrap();
        fs::create_dir_all(&old).unwrap();
        let other = Objects::open(store.path(), "other");
        assert!(working.exists() && !dead.exists() && !old.exists());
        drop((live, other));
        assert_eq!(fs::read_dir(store.path().join("cache/partial")).unwrap().count(), 0);
        assert_eq!(fs::read_dir(store.path().join("cache/locks")).unwrap().count(), 0);
    }

    #[test]
    fn a_failed_insert_leaves_no_files() {
        let store = tempfile::tempdir().unwrap();
        let objects = Objects::open(store.path(), "r1");
        let folder = source(store.path(), "a", "content");
        std::os::unix::fs::symlink("/etc", folder.join("out")).unwrap();
        assert!(objects.insert(&folder, &AtomicBool::new(false)).is_err());
        assert_eq!(fs::read_dir(store.path().join("cache/partial/r1")).unwrap().count(), 0);
        fs::remove_dir_all(store.path().join("cache")).unwrap();
        fs::write(store.path().join("cache"), "a file").unwrap();
        assert!(objects.insert(&folder, &AtomicBool::new(false)).is_err());
    }
}
