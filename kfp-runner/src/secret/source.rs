//! Where a value comes from: a variable of the environment, or a file.

use std::path::PathBuf;
use std::str::FromStr;
use std::{env, fmt, fs};

/// Where the value of a secret or config map key comes from, written `env:VARIABLE` or `file:PATH`.
///
/// ```
/// use kfp_runner::Source;
/// let source: Source = "env:SLACK_URL".parse()?;
/// assert_eq!(source, Source::Environment("SLACK_URL".to_owned()));
/// # Ok::<(), kfp_runner::SourceError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The environment variable of that name.
    Environment(String),
    /// The content of that file, byte by byte.
    File(PathBuf),
}

/// Why a source is none, or gives no value.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// The text has another form. It is not shown, as it may be the secret itself.
    #[error("invalid source of a value: expected `env:VARIABLE` or `file:PATH`")]
    Form,
    /// The variable is not there, or is no Unicode.
    #[error("the environment variable `{0}` is not set to a text")]
    NotSet(String),
    /// The file cannot be read.
    #[error("the file `{path}` cannot be read as text", path = .path.display())]
    NotReadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        cause: std::io::Error,
    },
    /// The value cannot stand in an environment.
    #[error("the value of `{0}` has a NUL character, which no environment variable can hold")]
    Nul(String),
}

impl Source {
    /// The variable of the environment, if it is one.
    pub(super) fn variable(&self) -> Option<&str> {
        match self {
            Self::Environment(name) => Some(name),
            Self::File(_) => None,
        }
    }

    /// The value.
    pub(crate) fn read(&self) -> Result<String, SourceError> {
        let value = match self {
            Self::Environment(name) => env::var(name).map_err(|_| SourceError::NotSet(name.clone()))?,
            Self::File(path) => fs::read_to_string(path)
                .map_err(|cause| SourceError::NotReadable { path: path.clone(), cause })?,
        };
        if value.contains('\0') { Err(SourceError::Nul(self.to_string())) } else { Ok(value) }
    }
}

impl FromStr for Source {
    type Err = SourceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once(':') {
            Some(("env", name)) if !name.is_empty() => Ok(Self::Environment(name.to_owned())),
            Some(("file", path)) if !path.is_empty() => Ok(Self::File(PathBuf::from(path))),
            _ => Err(SourceError::Form),
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment(name) => write!(f, "env:{name}"),
            Self::File(path) => write!(f, "file:{}", path.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_read_and_nothing_else() {
        for (text, valid) in [
            ("env:TOKEN", true),
            ("file:token.txt", true),
            ("file:a:b", true),
            ("env:", false),
            ("TOKEN", false),
            ("vault:x", false),
        ] {
            let source = text.parse::<Source>();
            assert_eq!(source.is_ok(), valid, "{text}");
            if let Ok(source) = source {
                assert_eq!(source.to_string(), text);
            }
        }
    }
}
