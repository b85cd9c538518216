//! Supervising a step from outside of the runner, so that no process of the step outlives either.
//!
//! A supervised step is three processes. The runner starts a *supervisor*, which is this program again, and keeps a
//! socket to it. Once the runner has recorded the supervisor, the supervisor starts a *launcher*, which arranges to be
//! killed with the supervisor, moves to a process group of its own and becomes the program of the step. When the
//! program ends, when the runner says so or when the runner is gone, the supervisor kills all processes that descend
//! from it. On Linux these include processes that have left the group and the session of the step, because orphans
//! are adopted by the supervisor.
//!
//! The module tree: [`Control`] is the runner's end of the socket, `supervisor` and `launcher` are what the other two
//! processes do, `protocol` is what goes through the socket.

mod control;
mod launcher;
mod protocol;
mod supervisor;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

pub(crate) use control::{Container, Control, Report, command};

/// The name of a supervisor in the process table.
pub(crate) const NAME: &str = "kfp-supervisor";

/// Supervises a step if this process was started for that, see [`Options::supervisor`](crate::Options::supervisor).
///
/// Call this first in `main`, and return the exit code if there is one:
///
/// ```
/// use std::process::ExitCode;
///
/// fn main() -> ExitCode {
///     if let Some(code) = kfp_runner::supervise() {
///         return code;
///     }
///     let mut options = kfp_runner::Options::new(".kfp");
///     options.supervisor = kfp_runner::own_program();
///     // ...
///     ExitCode::SUCCESS
/// }
/// ```
pub fn supervise() -> Option<ExitCode> {
    let mut arguments = std::env::args_os().skip(1);
    let word = arguments.next()?;
    if word == protocol::SUPERVISE {
        Some(supervisor::run(arguments))
    } else if word == protocol::LAUNCH {
        Some(launcher::run(arguments))
    } else {
        None
    }
}

/// Returns the program that this process runs, also if its file was replaced or deleted since.
pub fn own_program() -> Option<PathBuf> {
    let link = PathBuf::from("/proc/self/exe");
    if link.exists() { Some(link) } else { std::env::current_exe().ok() }
}

/// Takes a program and its arguments.
fn program(mut arguments: impl Iterator<Item = OsString>) -> Option<std::process::Command> {
    let mut command = std::process::Command::new(arguments.next()?);
    command.args(arguments);
    Some(command)
}
