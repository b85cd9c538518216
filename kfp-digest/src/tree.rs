//! Digests of files and folders.

use std::fs::{self, File, Metadata};
use std::io::{self, Read as _};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

use sha2::{Digest as _, Sha256};

use crate::{hex, sha256_hex};

/// Bytes that are read at once.
const CHUNK: usize = 128 * 1024;

/// What the text starts with that stands for a folder, so that no file has the digest of a folder by accident.
const START: &[u8] = b"kfp-tree\0";

/// Returns the digest of a file or folder, as 64 hex digits.
///
/// That of a file which is not executable is the SHA-256 of its bytes. That of a folder is the SHA-256 of a list of
/// everything below it, sorted by path: kind, content and path. Times, owners and permissions do not count, except
/// for whether a file is executable. Links are followed; one that leads nowhere, or to a folder around it, counts
/// by its text.
///
/// # Errors
/// A file cannot be read, or there is something other than files, folders and links.
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
    hash.update(START);
    for Entry { path, kind, content } in &walk.entries {
        hash.update([*kind, b' ']);
        hash.update(content);
        hash.update(b" ");
        hash.update(path);
        hash.update(b"\0");
    }
    Ok(hex(&hash.finalize()))
}

/// Returns the SHA-256 of what is left to read in the file, as 64 hex digits.
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

/// Something in a folder.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    /// The names that lead to it, joined by `/`; empty for what the walk started with.
    path: Vec<u8>,
    /// `f` for a file, `x` for an executable one, `d` for a folder, `l` for a link that is not followed.
    kind: u8,
    /// The digest of a file or of the text of a link.
    content: String,
}

#[derive(Default)]
struct Walk {
    entries: Vec<Entry>,
    /// Device and inode of the folders around the current one, which links may lead back to.
    around: Vec<(u64, u64)>,
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
        self.around.push((metadata.dev(), metadata.ino()));
        for entry in fs::read_dir(path)? {
            let entry = entry?;
            let mut inner = name.to_owned();
            if !inner.is_empty() {
                inner.push(b'/');
            }
            inner.extend_from_slice(entry.file_name().as_bytes());
            let path = entry.path();
            if entry.file_type()?.is_symlink() && !self.leads_on(&path) {
                let content = sha256_hex(fs::read_link(&path)?.as_os_str().as_bytes());
                self.entries.push(Entry { path: inner, kind: b'l', content });
                continue;
            }
            self.visit(&path, &fs::metadata(&path)?, inner)?;
        }
        self.around.pop();
        Ok(())
    }

    /// Whether a link leads to something that the walk is not in already.
    fn leads_on(&self, link: &Path) -> bool {
        fs::metadata(link).is_ok_and(|target| !self.around.contains(&(target.dev(), target.ino())))
    }
}

/// Opens an ordinary file: one that was replaced by something else meanwhile is refused.
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
    fn what_a_reader_can_see_counts_and_nothing_else() {
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
    fn links_that_lead_back_or_nowhere_end() {
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
    fn what_is_neither_file_nor_folder_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("socket");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        for path in [folder.path(), socket.as_path()] {
            assert!(of_path(path).unwrap_err().to_string().contains("neither a file nor a folder"));
        }
    }
}
