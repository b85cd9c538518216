//! Digests of files and folders.

use std::fs::{self, File, Metadata};
use std::io::{self, Read as _};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};

use sha2::{Digest as _, Sha256};

use crate::{Limit, hex, sha256_hex};

/// The size of a read, in bytes.
const CHUNK: usize = 128 * 1024;

/// The prefix of the text that is hashed for a folder, so that a file cannot accidentally have the digest of a folder.
const FOLDER_PREFIX: &[u8] = b"kfp-tree\0";

/// Returns the digest of a file or folder, as 64 hex digits.
///
/// The digest of a file that is not executable is the SHA-256 of its content. The digest of a folder is the SHA-256 of
/// a list of all its entries, sorted by path: kind, content and path. Times, owners and permissions do not count,
/// except the executable bit. Symbolic links are followed; a dangling link, or a link to an enclosing folder, counts by
/// its target path.
///
/// # Errors
/// A file cannot be read, or there is an entry other than a file, folder or symbolic link.
///
/// ```
/// let folder = tempfile::tempdir()?;
/// let file = folder.path().join("rows.csv");
/// std::fs::write(&file, "a,b\n")?;
/// assert_eq!(kfp_digest::of_path(&file)?, kfp_digest::sha256_hex(b"a,b\n"));
/// assert_ne!(kfp_digest::of_path(folder.path())?, kfp_digest::of_path(&file)?);
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn of_path(path: &Path) -> io::Result<String> {
    of_path_until(path, &AtomicBool::new(false))
}

/// Returns the digest of a file or folder like [`of_path`], until another thread sets `stop`.
///
/// # Errors
/// As for [`of_path`], or `stop` was set before everything was read.
pub fn of_path_until(path: &Path, stop: &AtomicBool) -> io::Result<String> {
    Tree::walk(path, Limit { bytes: u64::MAX, entries: usize::MAX })?.digest(stop)
}

/// Returns the digest of a file or folder like [`of_path`], or `None` if it exceeds the limit. In that case, no file is
/// read.
///
/// # Errors
/// As for [`of_path`].
///
/// ```
/// use kfp_digest::{Limit, of_path_within};
/// let folder = tempfile::tempdir()?;
/// std::fs::write(folder.path().join("rows.csv"), "a,b\n")?;
/// assert!(of_path_within(folder.path(), Limit::of_bytes(4))?.is_some());
/// assert_eq!(of_path_within(folder.path(), Limit::of_bytes(3))?, None);
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn of_path_within(path: &Path, limit: Limit) -> io::Result<Option<String>> {
    if limit.bytes == 0 {
        return Ok(None);
    }
    let tree = Tree::walk(path, limit)?;
    if tree.exceeds_limit() { Ok(None) } else { tree.digest(&AtomicBool::new(false)).map(Some) }
}

/// Returns the SHA-256 of the rest of the file, from its current position, as 64 hex digits.
///
/// # Errors
/// The file cannot be read.
pub fn of_file(file: &mut File) -> io::Result<String> {
    of_file_until(file, &AtomicBool::new(false))
}

