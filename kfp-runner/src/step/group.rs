//! The processes of a running step, for ending them.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use crate::supervise::Control;

/// The running processes of an attempt.
///
/// A process id is signalled only while it cannot have been reused: it is set after the start, and cleared before the
/// process is reaped.
#[derive(Debug, Default)]
pub(crate) struct Group {
    /// The program that supervises the processes; without one, they are children of this process.
    pub(super) supervisor: Option<PathBuf>,
    /// The value of the variable in the environment of all processes, see [`crate::process::MARKER`].
    pub(super) marker: String,
    state: Mutex<GroupState>,
}

#[derive(Debug, Default)]
struct GroupState {
    leader: Option<Leader>,
    /// Whether the step is being ended: processes that start later are killed immediately.
    is_ending: bool,
}

/// The process that is signalled.
#[derive(Debug)]
pub(super) enum Leader {
    /// The program itself, which leads a process group.
    Program(Pid),
    /// A supervisor, which signals the program.
    Supervisor(Pid, Control),
}

impl Group {
    /// Creates a group without processes.
    pub(crate) fn new(supervisor: Option<PathBuf>, marker: String) -> Self {
        Self { supervisor, marker, state: Mutex::default() }
    }

    /// Sends the signal to all processes, now or when they start.
    pub(crate) fn end(&self, signal: Signal) {
        let mut state = self.lock();
        state.is_ending = true;
        if let Some(leader) = &state.leader {
            leader.signal(signal);
        }
    }

    /// Returns whether the step is being ended.
    pub(crate) fn is_ending(&self) -> bool {
        self.lock().is_ending
    }

    /// Allows a supervised program to start, after its supervisor has been recorded.
    pub(crate) fn start(&self) {
        let state = self.lock();
        if let (Some(Leader::Supervisor(_, control)), false) = (&state.leader, state.is_ending) {
            control.start();
        }
    }

    /// Registers a process that has started.
    pub(super) fn enter(&self, leader: Leader) {
        let mut state = self.lock();
        if state.is_ending {
            leader.signal(Signal::KILL);
        }
        state.leader = Some(leader);
    }

    /// Kills the remaining processes in the group of a program that has ended and has not been reaped.
    pub(super) fn leave(&self) {
        if let Some(leader @ Leader::Program(_)) = self.lock().leader.take() {
            leader.signal(Signal::KILL);
        }
    }

    fn lock(&self) -> MutexGuard<'_, GroupState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Leader {
    fn signal(&self, signal: Signal) {
        // An error means that the processes are already gone.
        let _ = match self {
            Self::Program(pid) => kill_process_group(*pid, signal),
            Self::Supervisor(pid, control) => {
                control.signal(signal);
                // The step may have stopped its supervisor with a signal.
                kill_process(*pid, Signal::CONT)
            }
        };
    }
}
