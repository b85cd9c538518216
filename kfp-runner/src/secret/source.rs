//! The source of a value: an environment variable or a file.

use std::fs::File;
use std::io::{self, Read as _};
use std::os::unix::fs::FileTypeExt as _;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;
use std::{env, fmt, fs, thread};

use crate::Cancel;

/// The maximum size of a value from a file, in bytes. It is the limit of Kubernetes secrets.
const MAX_SIZE: u64 = 1024 * 1024;

/// The interval at which a cancellation is checked.
const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// The source of a secret or config map value, written `env:VARIABLE` or `file:PATH`.
///
/// ```
/// use kfp_runner::ValueSource;
/// let source: ValueSource = "env:SLACK_URL".parse()?;
/// assert_eq!(source, ValueSource::Environment("SLACK_URL".to_owned()));
/// # Ok::<(), kfp_runner::ValueSourceError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ValueSource {
    /// An environment variable.
    Environment(String),
    /// The exact content of a file or pipe, up to 1 MiB.
    File(PathBuf),
}

/// Why a source is invalid or has no value.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ValueSourceError {
    /// The text has another form. It is not shown, as it may be the secret itself.
    #[error("invalid source of a value: expected `env:VARIABLE` or `file:PATH`")]
    Form,
    /// The variable is not set or not valid UTF-8.
    #[error("the environment variable `{0}` is not set or not valid UTF-8")]
    NotSet(String),
    /// The file cannot be read.
    #[error("cannot read the file `{path}` as text", path = .path.display())]
    NotReadable {
        /// The path of the file.
        path: PathBuf,
        /// The error of the operating system.
        #[source]
        cause: io::Error,
    },
    /// The file is neither a regular file nor a pipe.
    #[error("expected a regular file or a pipe, but `{path}` is neither", path = .0.display())]
    NotAFile(PathBuf),
    /// The file exceeds the size limit of secrets.
    #[error("the file `{path}` is larger than 1 MiB, the limit of Kubernetes secrets", path = .0.display())]
    TooLarge(PathBuf),
    /// The run was cancelled while waiting for a pipe.
    #[error("cancelled while waiting for `{path}`", path = .0.display())]
    Cancelled(PathBuf),
    /// The value contains a NUL character.
    #[error("the value of `{0}` contains a NUL character, which is not allowed in environment variables")]
    Nul(String),
}

impl ValueSource {
    /// Returns the name of the environment variable, if the source is one.
    pub(super) fn variable(&self) -> Option<&str> {
        match self {
            Self::Environment(name) => Some(name),
            Self::File(_) => None,
        }
    }

    /// Returns the value. Stops waiting for a pipe when the run is cancelled.
    pub(crate) fn read(&self, cancel: &Cancel) -> Result<String, ValueSourceError> {
        let value = match self {
            Self::Environment(name) => env::var(name).map_err(|_| ValueSourceError::NotSet(name.clone()))?,
            Self::File(path) => read_file(path, cancel)?,
        };
        if value.contains('\0') { Err(ValueSourceError::Nul(self.to_string())) } else { Ok(value) }
    }
}

fn read_file(path: &Path, cancel: &Cancel) -> Result<String, ValueSourceError> {
    let unreadable = |cause| ValueSourceError::NotReadable { path: path.to_owned(), cause };
    let kind = fs::metadata(path).map_err(unreadable)?.file_type();
    let text = if kind.is_file() {
        read_limited(path)
    } else if kind.is_fifo() {
        wait_for(path, cancel)?
    } else {
        return Err(ValueSourceError::NotAFile(path.to_owned()));
    };
    let text = text.map_err(unreadable)?;
    if text.len() as u64 > MAX_SIZE { Err(ValueSourceError::TooLarge(path.to_owned())) } else { Ok(text) }
}

/// Reads a pipe, which may block while it is opened and while it is read.
fn wait_for(path: &Path, cancel: &Cancel) -> Result<io::Result<String>, ValueSourceError> {
    let (sender, receiver) = mpsc::channel();
    let pipe = path.to_owned();
    thread::spawn(move || {
        // Fails if the run was cancelled in the meantime.
        let _ = sender.send(read_limited(&pipe));
    });
    loop {
        match receiver.recv_timeout(POLL_INTERVAL) {
            Ok(text) => return Ok(text),
            Err(RecvTimeoutError::Timeout) if !cancel.is_requested() => {}
            Err(_) => return Err(ValueSourceError::Cancelled(path.to_owned())),
        }
    }
}

/// Reads a file up to one byte more than the size limit.
fn read_limited(path: &Path) -> io::Result<String> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_SIZE + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_SIZE {
        // The text may be cut in the middle of a character.
        return Ok(String::from_utf8_lossy(&bytes).into_owned());
    }
    String::from_utf8(bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error.utf8_error()))
}

impl FromStr for ValueSource {
    type Err = ValueSourceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once(':') {
            Some(("env", name)) if !name.is_empty() => Ok(Self::Environment(name.to_owned())),
            Some(("file", path)) if !path.is_empty() => Ok(Self::File(PathBuf::from(path))),
            _ => Err(ValueSourceError::Form),
        }
    }
}

impl fmt::Display for ValueSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment(name) => write!(f, "env:{name}"),
            Self::File(path) => write!(f, "file:{}", path.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn only_variables_and_files_are_sources() {
        for (text, valid) in [
            ("env:TOKEN", true),
            ("file:token.txt", true),
            ("file:a:b", true),
            ("env:", false),
            ("TOKEN", false),
            ("vault:x", false),
        ] {
            let source = text.parse::<ValueSource>();
            assert_eq!(source.is_ok(), valid, "{text}");
            if let Ok(source) = source {
                assert_eq!(source.to_string(), text);
            }
        }
    }

    #[test]
    fn files_and_pipes_up_to_the_limit_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let largest = usize::try_from(MAX_SIZE).unwrap();
        fs::write(at("largest"), "x".repeat(largest)).unwrap();
        fs::write(at("larger"), "é".repeat(largest / 2 + 1)).unwrap();
        fs::write(at("latin-1"), [0xe9]).unwrap();
        for name in ["pipe", "endless", "silent"] {
            assert!(Command::new("mkfifo").arg(at(name)).status().unwrap().success());
        }
        let cancel = Cancel::new();
        let read = |path: PathBuf| ValueSource::File(path).read(&cancel);
        assert_eq!(read(at("largest")).unwrap().len(), largest);
        assert!(matches!(read(at("larger")), Err(ValueSourceError::TooLarge(_))));
        assert!(matches!(read(at("latin-1")), Err(ValueSourceError::NotReadable { .. })));
        for path in [PathBuf::from("/dev/zero"), folder.path().to_owned()] {
            assert!(matches!(read(path), Err(ValueSourceError::NotAFile(_))));
        }
        let (pipe, endless) = (at("pipe"), at("endless"));
        thread::scope(|scope| {
            scope.spawn(|| fs::write(&pipe, "token").unwrap());
            // Fails when the reader closes the pipe at the limit.
            scope.spawn(|| fs::write(&endless, "x".repeat(2 * largest)).unwrap_err());
            assert_eq!(read(pipe.clone()).unwrap(), "token");
            assert!(matches!(read(endless.clone()), Err(ValueSourceError::TooLarge(_))));
        });
        cancel.request();
        assert!(matches!(read(at("silent")), Err(ValueSourceError::Cancelled(_))));
    }
}
