//! Copies of files and folders, and hard links to read-only files.

use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::{Component, Path};

use crate::private;

/// How the files of a tree are transferred.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transfer {
    /// As writable copies, which share blocks if the file system can.
    Copy,
    /// As hard links to files that become read-only; a file that has links elsewhere is copied.
    Freeze,
    /// As hard links to frozen files.
    Link,
}

/// Transfers a file or folder to a path that does not exist. After an error, the caller removes what was transferred.
///
/// Symbolic links within the folder are kept. Copying follows links that point elsewhere.
///
/// # Errors
/// A file cannot be read or written, or has another file type. A link that points outside the folder cannot be frozen.
pub(crate) fn transfer(from: &Path, to: &Path, how: Transfer) -> io::Result<()> {
    let metadata = if how == Transfer::Copy { fs::metadata(from)? } else { fs::symlink_metadata(from)? };
    Tree { how, around: Vec::new() }.visit(from, to, &metadata, 0)
}

/// Removes a file or folder, if it exists.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    let removed = match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Replaces files that have other hard links by copies, so that changes to them have no effect elsewhere.
///
/// # Errors
/// A file cannot be copied.
pub(crate) fn detach(path: &Path) -> io::Result<()> {
    let metadata = fs::symlink_metadata(path)?;
    if metadata.is_dir() {
        for entry in fs::read_dir(path)? {
            detach(&entry?.path())?;
        }
    } else if metadata.is_file() && metadata.nlink() > 1 {
        let copy = tempfile::NamedTempFile::new_in(path.parent().unwrap_or(Path::new(".")))?.into_temp_path();
        copy_file(path, &copy, |mode| mode)?;
        copy.persist(path)?;
    }
    Ok(())
}

struct Tree {
    how: Transfer,
    /// Device and inode of the enclosing folders, which links may point back to.
    around: Vec<(u64, u64)>,
}

impl Tree {
    /// `depth` is the number of folders between the root and `from`.
    fn visit(&mut self, from: &Path, to: &Path, metadata: &Metadata, depth: usize) -> io::Result<()> {
        if metadata.is_dir() {
            return self.folder(from, to, metadata, depth);
        }
        if metadata.is_symlink() {
            return self.link(from, to, depth);
        }
        if !metadata.is_file() {
            let message = format!("`{}` is neither a file nor a folder", from.display());
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        match self.how {
            Transfer::Copy => copy_file(from, to, |mode| mode | 0o200),
            Transfer::Freeze if metadata.nlink() == 1 => {
                fs::set_permissions(from, fs::Permissions::from_mode(frozen(metadata.mode())))?;
                fs::hard_link(from, to).or_else(|_| copy_file(from, to, frozen))
            }
            Transfer::Link => fs::hard_link(from, to).or_else(|_| copy_file(from, to, frozen)),
            Transfer::Freeze => copy_file(from, to, frozen),
        }
    }

    fn folder(&mut self, from: &Path, to: &Path, metadata: &Metadata, depth: usize) -> io::Result<()> {
        private::create_new_folder(to)?;
        self.around.push((metadata.dev(), metadata.ino()));
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            let metadata = fs::symlink_metadata(entry.path())?;
            self.visit(&entry.path(), &to.join(entry.file_name()), &metadata, depth + 1)?;
        }
        self.around.pop();
        Ok(())
    }

