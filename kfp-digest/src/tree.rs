//! Digests of files and folders.

use std::fs::{self, File, Metadata};
use std::io::{self, Read as _};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

use sha2::{Digest as _, Sha256};

use crate::{hex, sha256_hex};

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
    let metadata = fs::metadata(path)?;
    if metadata.is_file() && !is_executable(&metadata) {
        return of_file(&mut open(path)?);
    }
    let mut walk = Walk::default();
    walk.visit(path, &metadata, Vec::new())?;
    walk.entries.sort_unstable();
    let mut hash = Sha256::new();
    hash.update(FOLDER_PREFIX);
    for Entry { path, kind, content } in &walk.entries {
        hash.update([*kind, b' ']);
        hash.update(content);
        hash.update(b" ");
        hash.update(path);
        hash.update(b"\0");
    }
    Ok(hex(&hash.finalize()))
}

/// Returns the SHA-256 of the rest of the file, from its current position, as 64 hex digits.
///
/// # Errors
/// The file cannot be read.
pub fn of_file(file: &mut File) -> io::Result<String> {
    let mut hash = Sha256::new();
    let mut chunk = vec![0; CHUNK];
    loop {
        match file.read(&mut chunk) {
            Ok(0) => return Ok(hex(&hash.finalize())),
            Ok(length) => hash.update(&chunk[..length]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// An entry of a folder.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    /// The path below the root of the walk; empty for the root itself.
    path: Vec<u8>,
    /// `f` for a file, `x` for an executable file, `d` for a folder, `l` for a link that is not followed.
    kind: u8,
    /// The digest of the content of a file or of the target path of a link.
    content: String,
}

#[derive(Default)]
struct Walk {
    entries: Vec<Entry>,
    /// Device and inode of the current folder and the folders that contain it, to detect cycles of links.
    ancestors: Vec<(u64, u64)>,
}

impl Walk {
    fn visit(&mut self, path: &Path, metadata: &Metadata, name: Vec<u8>) -> io::Result<()> {
        if metadata.is_dir() {
            self.folder(path, metadata, &name)?;
            if !name.is_empty() {
                self.entries.push(Entry { path: name, kind: b'd', content: String::new() });
            }
            return Ok(());
        }
        if !metadata.is_file() {
            let message = format!("`{}` is neither a file nor a folder", path.display());
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        let kind = if is_executable(metadata) { b'x' } else { b'f' };
        let content = of_file(&mut open(path)?)?;
        self.entries.push(Entry { path: name, kind, content });
        Ok(())
    }

    fn folder(&mut self, path: &Path, metadata: &Metadata, name: &[u8]) -> io::Result<()> {
        self.ancestors.push((metadata.dev(), metadata.ino()));
        for entry in fs::read_dir(path)? {
            let entry = entry?;
            let mut inner = name.to_owned();
            if !inner.is_empty() {
                inner.push(b'/');
            }
            inner.extend_from_slice(entry.file_name().as_bytes());
            let path = entry.path();
            if entry.file_type()?.is_symlink() && !self.is_followed(&path) {
                let content = sha256_hex(fs::read_link(&path)?.as_os_str().as_bytes());
                self.entries.push(Entry { path: inner, kind: b'l', content });
                continue;
            }
            self.visit(&path, &fs::metadata(&path)?, inner)?;
        }
        self.ancestors.pop();
        Ok(())
    }

    /// Whether the target of a link exists and is not a folder that contains the link.
    fn is_followed(&self, link: &Path) -> bool {
        fs::metadata(link).is_ok_and(|target| !self.ancestors.contains(&(target.dev(), target.ino())))
    }
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
    fn special_files_are_rejected() {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("socket");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        for path in [folder.path(), socket.as_path()] {
            assert!(of_path(path).unwrap_err().to_string().contains("neither a file nor a folder"));
        }
    }
}
