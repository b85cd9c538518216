//! Input artifacts of a step.

use std::fs::File;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};
use std::{fmt, io};

use serde_json::{Map, Value as Json};

use super::artifact::ArtifactKind;
use super::error::{Error, Result};

/// An input artifact of a step: a file or folder with metadata.
pub struct Input<T: ArtifactKind> {
    path: PathBuf,
    entry: Map<String, Json>,
    kind: PhantomData<fn() -> T>,
}

impl<T: ArtifactKind> Input<T> {
    /// Returns the artifact at a path, for unit tests of steps.
    ///
    /// ```
    /// use kfp_sdk::prelude::*;
    /// let input = Input::<Dataset>::from_path("rows.csv");
    /// assert_eq!(input.path().to_str(), Some("rows.csv"));
    /// assert_eq!(input.uri(), "rows.csv");
    /// ```
    pub fn from_path(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let uri = Json::from(path.to_string_lossy().into_owned());
        Self::of(path, Map::from_iter([("uri".to_owned(), uri)]))
    }

    /// Returns the artifact whose value in transit is `entry`.
    pub(crate) fn of(path: PathBuf, entry: Map<String, Json>) -> Self {
        Self { path, entry, kind: PhantomData }
    }

    /// Returns the path of the file or folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads the file as a string. The error contains the path.
    ///
    /// ```
    /// use kfp_sdk::prelude::*;
    ///
    /// /// Count the rows of a table.
    /// #[component]
    /// fn count(table: Input<Dataset>) -> Result<i64> {
    ///     Ok(i64::try_from(table.read_to_string()?.lines().count())?)
    /// }
    /// ```
    ///
    /// # Errors
    /// The artifact is a folder, or not UTF-8, or cannot be read. The class is "unknown".
    pub fn read_to_string(&self) -> Result<String> {
        std::fs::read_to_string(&self.path).map_err(|error| unreadable(&self.path, &error))
    }

    /// Reads the file as bytes. The error contains the path.
    ///
    /// # Errors
    /// The artifact is a folder, or cannot be read. The class is "unknown".
    pub fn read(&self) -> Result<Vec<u8>> {
        std::fs::read(&self.path).map_err(|error| unreadable(&self.path, &error))
    }

    /// Opens the file for reading, for example in parts. The error contains the path.
    ///
    /// # Errors
    /// The file cannot be opened. The class is "unknown".
    pub fn open(&self) -> Result<File> {
        File::open(&self.path).map_err(|error| unreadable(&self.path, &error))
    }

    /// Returns the URI where the artifact is stored.
    pub fn uri(&self) -> &str {
        self.text("uri")
    }

    /// Returns the name of the artifact, which is set by the step that wrote it.
    pub fn name(&self) -> &str {
        self.text("name")
    }

    /// Returns a metadata value that the step that wrote the artifact has set.
    pub fn metadata(&self, name: &str) -> Option<&Json> {
        self.entry.get("metadata")?.get(name)
    }

    fn text(&self, key: &str) -> &str {
        self.entry.get(key).and_then(Json::as_str).unwrap_or_default()
    }
}

impl<T: ArtifactKind> AsRef<Path> for Input<T> {
    fn as_ref(&self) -> &Path {
        &self.path
    }
}

fn unreadable(path: &Path, error: &io::Error) -> Error {
    Error::unknown(format!("cannot read `{}`: {error}", path.display()))
}

impl<T: ArtifactKind> fmt::Debug for Input<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Input").field("path", &self.path).field("uri", &self.uri()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::runtime::{Dataset, Output};

    #[test]
    fn artifacts_are_written_and_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows");
        let (output, input) = (Output::<Dataset>::to_path(&path), Input::<Dataset>::from_path(&path));
        output.write("a\nb").unwrap();
        assert_eq!(input.read_to_string().unwrap(), "a\nb");
        assert_eq!(input.read().unwrap(), b"a\nb");
        assert_eq!(io::read_to_string(input.open().unwrap()).unwrap(), "a\nb");
        io::Write::write_all(&mut output.create().unwrap(), b"c").unwrap();
        assert_eq!(fs::read_to_string(&input).unwrap(), "c");
        fs::write(&output, "d").unwrap();
        assert_eq!(input.read_to_string().unwrap(), "d");
    }

    #[test]
    fn errors_contain_the_path() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("missing/rows");
        let (output, input) = (Output::<Dataset>::to_path(&path), Input::<Dataset>::from_path(&path));
        let shown = path.display().to_string();
        let read = [input.read_to_string().err(), input.read().err(), input.open().err()];
        for error in read.map(Option::unwrap) {
            assert!(error.to_string().starts_with(&format!("cannot read `{shown}`: ")), "{error}");
        }
        for error in [output.write("a").err(), output.create().err()].map(Option::unwrap) {
            assert!(error.to_string().starts_with(&format!("cannot write `{shown}`: ")), "{error}");
        }
    }
}
