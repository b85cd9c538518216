//! The messages between the processes of a supervised step.
//!
//! The runner sends single bytes. The supervisor sends one report: a byte and a number.

/// The first argument of a supervisor.
pub(super) const SUPERVISE: &str = "__supervise";
/// The first argument of a launcher.
pub(super) const LAUNCH: &str = "__launch";
/// The argument of a supervisor that precedes a container engine and the name of a container.
pub(super) const CONTAINER: &str = "--container";
/// The argument of a supervisor that precedes the program of the step.
pub(super) const PROGRAM: &str = "--";

/// From the runner: start the program.
pub(super) const START: u8 = b'S';
/// From the runner: send the signal TERM to the process group of the program.
pub(super) const TERMINATE: u8 = b'T';
/// From the runner: kill all processes of the step.
pub(super) const KILL: u8 = b'K';

/// From the supervisor: the program has ended, with this wait status.
pub(super) const ENDED: u8 = b'E';
/// From the supervisor: the program could not be started, with this error number.
pub(super) const NOT_STARTED: u8 = b'N';
