//! What happens during an attempt, before its result.

use std::path::PathBuf;
use std::time::Duration;

use crate::process::Identity;

/// An event of an attempt.
#[derive(Debug)]
pub(crate) enum StepEvent {
    /// A process has started.
    Started(Identity),
    /// Another step or run is installing the same packages.
    InstallAwaited,
    /// The installation of the packages of the step starts.
    InstallStarted { packages: usize, log: PathBuf },
    /// uv could not install the packages, so pip installs them.
    UvFailed { last_line: String },
    /// The packages are installed.
    InstallFinished { packages: usize, duration: Duration, last_line: Option<String> },
}
