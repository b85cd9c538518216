//! Opens the files that a step has left, without following links or waiting for FIFOs and devices.
//!
//! Outputs are regular files and folders. Links are refused even within a folder, because uploads to object stores omit
//! them.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read as _};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, CWD, Dir, FileType, Mode, OFlags, fstat, openat, statat};
use rustix::io::Errno;

/// Why a path cannot be used as an output.
#[derive(Debug)]
pub(crate) enum OpenError {
    /// It is neither a regular file nor a folder, but this.
    Kind(&'static str),
    /// The folder contains something else, at this relative path.
    Contains(&'static str, PathBuf),
    /// It cannot be read.
    Unreadable(io::Error),
}

/// An open file or folder.
pub(crate) enum Opened {
    File(File),
    Folder(OwnedFd),
}

impl OpenError {
    /// Returns the message about `what`, where `expected` was expected.
    pub(crate) fn describe(&self, what: &str, expected: &str) -> String {
        match self {
            Self::Kind(kind) => format!("{what} is {kind}: expected {expected}"),
            Self::Contains(kind, path) => {
                let path = path.display().to_string();
                format!(
                    "{what} contains {kind}, `{}`: expected only regular files and folders",
                    path.escape_debug()
                )
            }
            Self::Unreadable(error) => format!("cannot read {what}: {error}"),
        }
    }
}

impl From<Errno> for OpenError {
    fn from(error: Errno) -> Self {
        Self::Unreadable(error.into())
    }
}

/// Opens the file or folder at a path below `root`. Returns `None` if it does not exist.
///
/// Only `root` itself may be reached through a link.
pub(crate) fn open(root: &Path, path: &Path) -> Result<Option<Opened>, OpenError> {
    let relative =
        path.strip_prefix(root).map_err(|_| OpenError::Unreadable(io::ErrorKind::InvalidInput.into()))?;
    let mut folder = openat(CWD, root, OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?;
    for name in relative.parent().into_iter().flat_map(Path::components) {
        match open_in(&folder, name.as_ref()) {
            Ok(Some(Opened::Folder(next))) => folder = next,
            Ok(None) => return Ok(None),
            Ok(Some(Opened::File(_))) | Err(OpenError::Kind(_)) => {
                return Err(OpenError::Kind("outside the folder of the step"));
            }
            Err(error) => return Err(error),
        }
    }
    relative.file_name().map_or(Ok(None), |name| open_in(&folder, name.as_ref()))
}

/// Opens a regular file at any path. The last part of the path is not followed if it is a link.
pub(crate) fn open_file(path: &Path) -> Result<Option<File>, OpenError> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return Ok(None) };
    match open(folder, &folder.join(name)) {
        Ok(Some(Opened::File(file))) => Ok(Some(file)),
        Ok(Some(Opened::Folder(_))) => Err(OpenError::Kind("a folder")),
        Ok(None) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Reads at most `limit` bytes of an open file.
pub(crate) fn read(file: File, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Checks that a folder contains only regular files and folders, at any depth.
pub(crate) fn check_folder(folder: &OwnedFd) -> Result<(), OpenError> {
    let mut folders = vec![PathBuf::new()];
    while let Some(path) = folders.pop() {
        let here = if path.as_os_str().is_empty() { Path::new(".") } else { &path };
        let flags = OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        for entry in Dir::new(openat(folder, here, flags, Mode::empty())?)? {
            let entry = entry?;
            let name = OsStr::from_bytes(entry.file_name().to_bytes());
            if name == "." || name == ".." {
                continue;
            }
            let path = path.join(name);
            let kind = match entry.file_type() {
                FileType::Unknown => {
                    FileType::from_raw_mode(statat(folder, &path, AtFlags::SYMLINK_NOFOLLOW)?.st_mode)
                }
                kind => kind,
            };
            match kind {
                FileType::Directory => folders.push(path),
                FileType::RegularFile => {}
                kind => return Err(OpenError::Contains(name_of(kind), path)),
            }
        }
    }
    Ok(())
}

fn open_in(folder: &OwnedFd, name: &Path) -> Result<Option<Opened>, OpenError> {
    let found = match statat(folder, name, AtFlags::SYMLINK_NOFOLLOW) {
        Err(Errno::NOENT) => return Ok(None),
        found => found?,
    };
    let kind = FileType::from_raw_mode(found.st_mode);
    if !matches!(kind, FileType::RegularFile | FileType::Directory) {
        return Err(OpenError::Kind(name_of(kind)));
    }
    // If the file is replaced in the meantime, it is not followed or waited for, and checked again once it is open.
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let opened = openat(folder, name, flags, Mode::empty())?;
    match FileType::from_raw_mode(fstat(&opened)?.st_mode) {
        FileType::RegularFile => Ok(Some(Opened::File(opened.into()))),
        FileType::Directory => Ok(Some(Opened::Folder(opened))),
        kind => Err(OpenError::Kind(name_of(kind))),
    }
}

fn name_of(kind: FileType) -> &'static str {
    match kind {
        FileType::RegularFile => "a regular file",
        FileType::Directory => "a folder",
        FileType::Symlink => "a symbolic link",
        FileType::Fifo => "a FIFO",
        FileType::Socket => "a socket",
        FileType::CharacterDevice | FileType::BlockDevice => "a device",
        FileType::Unknown => "of an unknown type",
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;
    use std::process::Command;

    use super::*;

    fn described(root: &Path, path: &str) -> String {
        match open(root, &root.join(path)) {
            Ok(Some(Opened::File(_))) => "file".to_owned(),
            Ok(Some(Opened::Folder(folder))) => match check_folder(&folder) {
                Ok(()) => "folder".to_owned(),
                Err(error) => error.describe("it", "a file"),
            },
            Ok(None) => "nothing".to_owned(),
            Err(error) => error.describe("it", "a file"),
        }
    }

    #[test]
    fn only_regular_files_and_folders_are_opened() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir_all(root.join("deep/er/folder")).unwrap();
        fs::create_dir_all(root.join("with/a/link")).unwrap();
        fs::write(root.join("deep/er/file"), "x").unwrap();
        assert!(Command::new("mkfifo").arg(root.join("pipe")).status().unwrap().success());
        let _socket = UnixListener::bind(root.join("socket")).unwrap();
        symlink("/dev/zero", root.join("zero")).unwrap();
        symlink("deep", root.join("linked")).unwrap();
        symlink("../a", root.join("with/a/link/up\n")).unwrap();
        for (path, expect) in [
            ("deep/er/file", "file"),
            ("deep", "folder"),
            ("none", "nothing"),
            ("deep/none/file", "nothing"),
            ("pipe", "it is a FIFO: expected a file"),
            ("socket", "it is a socket: expected a file"),
            ("zero", "it is a symbolic link: expected a file"),
            ("linked/er/file", "it is outside the folder of the step: expected a file"),
            ("deep/er/file/below", "it is outside the folder of the step: expected a file"),
            ("with", "it contains a symbolic link, `a/link/up\\n`: expected only regular files and folders"),
        ] {
            assert_eq!(described(root, path), expect, "{path}");
        }
    }

    #[test]
    fn an_endless_file_is_read_up_to_the_limit() {
        let file = File::open("/dev/zero").unwrap();
        assert_eq!(read(file, 10).unwrap().len(), 10);
    }
}
