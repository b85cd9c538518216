//! The files of the repository.

use std::fs;
use std::path::{Path, PathBuf};

use crate::workspace;

/// Returns the files with one of the extensions, sorted, without hidden folders, `target` and those in `skipped`.
///
/// # Panics
/// A folder cannot be read, or there are no such files.
pub fn files(extensions: &[&str], skipped: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![workspace().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the folder can be read") {
            let path = entry.expect("the folder can be read").path();
            let name = path.file_name().and_then(|name| name.to_str()).expect("names are UTF-8");
            if path.is_dir() {
                if !name.starts_with('.') && name != "target" && !skipped.contains(&name) {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|own| extensions.iter().any(|extension| own == *extension))
            {
                found.push(path);
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "no files with the extensions {extensions:?}");
    found
}

/// Returns the path within the repository.
///
/// # Panics
/// The path is outside the repository.
pub fn relative(path: &Path) -> String {
    path.strip_prefix(workspace()).expect("the path is in the repository").display().to_string()
}