fn of_file_until(file: &mut File, stop: &AtomicBool) -> io::Result<String> {
    let mut hash = Sha256::new();
    let mut chunk = vec![0; CHUNK];
    loop {
        if stop.load(Ordering::Relaxed) {
            return Err(io::Error::other("stopped"));
        }
        match file.read(&mut chunk) {
            Ok(0) => return Ok(hex(&hash.finalize())),
            Ok(length) => hash.update(&chunk[..length]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// The entries of a file or folder, whose content has not been read.
struct Tree {
    entries: Vec<Entry>,
    /// The total size of the files in bytes.
    size: u64,
    limit: Limit,
    /// The number of entries in the folders that have been visited.
    found: usize,
}

/// A file or folder that has not been visited.
struct Found {
    path: PathBuf,
    /// The path below the root of the walk.
    name: Vec<u8>,
    metadata: Metadata,
    /// Device and inode of the folders around it, to detect cycles of links.
    around: Rc<[(u64, u64)]>,
}

/// An entry of a folder.
struct Entry {
    /// The path below the root of the walk; empty for the root itself.
    path: Vec<u8>,
    /// `f` for a file, `x` for an executable file, `d` for a folder, `l` for a link that is not followed.
    kind: u8,
    content: Content,
}

/// What the digest of an entry covers besides its path and kind.
enum Content {
    /// The content of the file at this path.
    File(PathBuf),
    /// The path that a link refers to.
    Target(PathBuf),
    /// Nothing, for a folder.
    None,
}

impl Content {
    fn digest(&self, stop: &AtomicBool) -> io::Result<String> {
        match self {
            Self::File(path) => of_file_until(&mut open(path)?, stop),
            Self::Target(path) => Ok(sha256_hex(path.as_os_str().as_bytes())),
            Self::None => Ok(String::new()),
        }
    }
}

impl Tree {
    /// Finds the entries, and stops when they exceed the limit.
    fn walk(path: &Path, limit: Limit) -> io::Result<Self> {
        let mut tree = Self { entries: Vec::new(), size: 0, limit, found: 0 };
        let root = Found {
            path: path.to_owned(),
            name: Vec::new(),
            metadata: fs::metadata(path)?,
            around: Rc::new([]),
        };
        // Not recursive, because folders can be nested more deeply than the stack of a thread allows.
        let mut waiting = vec![root];
        while let Some(found) = waiting.pop().filter(|_| !tree.exceeds_limit()) {
            tree.visit(found, &mut waiting)?;
        }
        Ok(tree)
    }

    fn exceeds_limit(&self) -> bool {
        self.size > self.limit.bytes || self.found > self.limit.entries
    }

    /// Reads the files and returns the digest.
    fn digest(mut self, stop: &AtomicBool) -> io::Result<String> {
        if let [Entry { path, kind: b'f', content }] = self.entries.as_slice()
            && path.is_empty()
        {
            return content.digest(stop);
        }
        self.entries.sort_unstable_by(|left, right| left.path.cmp(&right.path));
        let mut hash = Sha256::new();
        hash.update(FOLDER_PREFIX);
        for Entry { path, kind, content } in &self.entries {
            hash.update([*kind, b' ']);
            hash.update(content.digest(stop)?);
            hash.update(b" ");
            hash.update(path);
            hash.update(b"\0");
        }
        Ok(hex(&hash.finalize()))
    }

    /// Adds an entry, or adds the entries of a folder to those that wait.
    fn visit(&mut self, found: Found, waiting: &mut Vec<Found>) -> io::Result<()> {
        let Found { path, name, metadata, around } = found;
        if metadata.is_dir() {
            self.folder(&path, &name, &metadata, &around, waiting)?;
            if !name.is_empty() {
                self.entries.push(Entry { path: name, kind: b'd', content: Content::None });
            }
            return Ok(());
        }
        if !metadata.is_file() {
            let message = format!("`{}` is neither a file nor a folder", path.display());
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        let kind = if is_executable(&metadata) { b'x' } else { b'f' };
        self.size = self.size.saturating_add(metadata.len());
        self.entries.push(Entry { path: name, kind, content: Content::File(path) });
        Ok(())
    }

    fn folder(
        &mut self,
        path: &Path,
        name: &[u8],
        metadata: &Metadata,
        around: &[(u64, u64)],
        waiting: &mut Vec<Found>,
    ) -> io::Result<()> {
        let around: Rc<[_]> = around.iter().copied().chain([(metadata.dev(), metadata.ino())]).collect();
        for entry in fs::read_dir(path)? {
            if self.exceeds_limit() {
                break;
            }
            let entry = entry?;
            let mut inner = name.to_owned();
            if !inner.is_empty() {
                inner.push(b'/');
            }
            inner.extend_from_slice(entry.file_name().as_bytes());
            let path = entry.path();
            self.found += 1;
            if entry.file_type()?.is_symlink() && !is_followed(&path, &around) {
                let content = Content::Target(fs::read_link(&path)?);
                self.entries.push(Entry { path: inner, kind: b'l', content });
                continue;
            }
            let metadata = fs::metadata(&path)?;
            waiting.push(Found { path, name: inner, metadata, around: around.clone() });
        }
        Ok(())
    }
}

/// Returns whether the target of a link exists and is not one of the folders around the link.
fn is_followed(link: &Path, around: &[(u64, u64)]) -> bool {
    fs::metadata(link).is_ok_and(|target| !around.contains(&(target.dev(), target.ino())))
}

/// Opens a regular file. Fails if it was replaced by something else in the meantime.
fn open(path: &Path) -> io::Result<File> {
    let file = File::open(path)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(io::ErrorKind::InvalidInput.into()) }
}

fn is_executable(metadata: &Metadata) -> bool {
    metadata.permissions().mode() & 0o111 != 0
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn write(root: &Path, name: &str, text: &str) {
        let path = root.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [("b/c", "1"), ("b-/c", "2"), ("a", "3")] {
            write(folder.path(), name, text);
        }
        folder
    }

    #[test]
    fn only_readable_properties_count() {
        type Change = Box<dyn Fn(&Path)>;
        let expect = of_path(folder().path()).unwrap();
        let chmod = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        let changes: [(&str, bool, Change); 9] = [
            ("nothing", true, Box::new(|_| ())),
            ("permissions", true, Box::new(move |root| chmod(&root.join("a"), 0o400))),
            ("executable", false, Box::new(move |root| chmod(&root.join("a"), 0o755))),
            ("content", false, Box::new(|root| write(root, "a", "4"))),
            ("moved", false, Box::new(|root| fs::rename(root.join("a"), root.join("z")).unwrap())),
            ("another file", false, Box::new(|root| write(root, "d", ""))),
            ("an empty folder", false, Box::new(|root| fs::create_dir(root.join("d")).unwrap())),
            ("a removed file", false, Box::new(|root| fs::remove_file(root.join("a")).unwrap())),
            (
                "a link to the same content",
                true,
                Box::new(|root| {
                    fs::remove_file(root.join("b/c")).unwrap();
                    write(&root.join("../"), "elsewhere-of-kfp-digest", "1");
                    symlink(root.join("../elsewhere-of-kfp-digest"), root.join("b/c")).unwrap();
                }),
            ),
        ];
        for (name, same, change) in changes {
            let outer = tempfile::tempdir().unwrap();
            let root = outer.path().join("root");
            fs::rename(folder().keep(), &root).unwrap();
            change(&root);
            assert_eq!(of_path(&root).unwrap() == expect, same, "{name}");
        }
    }

    #[test]
    fn cyclic_and_dangling_links_are_not_followed() {
        let folder = folder();
        let before = of_path(folder.path()).unwrap();
        symlink("..", folder.path().join("b/up")).unwrap();
        symlink("up", folder.path().join("b/up-again")).unwrap();
        symlink("nowhere", folder.path().join("b/none")).unwrap();
        assert_ne!(of_path(folder.path()).unwrap(), before);
        assert!(of_path(&folder.path().join("b/none")).is_err());
    }

    #[test]
    fn an_empty_folder_is_not_an_empty_file() {
        let folder = tempfile::tempdir().unwrap();
        assert_ne!(of_path(folder.path()).unwrap(), sha256_hex(b""));
    }

    #[test]
    fn limits_cover_bytes_and_entries() {
        let folder = folder();
        let whole = of_path(folder.path()).unwrap();
        // Three files of one byte in two folders.
        for (bytes, entries, is_within) in
            [(3, 5, true), (2, 5, false), (3, 4, false), (0, 5, false), (u64::MAX, usize::MAX, true)]
        {
            let digest = of_path_within(folder.path(), Limit { bytes, entries }).unwrap();
            assert_eq!(digest, is_within.then(|| whole.clone()), "{bytes} {entries}");
        }
        let file = folder.path().join("a");
        for (bytes, is_within) in [(1, true), (0, false)] {
            let digest = of_path_within(&file, Limit::of_bytes(bytes)).unwrap();
            assert_eq!(digest, is_within.then(|| sha256_hex(b"3")), "{bytes}");
        }
        fs::write(folder.path().join("empty"), "").unwrap();
        assert_eq!(of_path_within(&folder.path().join("empty"), Limit::of_bytes(0)).unwrap(), None);
    }

    #[test]
    fn files_above_the_limit_are_not_read() {
        let folder = tempfile::tempdir().unwrap();
        // A sparse file, which would take minutes to read.
        File::create(folder.path().join("sparse")).unwrap().set_len(1 << 40).unwrap();
        assert_eq!(of_path_within(folder.path(), Limit::default()).unwrap(), None);
    }

    #[test]
    fn special_files_are_rejected() {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("socket");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        for path in [folder.path(), socket.as_path()] {
            assert!(of_path(path).unwrap_err().to_string().contains("neither a file nor a folder"));
        }
    }
}
