//! Lines of Rust that reports show, for the locations that a document names.
//!
//! A document may come from anyone and may name any file. So a line is shown only of a Rust source (`*.rs`) of at most
//! 4 MiB that lies, after links were resolved, below the document's own root. That is the cargo workspace around the
//! document or pipeline binary, else its package, else its folder. For a document on standard input or from a revision
//! it is the same of the working folder, and also for a binary that lies in no package.

use std::cell::OnceCell;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use kfp_diag::World;

use super::open_below;

/// The most bytes of a source of which a line is shown.
const LIMIT: u64 = 4 * 1024 * 1024;
/// The most bytes of a `Cargo.toml` that are looked at.
const MANIFEST_LIMIT: u64 = 1024 * 1024;
const MANIFEST: &str = "Cargo.toml";

/// The sources that belong to a document.
#[derive(Debug)]
pub(crate) struct Excerpts {
    /// Where to look for a package, the first choice first.
    starts: Vec<PathBuf>,
    /// The folders that locations may be relative to, found when the first one is asked for.
    roots: OnceCell<Option<Roots>>,
}

/// The folders that locations may be relative to, without links.
#[derive(Debug)]
struct Roots {
    /// The folder that every source is below of.
    whole: PathBuf,
    /// The package in it, which is what rustc's paths start from where there is no workspace.
    package: PathBuf,
}

impl Excerpts {
    /// The sources of a document in a file.
    pub(crate) fn of_document(file: &Path) -> Self {
        Self::at(vec![folder_of(file)])
    }

    /// The sources of a pipeline binary.
    pub(crate) fn of_binary(binary: &Path) -> Self {
        Self::at(vec![folder_of(binary), PathBuf::from(".")])
    }

    /// The sources of a document that is in no file.
    pub(crate) fn of_working_folder() -> Self {
        Self::at(vec![PathBuf::from(".")])
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

impl World for Excerpts {
    fn source(&self, path: &str) -> Option<String> {
        let Roots { whole, package } = self.roots()?;
        let read = |folder: &PathBuf| {
            let (resolved, file) = open_below(whole, &folder.join(path)).ok()?;
            if resolved.extension()? != "rs" || file.metadata().ok()?.len() > LIMIT {
                return None;
            }
            let mut text = String::new();
            file.take(LIMIT).read_to_string(&mut text).ok()?;
            Some(text)
        };
        [whole, package].into_iter().find_map(read)
    }
}

/// The workspace and package that the folder is in.
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

/// The text of the folder's own `Cargo.toml`.
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
    fn sources_of_the_workspace_are_shown_and_nothing_else() {
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
