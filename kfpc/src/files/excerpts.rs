//! Lines of source files in reports, for the locations in a document.
//!
//! A document may come from anyone and may refer to any file. So lines are shown only of Rust sources (`*.rs`) and of the
//! document's own notebooks (`*.ipynb`), of at most 4 MiB, that are, after links are resolved, below the root of the
//! document. The root is the cargo workspace around the
//! document or pipeline binary, else its package, else its folder. For a document on standard input or from a revision,
//! and for a binary outside a package, it is that of the working folder.

use std::cell::OnceCell;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use kfp_diag::World;

use super::open_below;

/// The maximum size in bytes of a source whose lines are shown.
const LIMIT: u64 = 4 * 1024 * 1024;
/// The maximum number of bytes that are read of a `Cargo.toml`.
const MANIFEST_LIMIT: u64 = 1024 * 1024;
const MANIFEST: &str = "Cargo.toml";

/// The sources of a document.
#[derive(Debug)]
pub(crate) struct Excerpts {
    /// The folders to search for a package, in order of preference.
    starts: Vec<PathBuf>,
    /// The folders that locations may be relative to, found when the first location is resolved.
    roots: OnceCell<Option<Roots>>,
}

/// The folders that locations may be relative to, with links resolved.
#[derive(Debug)]
struct Roots {
    /// The folder that contains all sources.
    whole: PathBuf,
    /// The package in it, which is where rustc's paths start if there is no workspace.
    package: PathBuf,
}

impl Excerpts {
    /// Returns the sources of a document in a file.
    pub(crate) fn of_document(file: &Path) -> Self {
        Self::at(vec![folder_of(file)])
    }

    /// Returns the sources of a pipeline binary.
    pub(crate) fn of_binary(binary: &Path) -> Self {
        Self::at(vec![folder_of(binary), PathBuf::from(".")])
    }

    /// Returns the sources of a document that is not in a file.
    pub(crate) fn of_working_folder() -> Self {
        Self::at(vec![PathBuf::from(".")])
    }

    /// Returns the sources of the package that contains the folder.
    pub(crate) fn of_folder(folder: &Path) -> Self {
        Self::at(vec![folder.to_owned()])
    }

    fn at(starts: Vec<PathBuf>) -> Self {
        Self { starts, roots: OnceCell::new() }
    }

    fn roots(&self) -> Option<&Roots> {
        let find = || {
            let starts: Vec<PathBuf> =
                self.starts.iter().filter_map(|start| start.canonicalize().ok()).collect();
            let folder =
                || starts.first().map(|start| Roots { whole: start.clone(), package: start.clone() });
            starts.iter().find_map(|start| project(start)).or_else(folder)
        };
        self.roots.get_or_init(find).as_ref()
    }
}

impl Excerpts {
    /// Returns the text of the file, if it has the extension and is below the root.
    pub(crate) fn text(&self, path: &str, extension: &str) -> Option<String> {
        let (resolved, file) = self.open(path)?;
        if resolved.extension()? != extension || file.metadata().ok()?.len() > LIMIT {
            return None;
        }
        let mut text = String::new();
        file.take(LIMIT).read_to_string(&mut text).ok()?;
        Some(text)
    }

    /// Whether the path is a regular file below the root.
    pub(crate) fn is_file(&self, path: &str) -> bool {
        self.open(path).is_some()
    }

    /// Returns the path of a file of a crate in the form of locations, if the file exists below the root. `file` is
    /// relative to the root of the crate, and `near` is the path of a Rust source of the crate in the form of locations.
    pub(crate) fn path_in_crate(&self, near: Option<&str>, file: &str) -> Option<String> {
        let mut folders = near.into_iter().flat_map(|near| Path::new(near).ancestors().skip(1));
        let has_manifest =
            |folder: &&Path| folder.join(MANIFEST).to_str().is_some_and(|path| self.is_file(path));
        let root = folders.find(has_manifest).unwrap_or(Path::new(""));
        root.join(file).to_str().filter(|path| self.is_file(path)).map(str::to_owned)
    }

    fn open(&self, path: &str) -> Option<(PathBuf, File)> {
        let Roots { whole, package } = self.roots()?;
        [whole, package].into_iter().find_map(|folder| open_below(whole, &folder.join(path)).ok())
    }
}

impl World for Excerpts {
    fn source(&self, path: &str) -> Option<String> {
        self.text(path, "rs")
    }
}

/// Finds the workspace and the package that contain the folder.
fn project(folder: &Path) -> Option<Roots> {
    let mut packages = folder.ancestors().filter_map(|folder| Some((folder, manifest(folder)?)));
    let (package, text) = packages.next()?;
    let is_workspace = |text: &str| text.lines().any(|line| line.trim_start().starts_with("[workspace"));
    let whole = if is_workspace(&text) {
        package
    } else {
        packages.find(|(_, text)| is_workspace(text)).map_or(package, |(folder, _)| folder)
    };
    Some(Roots { whole: whole.to_owned(), package: package.to_owned() })
}

/// Reads the `Cargo.toml` in the folder.
fn manifest(folder: &Path) -> Option<String> {
    let (_, file) = open_below(folder, &folder.join(MANIFEST)).ok()?;
    let mut text = String::new();
    file.take(MANIFEST_LIMIT).read_to_string(&mut text).ok()?;
    Some(text)
}

fn folder_of(file: &Path) -> PathBuf {
    match file.parent() {
        Some(parent) if parent != Path::new("") => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn only_sources_of_the_workspace_are_shown() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path().canonicalize().unwrap();
        for (name, text) in [
            ("outside.rs", "outside"),
            ("w/Cargo.toml", "[workspace]\n"),
            ("w/p/Cargo.toml", "[package]\n"),
            ("w/p/src/main.rs", "main"),
            ("w/q/lib.rs", "lib"),
            ("w/secret.txt", "secret"),
            ("w/large.rs", &" ".repeat(usize::try_from(LIMIT).unwrap() + 1)),
        ] {
            let path = root.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        symlink("../outside.rs", root.join("w/link.rs")).unwrap();
        symlink("secret.txt", root.join("w/secret.rs")).unwrap();
        let excerpts = Excerpts::of_document(&root.join("w/p/target/document.json"));
        assert_eq!(excerpts.source("q/lib.rs"), None, "the folder of the document does not exist");
        let excerpts = Excerpts::of_document(&root.join("w/p/document.json"));
        let absolute = root.join("w/q/lib.rs");
        for (path, expect) in [
            ("p/src/main.rs", Some("main")),
            ("src/main.rs", Some("main")),
            ("q/lib.rs", Some("lib")),
            (absolute.to_str().unwrap(), Some("lib")),
            ("../outside.rs", None),
            ("link.rs", None),
            ("secret.txt", None),
            ("secret.rs", None),
            ("large.rs", None),
            ("p/src", None),
            ("/etc/passwd", None),
            ("", None),
        ] {
            assert_eq!(excerpts.source(path).as_deref(), expect, "{path}");
        }
    }

    #[test]
    fn without_a_package_the_folder_of_the_document_is_the_root() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("documents")).unwrap();
        fs::write(root.path().join("documents/a.rs"), "a").unwrap();
        fs::write(root.path().join("b.rs"), "b").unwrap();
        let excerpts = Excerpts::of_document(&root.path().join("documents/d.json"));
        assert_eq!(excerpts.source("a.rs").as_deref(), Some("a"));
        assert_eq!(excerpts.source("../b.rs"), None);
        assert_eq!(excerpts.source("b.rs"), None);
    }
}
