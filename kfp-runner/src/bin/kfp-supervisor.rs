//! The supervisor of steps as a program of its own, for programs whose `main` cannot be one.

use std::process::ExitCode;

fn main() -> ExitCode {
    // Without the arguments of a supervisor, there is nothing to do.
    kfp_runner::supervise().unwrap_or(ExitCode::FAILURE)
}
