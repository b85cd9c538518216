//! Finds the Python modules that a component lists in `modules`: files, and folders with all modules in them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use syn::LitStr;

use crate::problems::Problems;

/// The maximum number of modules in a folder.
const FILES: usize = 256;
/// The maximum total size of the modules of a component, in bytes.
const BYTES: u64 = 1024 * 1024;

/// A Python module.
pub(super) struct Module {
    /// The path relative to the folder of the source, which imports depend on.
    pub(super) path: String,
    /// The path relative to the root of the crate.
    pub(super) file: String,
}

/// Returns the listed modules, sorted by path. `source` is the path of the Python file or notebook, relative to the root
/// of the crate.
pub(super) fn find(source: &str, listed: &[LitStr], problems: &mut Problems) -> Vec<Module> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let folder = source.rsplit_once('/').map_or("", |(folder, _)| folder);
    let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let mut found = BTreeMap::new();
    for literal in listed {
        match modules(&root.join(&folder), &literal.value()) {
            Ok(paths) => found.extend(paths.into_iter().map(|path| (path, literal))),
            Err(message) => problems.at(literal, message),
        }
    }
    let size =
        |path: &String| fs::metadata(root.join(&folder).join(path)).map_or(0, |metadata| metadata.len());
    let total: u64 = found.keys().map(size).sum();
    if let Some(first) = listed.first().filter(|_| total > BYTES) {
        let message = format!("the modules have {total} bytes, more than the limit of {BYTES}");
        problems.at(first, format!("{message}: list only files that the step imports"));
        return Vec::new();
    }
    found.into_keys().map(|path| Module { file: format!("{folder}{path}"), path }).collect()
}

/// Returns the paths of the listed file, or of all modules in the listed folder.
fn modules(folder: &Path, listed: &str) -> Result<Vec<String>, String> {
    let path = listed.strip_suffix('/').unwrap_or(listed);
    let is_file = path.ends_with(".py");
    if !path.strip_suffix(".py").unwrap_or(path).split('/').all(is_name) {
        return Err(format!(
            "invalid module `{listed}`: expected a file such as `helpers.py` or a folder such as `lib/`, relative to \
             the folder of the source"
        ));
    }
    let whole = folder.join(path);
    let unreadable = |error: &io::Error| {
        format!("cannot read `{listed}`: {error}; the path is relative to the folder of the source")
    };
    if is_file {
        // The compiler cannot include what is not a string.
        fs::read_to_string(&whole).map_err(|error| unreadable(&error))?;
        return Ok(vec![path.to_owned()]);
    }
    let mut found = Vec::new();
    visit(&whole, path, &mut found).map_err(|error| unreadable(&error))?;
    match found.len() {
        0 => Err(format!("there are no Python modules in `{listed}`")),
        1..=FILES => Ok(found),
        count => Err(format!("there are {count} or more modules in `{listed}`, and the limit is {FILES}")),
    }
}

/// Adds the modules in the folder and below it. Links to folders are not followed, and files that Python cannot import
/// because of their name are ignored.
fn visit(folder: &Path, path: &str, found: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let Some(name) = name.to_str() else { continue };
        let below = format!("{path}/{name}");
        if entry.file_type()?.is_dir() {
            if is_name(name) {
                visit(&entry.path(), &below, found)?;
            }
        } else if name.strip_suffix(".py").is_some_and(is_name) && entry.path().is_file() {
            found.push(below);
        }
        if found.len() > FILES {
            break;
        }
    }
    Ok(())
}

/// Whether the name can be imported: an identifier of ASCII characters.
fn is_name(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '_';
    !name.is_empty() && name.chars().all(allowed) && !name.starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_folders_are_found() {
        let root = tempfile::tempdir().unwrap();
        for name in [
            "helpers.py",
            "lib/b.py",
            "lib/a/c.py",
            "lib/a/__init__.py",
            "lib/notes.txt",
            "lib/not-a-module.py",
            "lib/.hidden/d.py",
            "lib/__pycache__/e.pyc",
            "empty/notes.txt",
        ] {
            let path = root.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let found = |listed: &str| {
            modules(root.path(), listed).map(|mut paths| {
                paths.sort();
                paths
            })
        };
        let all = ["lib/a/__init__.py", "lib/a/c.py", "lib/b.py"].map(ToOwned::to_owned).to_vec();
        assert_eq!(found("helpers.py"), Ok(vec!["helpers.py".to_owned()]));
        assert_eq!(found("lib/b.py"), Ok(vec!["lib/b.py".to_owned()]));
        assert_eq!(found("lib/"), Ok(all.clone()));
        assert_eq!(found("lib"), Ok(all));
        for (listed, message) in [
            ("helper.py", "cannot read `helper.py`: No such file or directory (os error 2)"),
            ("lib/c/", "cannot read `lib/c/`: No such file or directory (os error 2)"),
            ("empty/", "there are no Python modules in `empty/`"),
            ("", "invalid module ``"),
            (".", "invalid module `.`"),
            ("../a.py", "invalid module `../a.py`"),
            ("/lib/", "invalid module `/lib/`"),
            ("my-lib/", "invalid module `my-lib/`"),
            ("helpers.txt", "invalid module `helpers.txt`"),
        ] {
            let error = found(listed).unwrap_err();
            assert!(error.starts_with(message), "{error}");
        }
    }

    #[test]
    fn the_number_of_modules_in_a_folder_is_limited() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("lib")).unwrap();
        for idx in 0..=FILES {
            fs::write(root.path().join(format!("lib/m{idx}.py")), "").unwrap();
        }
        let error = modules(root.path(), "lib/").unwrap_err();
        assert_eq!(error, "there are 257 or more modules in `lib/`, and the limit is 256");
    }
}
