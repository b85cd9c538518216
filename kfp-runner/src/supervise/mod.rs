//! Supervising a step from outside the runner, so that no process of the step outlives the step or the runner.
//!
//! A supervised step is three processes. The runner starts a *supervisor*, which is this program again, and keeps a
//! socket to it. Once the runner has recorded the supervisor, the supervisor starts a *launcher*, which arranges to be
//! killed with the supervisor, moves to its own process group and becomes the program of the step. When the program
//! ends, or when the runner requests it or is gone, the supervisor kills all of its descendants. On Linux these include
//! processes that have left the group and the session of the step, because the supervisor adopts orphans.
//!
//! The modules: [`Control`] is the runner's end of the socket, `supervisor` and `launcher` implement the other two
//! processes, and `protocol` defines the messages on the socket.

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

/// Supervises a step if this process was started for that purpose, see
/// [`Options::supervisor`](crate::Options::supervisor).
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
    let mode = arguments.next()?;
    if mode == protocol::SUPERVISE {
        Some(supervisor::run(arguments))
    } else if mode == protocol::LAUNCH {
        Some(launcher::run(arguments))
    } else {
        None
    }
}

/// Returns the path of the program that this process runs, which works even if its file was replaced or deleted.
pub fn own_program() -> Option<PathBuf> {
    let link = PathBuf::from("/proc/self/exe");
    if link.exists() { Some(link) } else { std::env::current_exe().ok() }
}

/// Creates the command of a program and its arguments.
fn program(mut arguments: impl Iterator<Item = OsString>) -> Option<std::process::Command> {
    let mut command = std::process::Command::new(arguments.next()?);
    command.args(arguments);
    Some(command)
}
