//! The program of the Rust steps, which stays the same file even if its path is replaced during the run.

use std::fs::{self, File, Metadata};
use std::io;
use std::os::fd::AsRawFd as _;
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{self, Command};
use std::sync::Arc;

use crate::{Failure, FailureClass, State};

/// A program that was opened and read at the start of the run.
#[derive(Debug, Clone)]
pub(crate) struct Binary {
    path: PathBuf,
    file: Arc<File>,
    stamp: Stamp,
    digest: String,
}

/// Identifies a file and its last modification.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stamp {
    file: (u64, u64),
    size: u64,
    modified: (i64, i64),
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        Self {
            file: (metadata.dev(), metadata.ino()),
            size: metadata.size(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
        }
    }
}

impl Binary {
    /// Opens the program and computes the digest of its content.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let path = path.canonicalize()?;
        let mut file = File::open(&path)?;
        let stamp = Stamp::of(&file.metadata()?);
        let digest = kfp_digest::of_file(&mut file)?;
        Ok(Self { path, file: Arc::new(file), stamp, digest })
    }

    /// Returns the absolute path of the program at the start of the run.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the digest of the content.
    pub(crate) fn digest(&self) -> &str {
        &self.digest
    }

    /// Returns whether the content of the open file is unchanged. Replacing the file at the path does not change it.
    pub(crate) fn is_unchanged(&self) -> bool {
        self.file.metadata().is_ok_and(|metadata| Stamp::of(&metadata) == self.stamp)
    }

    /// Returns the command that starts the program that was opened, even if its path now leads to another file.
    pub(super) fn command(&self) -> Result<Command, Failure> {
        if !self.is_unchanged() {
            return Err(self.changed("was overwritten"));
        }
        let open = PathBuf::from(format!("/proc/{}/fd/{}", process::id(), self.file.as_raw_fd()));
        if open.exists() {
            let mut command = Command::new(open);
            command.arg0(&self.path);
            return Ok(command);
        }
        // If the system does not show open files, the path must still lead to the same file.
        match fs::metadata(&self.path) {
            Ok(metadata) if Stamp::of(&metadata) == self.stamp => Ok(Command::new(&self.path)),
            _ => Err(self.changed("was replaced")),
        }
    }

    fn changed(&self, how: &str) -> Failure {
        Failure {
            state: State::Error,
            class: FailureClass::Permanent,
            message: format!("the program `{}` {how} during the run: start a new run", self.path.display()),
            exit_code: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    /// Creates a program that ends with this exit code.
    fn program(folder: &Path, name: &str, code: i32) -> PathBuf {
        let path = folder.join(name);
        fs::write(&path, format!("#!/bin/sh\nexit {code}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    /// Reads the program that a command would start.
    fn text(command: &Command) -> String {
        fs::read_to_string(command.get_program()).unwrap()
    }

    #[test]
    fn a_replaced_program_is_still_started_from_the_opened_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = program(folder.path(), "steps", 3);
        let binary = Binary::open(&path).unwrap();
        assert_eq!(binary.digest(), kfp_digest::sha256_hex(&fs::read(&path).unwrap()));
        fs::rename(program(folder.path(), "new", 4), &path).unwrap();
        assert!(binary.is_unchanged());
        assert!(text(&binary.command().unwrap()).contains("exit 3"));
        fs::remove_file(&path).unwrap();
        assert!(text(&binary.command().unwrap()).contains("exit 3"));
    }

    #[test]
    fn an_overwritten_program_is_not_started() {
        let folder = tempfile::tempdir().unwrap();
        let path = program(folder.path(), "steps", 3);
        let binary = Binary::open(&path).unwrap();
        fs::write(&path, "#!/bin/sh\nexit 40\n").unwrap();
        assert!(!binary.is_unchanged());
        let failure = binary.command().unwrap_err();
        assert!(failure.message.ends_with("was overwritten during the run: start a new run"), "{failure:?}");
    }
}
