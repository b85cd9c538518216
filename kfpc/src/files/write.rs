//! Writing files.

use std::fs::{self, File, Metadata, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

use super::Unread;
use super::open::regular;

/// The permissions of new files, before those that the user's mask removes.
const NEW_FILE: u32 = 0o666;

/// Why a file cannot be written.
#[derive(Debug)]
pub(crate) enum Unwritten {
    /// It is a folder.
    Folder,
    /// It is something else than a regular file, such as a pipe, or a link to it.
    NotAFile(&'static str),
    /// The operating system reported an error.
    Failed(io::Error),
}

impl From<io::Error> for Unwritten {
    fn from(error: io::Error) -> Self {
        Self::Failed(error)
    }
}

/// Writes a file in one step: either the file has the whole text afterwards, or it is unchanged.
///
/// A link is replaced with a file, so that nothing outside the folder of the path changes. An existing file keeps its
/// permissions. Pipes and devices are never opened.
///
/// # Errors
/// The path leads to a folder, pipe, socket or device, or the folder cannot be written to.
pub(crate) fn write_file(path: &Path, text: &str) -> Result<(), Unwritten> {
    let existing = existing(path)?;
    let folder = match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    // The links in these folders, such as `/dev/stdout`, belong to the system.
    let resolved = folder.canonicalize()?;
    if resolved == Path::new("/dev") || resolved.starts_with("/proc") {
        return Err(Unwritten::NotAFile("a device"));
    }
    if path.file_name().is_none() {
        return Err(Unwritten::Folder);
    }
    let mode = Permissions::from_mode(NEW_FILE);
    let mut file = tempfile::Builder::new().prefix(".kfpc-").permissions(mode).tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    if let Some(existing) = existing {
        keep_access(file.as_file(), &existing)?;
    }
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Returns the metadata of the regular file that will be replaced, if there is one.
fn existing(path: &Path) -> Result<Option<Metadata>, Unwritten> {
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        // A dangling or cyclic link is replaced as well.
        Err(_) if path.is_symlink() => return Ok(None),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    match regular(&metadata) {
        _ if metadata.is_dir() => Err(Unwritten::Folder),
        Err(Unread::NotAFile(kind)) => Err(Unwritten::NotAFile(kind)),
        _ if path.is_symlink() => Ok(None),
        _ => Ok(Some(metadata)),
    }
}

/// Sets the permissions of the new file to those of the existing one.
fn keep_access(file: &File, existing: &Metadata) -> io::Result<()> {
    file.set_permissions(Permissions::from_mode(existing.mode() & 0o777))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use rustix::fs::{CWD, FileType, Mode, mknodat};

    use super::*;

    #[test]
    fn links_are_replaced() {
        let root = tempfile::tempdir().unwrap();
        let (folder, outside) = (root.path().join("inside"), root.path().join("outside"));
        fs::create_dir(&folder).unwrap();
        fs::write(&outside, "kept").unwrap();
        for (name, target) in [("link", "../outside"), ("dangling", "../missing"), ("cyclic", "cyclic")] {
            let path = folder.join(name);
            symlink(target, &path).unwrap();
            write_file(&path, "text").unwrap();
            assert!(fs::symlink_metadata(&path).unwrap().is_file(), "{name}");
            assert_eq!(fs::read_to_string(&path).unwrap(), "text", "{name}");
        }
        assert_eq!(fs::read_to_string(&outside).unwrap(), "kept");
        assert!(!root.path().join("missing").exists());
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 3, "no temporary file remains");
    }

    #[test]
    fn existing_files_keep_their_permissions() {
        let folder = tempfile::tempdir().unwrap();
        let (path, plain) = (folder.path().join("a"), folder.path().join("plain"));
        fs::write(&plain, "").unwrap();
        write_file(&path, "first").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().mode() & 0o777;
        assert_eq!(mode(&path), mode(&plain), "as accessible as other new files");
        fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
        write_file(&path, "second").unwrap();
        assert_eq!((fs::read_to_string(&path).unwrap().as_str(), mode(&path)), ("second", 0o640));
    }

    #[test]
    fn only_regular_files_are_written() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        mknodat(CWD, &pipe, FileType::Fifo, Mode::from_raw_mode(0o600), 0).unwrap();
        let link = folder.path().join("link");
        symlink("pipe", &link).unwrap();
        for path in [pipe, link, "/dev/null".into(), "/dev/stdout".into(), "/dev/fd/1".into()] {
            assert!(matches!(write_file(&path, "").unwrap_err(), Unwritten::NotAFile(_)), "{path:?}");
        }
        for path in [folder.path(), Path::new(".."), Path::new("/")] {
            assert!(matches!(write_file(path, "").unwrap_err(), Unwritten::Folder), "{path:?}");
        }
    }
}
