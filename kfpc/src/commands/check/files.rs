//! Scanning a folder for documents and manifests.
//!
//! A scan reads regular files only, and executes nothing. Files that it cannot read are reported as [`Found::Unread`] and
//! do not end it.

use std::fs::{self, DirEntry, File};
use std::io::{self, Read as _};
use std::path::Path;

use kfp_diag::source::Rejected;
use kfp_diag::{Diagnostic, codes};
use kfp_model::Place;

use crate::files::{Excerpts, LIMIT, Unread, is_document_name, open_below, shown};
use crate::source::Text;

/// A result of a scan.
pub(super) enum Found {
    /// A file, with up to one byte more than readers accept.
    File(Text),
    /// A file that is not read, and the reason.
    Unread(Box<Rejected>),
}

/// Visits the YAML and JSON files in the folder and below it, in the order of their names. Hidden files are ignored, and
/// links to folders are not followed.
pub(super) fn visit(folder: &Path, show: &mut impl FnMut(Found)) {
    match folder.canonicalize() {
        Ok(root) => Scan { root: &root, show }.folder(folder),
        Err(error) => show(unreadable(folder, &error)),
    }
}

struct Scan<'a, S> {
    /// The scanned folder, with links resolved.
    root: &'a Path,
    show: &'a mut S,
}

impl<S: FnMut(Found)> Scan<'_, S> {
    fn folder(&mut self, folder: &Path) {
        let mut entries = Vec::new();
        match fs::read_dir(folder) {
            Ok(found) => {
                for entry in found {
                    match entry {
                        Ok(entry) => entries.push(entry),
                        Err(error) => (self.show)(unreadable(folder, &error)),
                    }
                }
            }
            Err(error) => (self.show)(unreadable(folder, &error)),
        }
        entries.sort_by_key(DirEntry::file_name);
        for entry in entries {
            if !entry.file_name().as_encoded_bytes().starts_with(b".") {
                self.entry(&entry);
            }
        }
    }

    fn entry(&mut self, entry: &DirEntry) {
        let path = entry.path();
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => self.folder(&path),
            Ok(kind) if kind.is_symlink() && path.is_dir() => self.linked_folder(&path),
            Ok(_) if is_document_name(&path) => self.file(&path),
            Ok(_) => {}
            Err(error) => (self.show)(unreadable(&path, &error)),
        }
    }

    /// Links to folders are ignored; those that form a cycle or have the extension of a document are reported.
    fn linked_folder(&mut self, path: &Path) {
        let is_loop = match (path.canonicalize(), path.parent().map(Path::canonicalize)) {
            (Ok(target), Some(Ok(parent))) => parent.starts_with(target),
            _ => false,
        };
        if is_loop || is_document_name(path) {
            let why = if is_loop { "a link to a folder that contains it" } else { "a link to a folder" };
            (self.show)(skipped(path, &format!("it is {why}")));
        }
    }

    fn file(&mut self, path: &Path) {
        // Annotations of code hosts require paths as in the repository.
        let shown_path = path.strip_prefix(".").unwrap_or(path);
        let found = match open_below(self.root, path) {
            Ok((_, file)) => match read(&file) {
                Ok(bytes) => Found::File(Text {
                    name: shown(shown_path),
                    bytes,
                    binary: None,
                    excerpts: Excerpts::of_document(path),
                }),
                Err(error) => unreadable(path, &error),
            },
            Err(Unread::Failed(error)) => unreadable(path, &error),
            Err(unread) => skipped(path, &unread.to_string()),
        };
        (self.show)(found);
    }
}

fn read(file: &File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(LIMIT).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Reports a file or folder that cannot be read as an error, as it may be a manifest.
fn unreadable(path: &Path, error: &io::Error) -> Found {
    let name = shown(path.strip_prefix(".").unwrap_or(path));
    let diagnostic = Diagnostic::error(codes::UNREADABLE, &Place::root(), format!("cannot read `{name}`"))
        .note(error.to_string())
        .help("make it readable, or check a folder that does not contain it");
    Found::Unread(Box::new(Rejected::unread(&name, diagnostic)))
}

/// Reports a manifest that exceeds the limit on the size of all files of a check.
pub(super) fn too_much(name: &str, most: u64) -> Rejected {
    let message = format!("cannot check `{name}` together with the files before it");
    let diagnostic = Diagnostic::error(codes::UNREADABLE, &Place::root(), message)
        .note(format!("a check reads up to {} MiB of documents and manifests", most >> 20))
        .help("check the folders in it one by one");
    Rejected::unread(name, diagnostic)
}

/// Reports a file that has the extension of a manifest and is skipped.
fn skipped(path: &Path, why: &str) -> Found {
    Found::Unread(Box::new(skip(&shown(path.strip_prefix(".").unwrap_or(path)), why)))
}

/// Returns the warning that a scan skips a file.
pub(super) fn skip(name: &str, why: &str) -> Rejected {
    let message = format!("skipped `{name}`: {why}");
    Rejected::unread(name, Diagnostic::warning(codes::SKIPPED, &Place::root(), message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_visited_in_the_order_of_their_names() {
        let root = tempfile::tempdir().unwrap();
        for name in ["b.yaml", "a/c.yml", "a/.hidden/d.yaml", ".e.yaml", "f.JSON", "g.txt"] {
            let path = root.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let mut names = Vec::new();
        visit(root.path(), &mut |found| match found {
            Found::File(text) => names.push(text.name),
            Found::Unread(rejected) => names.push(rejected.name),
        });
        let names: Vec<&Path> =
            names.iter().map(|name| Path::new(name).strip_prefix(root.path()).unwrap()).collect();
        assert_eq!(names, ["a/c.yml", "b.yaml", "f.JSON"].map(Path::new));
    }
}
