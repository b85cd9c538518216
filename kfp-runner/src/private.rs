//! Files and folders that only their owner can access, whatever the umask.
//!
//! The folder of a store is closed to other users, and so is everything that the runner creates in it. Files that steps
//! create are restricted after the steps have ended. Files of other owners, such as those of containers, are not
//! changed: they are below folders that are closed.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

/// The permission bits of the owner.
const OWNER: u32 = 0o700;

/// The permission bits of other users.
const OTHERS: u32 = 0o077;

/// Creates the folder and its missing parents.
pub(crate) fn create_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(OWNER).create(path)
}

/// Creates the folder, which must not exist.
pub(crate) fn create_new_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().mode(OWNER).create(path)
}

/// Opens the file for reading and appending, and creates it if it is missing.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).read(true).append(true).mode(0o600).open(path)
}

/// Creates the file and opens it for writing. An existing file or link is replaced.
pub(crate) fn create(path: &Path) -> io::Result<File> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => OpenOptions::new().create_new(true).write(true).mode(0o600).open(path),
    }
}

/// Writes the file. An existing file is replaced.
pub(crate) fn write(path: &Path, text: &str) -> io::Result<()> {
    create(path)?.write_all(text.as_bytes())
}

/// Removes the permissions of other users from what a step has left: the file, or the folder and everything in it.
///
/// Links are not changed, hard links included, nor are files of other owners.
pub(crate) fn restrict(path: &Path) {
    restrict_tree(path, false);
}

/// Restricts the folder of a store, including hard links, which its cache and runs share.
#[cfg(feature = "store")]
pub(crate) fn restrict_store(path: &Path) {
    restrict_tree(path, true);
}

fn restrict_tree(path: &Path, with_hard_links: bool) {
    let Ok(metadata) = fs::symlink_metadata(path) else { return };
    let is_shared = metadata.is_file() && metadata.nlink() > 1;
    if metadata.is_symlink() || is_shared && !with_hard_links {
        return;
    }
    if metadata.mode() & OTHERS != 0 {
        // Fails only for files of other owners.
        let _ = fs::set_permissions(path, Permissions::from_mode(metadata.mode() & OWNER));
    }
    if metadata.is_dir() {
        for entry in fs::read_dir(path).into_iter().flatten().flatten() {
            restrict_tree(&entry.path(), with_hard_links);
        }
    }
}

/// Makes the file or folder readable for a container, which may run as any user. The parent folders stay closed.
pub(crate) fn share(path: &Path) {
    let Ok(metadata) = fs::symlink_metadata(path) else { return };
    let wanted = match (metadata.is_symlink(), metadata.is_dir()) {
        (true, _) => return,
        (false, true) => 0o055,
        (false, false) => 0o044 | (metadata.mode() & 0o100) >> 3 | (metadata.mode() & 0o100) >> 6,
    };
    if metadata.mode() & wanted != wanted {
        // Fails only for files of other owners.
        let _ = fs::set_permissions(path, Permissions::from_mode(metadata.mode() & 0o777 | wanted));
    }
    if metadata.is_dir() {
        for entry in fs::read_dir(path).into_iter().flatten().flatten() {
            share(&entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::symlink_metadata(path).unwrap().mode() & 0o777
    }

    #[test]
    fn new_files_are_private() {
        let folder = tempfile::tempdir().unwrap();
        let (deep, file) = (folder.path().join("a/b"), folder.path().join("file"));
        create_folder(&deep).unwrap();
        fs::write(&file, "old").unwrap();
        fs::set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
        write(&file, "new").unwrap();
        open(&folder.path().join("lock")).unwrap();
        assert_eq!(mode(&folder.path().join("a")), 0o700);
        assert_eq!((mode(&deep), mode(&file), mode(&folder.path().join("lock"))), (0o700, 0o600, 0o600));
        assert_eq!(fs::read_to_string(file).unwrap(), "new");
    }

    #[test]
    fn trees_are_restricted_and_shared_and_links_are_not_followed() {
        let (outside, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let root = folder.path().join("root");
        fs::create_dir_all(root.join("deep")).unwrap();
        for (name, bits) in [("deep/file", 0o666), ("program", 0o755)] {
            fs::write(root.join(name), "").unwrap();
            fs::set_permissions(root.join(name), Permissions::from_mode(bits)).unwrap();
        }
        fs::set_permissions(root.join("deep"), Permissions::from_mode(0o777)).unwrap();
        let elsewhere = outside.path().join("file");
        fs::write(&elsewhere, "").unwrap();
        fs::set_permissions(&elsewhere, Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink(&elsewhere, root.join("link")).unwrap();
        let modes = || ["deep", "deep/file", "program"].map(|name| mode(&root.join(name)));
        restrict(&root);
        assert_eq!(modes(), [0o700, 0o600, 0o700]);
        share(&root);
        assert_eq!(modes(), [0o755, 0o644, 0o755]);
        assert_eq!(mode(&elsewhere), 0o640);
    }
}
