//! The runner's side of a supervised step.

use std::io::{self, Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

use rustix::process::Signal;

use super::protocol;

/// The container that a step starts, which its supervisor removes when the runner is gone.
#[derive(Debug, Clone)]
pub(crate) struct Container {
    pub(crate) engine: PathBuf,
    pub(crate) name: String,
}

/// The runner's end of the socket to a supervisor.
///
/// The supervisor ends when all copies are dropped.
#[derive(Debug)]
pub(crate) struct Control(UnixStream);

/// The end of a supervised program.
pub(crate) enum Report {
    Ended(ExitStatus),
    /// The program could not be executed.
    NotStarted(io::Error),
    /// The supervisor ended without a report.
    Missing,
}

/// Returns the command that runs a command under a supervisor, and the control of the supervisor.
///
/// The supervisor waits for [`Control::start`].
pub(crate) fn command(
    supervisor: &Path,
    inner: &Command,
    container: Option<&Container>,
) -> io::Result<(Command, Control)> {
    let (ours, theirs) = UnixStream::pair()?;
    let mut outer = Command::new(supervisor);
    outer.arg(protocol::SUPERVISE);
    if let Some(Container { engine, name }) = container {
        outer.arg(protocol::CONTAINER).arg(engine).arg(name);
    }
    outer.arg(protocol::PROGRAM).arg(inner.get_program()).args(inner.get_args());
    for (name, value) in inner.get_envs() {
        match value {
            Some(value) => outer.env(name, value),
            None => outer.env_remove(name),
        };
    }
    if let Some(folder) = inner.get_current_dir() {
        outer.current_dir(folder);
    }
    outer.stdin(Stdio::from(OwnedFd::from(theirs)));
    Ok((outer, Control(ours)))
}

impl Control {
    pub(crate) fn start(&self) {
        self.send(protocol::START);
    }

    /// Sends a signal to the step through its supervisor; SIGKILL reaches all processes of the step.
    pub(crate) fn signal(&self, signal: Signal) {
        self.send(if signal == Signal::KILL { protocol::KILL } else { protocol::TERMINATE });
    }

    pub(crate) fn try_clone(&self) -> io::Result<Self> {
        self.0.try_clone().map(Self)
    }

    /// Waits for the report of the supervisor.
    pub(crate) fn report(mut self) -> Report {
        let mut bytes = Vec::new();
        let read = self.0.read_to_end(&mut bytes);
        match (read, bytes.split_first()) {
            (Ok(5), Some((kind, number))) => {
                let number = number.try_into().map_or(0, i32::from_le_bytes);
                if *kind == protocol::ENDED {
                    Report::Ended(ExitStatus::from_raw(number))
                } else {
                    Report::NotStarted(io::Error::from_raw_os_error(number))
                }
            }
            _ => Report::Missing,
        }
    }

    fn send(&self, byte: u8) {
        // If the supervisor is gone, there is nothing left to do.
        let _ = (&self.0).write_all(&[byte]);
    }
}
