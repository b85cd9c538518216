//! The program of the Rust steps: one and the same file, whatever is put in its place while the run goes on.

use std::fs::{self, File, Metadata};
use std::io;
use std::os::fd::AsRawFd as _;
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{self, Command};
use std::sync::Arc;

use crate::{Failure, FailureClass, State};

/// A program that was opened and read when the run began.
#[derive(Debug, Clone)]
pub(crate) struct Binary {
    path: PathBuf,
    file: Arc<File>,
    stamp: Stamp,
    digest: String,
}

/// What tells a file from another one, and from itself after it was written to.
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
    /// Opens the program and takes the digest of its bytes.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let path = path.canonicalize()?;
        let mut file = File::open(&path)?;
        let stamp = Stamp::of(&file.metadata()?);
        let digest = kfp_digest::of_file(&mut file)?;
        Ok(Self { path, file: Arc::new(file), stamp, digest })
    }

    /// The absolute path that the program had when the run began.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The digest of its bytes.
    pub(crate) fn digest(&self) -> &str {
        &self.digest
    }

    /// Whether the bytes of the file are still those of the digest. A file that takes its place is another one.
    pub(crate) fn is_unchanged(&self) -> bool {
        self.file.metadata().is_ok_and(|metadata| Stamp::of(&metadata) == self.stamp)
    }

    /// What starts the program that was opened, also where its path leads to another one by now.
    pub(super) fn command(&self) -> Result<Command, Failure> {
        if !self.is_unchanged() {
            return Err(self.replaced("was overwritten"));
        }
        let open = PathBuf::from(format!("/proc/{}/fd/{}", process::id(), self.file.as_raw_fd()));
        if open.exists() {
            let mut command = Command::new(open);
            command.arg0(&self.path);
            return Ok(command);
        }
        // Where the system does not show open files, the path has to lead to the same one.
        match fs::metadata(&self.path) {
            Ok(metadata) if Stamp::of(&metadata) == self.stamp => Ok(Command::new(&self.path)),
            _ => Err(self.replaced("was replaced")),
        }
    }

    fn replaced(&self, how: &str) -> Failure {
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

    /// Bytes of a program that ends with this exit code.
    fn program(folder: &Path, name: &str, code: i32) -> PathBuf {
        let path = folder.join(name);
        fs::write(&path, format!("#!/bin/sh\nexit {code}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    /// The text of the program that a command starts, read instead of run.
    fn text(command: &Command) -> String {
        fs::read_to_string(command.get_program()).unwrap()
    }

    #[test]
    fn a_program_that_is_replaced_stays_the_one_that_was_opened() {
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
    fn a_program_that_is_overwritten_is_not_started() {
        let folder = tempfile::tempdir().unwrap();
        let path = program(folder.path(), "steps", 3);
        let binary = Binary::open(&path).unwrap();
        fs::write(&path, "#!/bin/sh\nexit 40\n").unwrap();
        assert!(!binary.is_unchanged());
        let failure = binary.command().unwrap_err();
        assert!(failure.message.ends_with("was overwritten during the run: start a new run"), "{failure:?}");
    }
}
