//! Claims: if several processes need the same resource, one takes the claim and the others wait.

use std::fs::{self, File, TryLockError};
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use crate::private;

/// A lock on a file. It ends when it is dropped or when its process ends, for whatever reason.
#[derive(Debug)]
pub(crate) struct Claim {
    file: File,
    path: PathBuf,
}

impl Claim {
    /// Claims a name in a folder of locks. Returns `None` if it is already claimed, in this process or elsewhere.
    pub(crate) fn take(folder: &Path, name: &str) -> io::Result<Option<Self>> {
        private::create_folder(folder)?;
        let path = folder.join(name);
        loop {
            let file = private::open(&path)?;
            match file.try_lock() {
                // The previous holder may have removed the file after it was opened here: then the name is free again.
                Ok(()) if !is_at(&file, &path)? => {}
                Ok(()) => return Ok(Some(Self { file, path })),
                // `is_claimed` locks the file as well, but shares the lock and ends at once.
                Err(TryLockError::WouldBlock) if file.try_lock_shared().is_ok() => {}
                Err(TryLockError::WouldBlock) => return Ok(None),
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
    }
}

/// Returns whether a name in a folder of locks is claimed, without creating or changing anything. A lock that cannot be
/// read may be claimed.
#[cfg(any(test, feature = "store"))]
pub(crate) fn is_claimed(folder: &Path, name: &str) -> bool {
    let file = match File::open(folder.join(name)) {
        Ok(file) => file,
        Err(error) => return error.kind() != io::ErrorKind::NotFound,
    };
    matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))
}

impl Drop for Claim {
    fn drop(&mut self) {
        // A file that cannot be removed is harmless. It is removed while it is locked, so no other process's file is.
        let _ = fs::remove_file(&self.path);
        let _ = self.file.unlock();
    }
}

fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    let own = file.metadata()?;
    match fs::metadata(path) {
        Ok(found) => Ok((found.dev(), found.ino()) == (own.dev(), own.ino())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_claimed_once_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let locks = folder.path().join("locks");
        let first = Claim::take(&locks, "a").unwrap().unwrap();
        assert!(Claim::take(&locks, "a").unwrap().is_none());
        assert!(Claim::take(&locks, "b").unwrap().is_some());
        assert!(is_claimed(&locks, "a") && !is_claimed(&locks, "b") && !is_claimed(&locks, "c"));
        assert!(is_claimed(&locks.join("a"), "b"), "cannot be read");
        drop(first);
        assert!(!is_claimed(&locks, "a"));
        assert!(Claim::take(&locks, "a").unwrap().is_some());
        assert_eq!(fs::read_dir(&locks).unwrap().count(), 0, "no file is left behind");
    }

    #[test]
    fn checking_a_claim_does_not_prevent_taking_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        let checker = private::open(&path).unwrap();
        checker.lock_shared().unwrap();
        let taker = std::thread::spawn({
            let folder = folder.path().to_owned();
            move || Claim::take(&folder, "a").unwrap().is_some()
        });
        checker.unlock().unwrap();
        assert!(taker.join().unwrap());
    }
}