    fn link(&mut self, from: &Path, to: &Path, depth: usize) -> io::Result<()> {
        let target = fs::read_link(from)?;
        if self.how == Transfer::Link || stays_inside(&target, depth) {
            return symlink(target, to);
        }
        if self.how == Transfer::Freeze {
            let message = format!("the link `{}` points outside its folder", from.display());
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        match fs::metadata(from) {
            Ok(found) if !self.around.contains(&(found.dev(), found.ino())) => {
                self.visit(from, to, &found, depth)
            }
            _ => symlink(target, to),
        }
    }
}

/// Returns whether a link at this depth below the root points to something below the root.
fn stays_inside(target: &Path, depth: usize) -> bool {
    let mut depth = depth.saturating_sub(1);
    target.components().all(|part| match part {
        Component::Normal(_) => {
            depth += 1;
            true
        }
        Component::CurDir => true,
        Component::ParentDir => {
            let is_below = depth > 0;
            depth = depth.saturating_sub(1);
            is_below
        }
        Component::RootDir | Component::Prefix(_) => false,
    })
}

fn copy_file(from: &Path, to: &Path, mode: impl Fn(u32) -> u32) -> io::Result<()> {
    fs::copy(from, to)?;
    let permissions = fs::metadata(to)?.permissions();
    fs::set_permissions(to, fs::Permissions::from_mode(mode(permissions.mode())))
}

/// Returns the permissions of a read-only file that only its owner can read.
fn frozen(mode: u32) -> u32 {
    if mode & 0o111 == 0 { 0o400 } else { 0o500 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("root");
        fs::create_dir_all(root.join("deep")).unwrap();
        fs::write(root.join("deep/file"), "content").unwrap();
        symlink("../deep/file", root.join("deep/inner")).unwrap();
        folder
    }

    fn mode(path: &Path) -> u32 {
        fs::symlink_metadata(path).unwrap().mode() & 0o777
    }

    #[test]
    fn copies_are_independent_and_writable_and_frozen_files_are_not() {
        let folder = tree();
        let at = |name: &str| folder.path().join(name);
        transfer(&at("root"), &at("frozen"), Transfer::Freeze).unwrap();
        transfer(&at("frozen"), &at("linked"), Transfer::Link).unwrap();
        for name in ["root", "frozen", "linked"] {
            assert_eq!(mode(&at(name).join("deep/file")), 0o400, "{name}");
        }
        assert_eq!(fs::metadata(at("linked/deep/file")).unwrap().nlink(), 3);
        transfer(&at("linked"), &at("copy"), Transfer::Copy).unwrap();
        fs::write(at("copy/deep/file"), "changed").unwrap();
        assert_eq!(fs::read_to_string(at("copy/deep/inner")).unwrap(), "changed");
        assert_eq!(fs::read_to_string(at("root/deep/inner")).unwrap(), "content");
    }

    #[test]
    fn a_file_with_links_elsewhere_is_copied() {
        let folder = tree();
        let at = |name: &str| folder.path().join(name);
        fs::hard_link(at("root/deep/file"), at("mine")).unwrap();
        let before = mode(&at("mine"));
        transfer(&at("root"), &at("frozen"), Transfer::Freeze).unwrap();
        assert_eq!((mode(&at("mine")), mode(&at("frozen/deep/file"))), (before, 0o400));
        assert_eq!(fs::metadata(at("frozen/deep/file")).unwrap().nlink(), 1);
    }

    #[test]
    fn links_that_point_elsewhere_are_copied_and_not_frozen() {
        let folder = tree();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("outside"), "outside").unwrap();
        for (name, target) in [("absolute", at("outside")), ("relative", "../outside".into())] {
            symlink(target, at("root").join(name)).unwrap();
            transfer(&at("root"), &at(&format!("copy-of-{name}")), Transfer::Copy).unwrap();
            let copied = at(&format!("copy-of-{name}")).join(name);
            assert!(fs::symlink_metadata(&copied).unwrap().is_file());
            let error = transfer(&at("root"), &at(&format!("frozen-{name}")), Transfer::Freeze).unwrap_err();
            assert!(error.to_string().contains("points outside its folder"), "{error}");
            fs::remove_file(at("root").join(name)).unwrap();
        }
        symlink(at("root"), at("root/deep/back")).unwrap();
        transfer(&at("root"), &at("copy-with-loop"), Transfer::Copy).unwrap();
        assert!(fs::symlink_metadata(at("copy-with-loop/deep/back")).unwrap().is_symlink());
    }

    #[test]
    fn removing_a_missing_file_succeeds_and_other_errors_are_returned() {
        let folder = tree();
        remove(&folder.path().join("nothing")).unwrap();
        remove(&folder.path().join("root")).unwrap();
        assert!(!folder.path().join("root").exists());
        fs::write(folder.path().join("file"), "").unwrap();
        assert!(remove(&folder.path().join("file/below")).is_err());
    }
}
