//! Files and folders that only their owner can use, whatever the umask.
//!
//! The folder of a store is closed to everyone else, and so is what the runner creates in it. What steps create is
//! restricted once they have ended. Files of other owners, as containers leave them, stay as they are: they lie below
//! folders that are closed.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

/// The permissions of the owner.
const OWNER: u32 = 0o700;

/// The permissions of everyone else.
const OTHERS: u32 = 0o077;

/// Creates the folder, and those around it that are missing.
pub(crate) fn create_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(OWNER).create(path)
}

/// Creates the folder, where there is nothing yet.
pub(crate) fn create_new_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().mode(OWNER).create(path)
}

/// Opens the file for reading and for writing at its end, and creates it if it is missing.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).read(true).append(true).mode(0o600).open(path)
}

/// Creates the file and opens it for writing. What is there already is replaced, and a link is not followed.
pub(crate) fn create(path: &Path) -> io::Result<File> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => OpenOptions::new().create_new(true).write(true).mode(0o600).open(path),
    }
}

/// Writes the file. What is there already is replaced.
pub(crate) fn write(path: &Path, text: &str) -> io::Result<()> {
    create(path)?.write_all(text.as_bytes())
}

/// Takes all permissions from everyone but the owner, for what a step left: the file, or the folder and everything in
/// it.
///
/// Links are left alone, hard links included, as are files that belong to someone else.
pub(crate) fn restrict(path: &Path) {
    restrict_tree(path, false);
}

/// Restricts the folder of a store, whose cache and runs share files by hard links.
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
        // Fails for files of other owners only.
        let _ = fs::set_permissions(path, Permissions::from_mode(metadata.mode() & OWNER));
    }
    if metadata.is_dir() {
        for entry in fs::read_dir(path).into_iter().flatten().flatten() {
            restrict_tree(&entry.path(), with_hard_links);
        }
    }
}

/// Has a container read the file or folder, whose program may be any user. The folders around it stay closed.
pub(crate) fn share(path: &Path) {
    let Ok(metadata) = fs::symlink_metadata(path) else { return };
    let wanted = match (metadata.is_symlink(), metadata.is_dir()) {
        (true, _) => return,
        (false, true) => 0o055,
        (false, false) => 0o044 | (metadata.mode() & 0o100) >> 3 | (metadata.mode() & 0o100) >> 6,
    };
    if metadata.mode() & wanted != wanted {
        // Files of other owners are as their owners left them.
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
    fn new_files_are_for_their_owner_only() {
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
