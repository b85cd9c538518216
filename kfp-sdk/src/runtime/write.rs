//! Writes several files, all or none.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::{fs, process};

use super::error::{Error, Result};

/// A file and its content.
pub(super) struct OutputFile {
    pub(super) path: PathBuf,
    pub(super) text: String,
}

/// Writes all files, or none if one cannot be written.
///
/// Each file is written under a temporary name and then renamed, so that no partial file is ever read.
pub(super) fn write_all(files: &[OutputFile]) -> Result<()> {
    let mut written = Vec::new();
    let result = files.iter().try_for_each(|file| {
        let temporary = temporary(&file.path);
        written.push(temporary.clone());
        create_parent(&file.path)?;
        fs::write(&temporary, &file.text).map_err(|error| unwritable(&file.path, &error))
    });
    let result = result.and_then(|()| {
        files.iter().zip(&written).try_for_each(|(file, temporary)| {
            fs::rename(temporary, &file.path).map_err(|error| unwritable(&file.path, &error))
        })
    });
    if result.is_err() {
        for path in written.iter().chain(files.iter().map(|file| &file.path)) {
            remove(path);
        }
    }
    result
}

/// Removes a file or folder, if there is one.
pub(super) fn remove(path: &Path) {
    // Errors are ignored: the failure that led here is the one to report.
    let _ = match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
}

/// Creates the parent folder of a file or folder.
pub(super) fn create_parent(path: &Path) -> Result<()> {
    let Some(parent) = path.parent() else { return Ok(()) };
    fs::create_dir_all(parent).map_err(|error| unwritable(parent, &error))
}

fn temporary(path: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}.partial", process::id()));
    path.with_file_name(name)
}

/// Returns the error for a file or folder that cannot be written.
pub(super) fn unwritable(path: &Path, error: &std::io::Error) -> Error {
    Error::unknown(format!("cannot write `{}`: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_files_are_written_or_none() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| OutputFile { path: folder.path().join(name), text: name.to_owned() };
        write_all(&[file("a"), file("new/b")]).unwrap();
        assert_eq!(fs::read_to_string(folder.path().join("new/b")).unwrap(), "new/b");

        // `a` is already a file, so it cannot be a folder.
        let error = write_all(&[file("c"), file("a/d")]).unwrap_err();
        assert!(error.to_string().starts_with("cannot write"), "{error}");
        let mut names: Vec<_> =
            fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["a", "new"]);
    }
}
