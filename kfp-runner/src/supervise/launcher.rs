//! The launcher: the process that becomes the program of the step.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Write as _};
use std::os::fd::AsFd as _;
use std::os::unix::process::CommandExt as _;
use std::process::{ExitCode, Stdio};

use super::program;

/// Executes the program. Returns only if that fails, after writing the error number to standard input.
pub(super) fn run(mut arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let Ok(errors) = io::stdin().as_fd().try_clone_to_owned() else { return ExitCode::FAILURE };
    let parent = arguments.next();
    let Some(mut command) = program(arguments) else { return ExitCode::FAILURE };
    // The descriptor is closed when the program is executed, which shows the supervisor that this succeeded.
    let error = match attach_to_supervisor(parent) {
        Ok(()) => command.stdin(Stdio::null()).exec(),
        Err(error) => error,
    };
    let number = error.raw_os_error().unwrap_or_default();
    // If the supervisor is gone, the error does not matter.
    let _ = File::from(errors).write_all(&number.to_le_bytes());
    ExitCode::FAILURE
}

/// Ensures that the program ends with the supervisor, and puts it into its own process group.
fn attach_to_supervisor(parent: Option<OsString>) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))?;
    let current = rustix::process::getppid().map(|parent| parent.as_raw_nonzero().to_string());
    if parent != current.map(OsString::from) {
        return Err(io::Error::other("the supervisor is gone"));
    }
    rustix::process::setpgid(None, None)?;
    Ok(())
}
