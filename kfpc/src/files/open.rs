//! Opening files that a folder or document refers to.

use std::fmt;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileTypeExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;

/// Why a file is not read.
#[derive(Debug)]
pub(crate) enum Unread {
    /// It is not a regular file but the given kind of file.
    NotAFile(&'static str),
    /// It is a link to a file that does not exist.
    Dangling,
    /// It is a link to itself, directly or through other links.
    Loop,
    /// It is a link to a file outside the folder.
    Outside,
    /// The operating system reported an error.
    Failed(io::Error),
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAFile(kind) => write!(f, "it is {kind}, not a regular file"),
            Self::Dangling => f.write_str("it is a link to a file that does not exist"),
            Self::Loop => f.write_str("it is a link that leads back to itself"),
            Self::Outside => f.write_str("it is a link to a file outside the folder"),
            Self::Failed(error) => error.fmt(f),
        }
    }
}

impl Unread {
    fn of(error: io::Error) -> Self {
        match Errno::from_io_error(&error) {
            Some(Errno::LOOP) => Self::Loop,
            _ if error.kind() == io::ErrorKind::NotFound => Self::Dangling,
            _ => Self::Failed(error),
        }
    }
}

/// Opens a regular file below the folder, whose path must not contain links. Links to files below the folder are followed.
///
/// The resolved path is opened folder by folder without following links, so that concurrent changes cannot lead out of the
/// folder. Pipes and devices are never opened, as that may block or have side effects.
pub(crate) fn open_below(folder: &Path, path: &Path) -> Result<(PathBuf, File), Unread> {
    let resolved = path.canonicalize().map_err(Unread::of)?;
    let below = resolved.strip_prefix(folder).map_err(|_| Unread::Outside)?;
    regular(&fs::symlink_metadata(&resolved).map_err(Unread::of)?)?;
    let way = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW;
    let failed = |errno: Errno| Unread::Failed(errno.into());
    let mut handle = rustix::fs::open(folder, way | OFlags::DIRECTORY, Mode::empty()).map_err(failed)?;
    let mut parts = below.iter().peekable();
    while let Some(part) = parts.next() {
        let kind = if parts.peek().is_some() { OFlags::DIRECTORY } else { OFlags::NONBLOCK | OFlags::NOCTTY };
        handle = rustix::fs::openat(&handle, part, way | kind, Mode::empty()).map_err(failed)?;
    }
    let file = File::from(handle);
    regular(&file.metadata().map_err(Unread::Failed)?)?;
    Ok((resolved, file))
}

/// Refuses everything but regular files.
pub(super) fn regular(metadata: &fs::Metadata) -> Result<(), Unread> {
    let kind = metadata.file_type();
    let what = match () {
        () if kind.is_file() => return Ok(()),
        () if kind.is_dir() => "a folder",
        () if kind.is_fifo() => "a pipe",
        () if kind.is_socket() => "a socket",
        () => "a device",
    };
    Err(Unread::NotAFile(what))
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn links_are_followed_inside_of_the_folder_only() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path().canonicalize().unwrap();
        let folder = root.join("inside");
        fs::create_dir_all(folder.join("deep")).unwrap();
        fs::write(folder.join("deep/a"), "a").unwrap();
        fs::write(root.join("b"), "b").unwrap();
        for (target, name) in [
            ("deep/a", "here"),
            ("../b", "there"),
            ("nowhere", "dangling"),
            ("loop", "loop"),
            ("/dev/null", "device"),
            ("..", "up"),
        ] {
            symlink(target, folder.join(name)).unwrap();
        }
        let mut text = String::new();
        let (resolved, mut file) = open_below(&folder, &folder.join("here")).unwrap();
        file.read_to_string(&mut text).unwrap();
        assert_eq!((text.as_str(), resolved), ("a", folder.join("deep/a")));
        for (name, why) in [
            ("there", "it is a link to a file outside the folder"),
            ("up/b", "it is a link to a file outside the folder"),
            ("device", "it is a link to a file outside the folder"),
            ("dangling", "it is a link to a file that does not exist"),
            ("loop", "it is a link that leads back to itself"),
            ("deep", "it is a folder, not a regular file"),
        ] {
            let unread = open_below(&folder, &folder.join(name)).unwrap_err();
            assert_eq!(unread.to_string(), why, "{name}");
        }
    }
}
