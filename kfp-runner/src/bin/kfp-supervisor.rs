//! A standalone supervisor of steps, for programs whose own `main` cannot be one.

use std::process::ExitCode;

fn main() -> ExitCode {
    // Without the arguments of a supervisor, there is nothing to supervise.
    kfp_runner::supervise().unwrap_or(ExitCode::FAILURE)
}
