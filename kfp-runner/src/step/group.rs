//! The processes of a running step, as seen by those who may have to end it.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use crate::supervise::Control;

/// The processes of an attempt that run now.
///
/// A process id is signalled only while it cannot have been reused: it is set after the start, and cleared before the
/// process is reaped.
#[derive(Debug, Default)]
pub(crate) struct Group {
    /// The program that supervises the processes; without one, they are children of this process.
    pub(super) supervisor: Option<PathBuf>,
    /// What all of the processes have in their environment, see [`crate::process::MARKER`].
    pub(super) marker: String,
    state: Mutex<GroupState>,
}

#[derive(Debug, Default)]
struct GroupState {
    leader: Option<Leader>,
    /// Set as soon as the step has to end: what starts later is killed at once.
    condemned: bool,
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
    /// Returns a group in which nothing runs yet.
    pub(crate) fn new(supervisor: Option<PathBuf>, marker: String) -> Self {
        Self { supervisor, marker, state: Mutex::default() }
    }

    /// Sends the signal to all processes, now or as soon as there are any.
    pub(crate) fn end(&self, signal: Signal) {
        let mut state = self.lock();
        state.condemned = true;
        if let Some(leader) = &state.leader {
            leader.signal(signal);
        }
    }

    /// Returns whether the step has to end.
    pub(crate) fn is_condemned(&self) -> bool {
        self.lock().condemned
    }

    /// Lets a supervised program start, now that its supervisor is on record.
    pub(crate) fn start(&self) {
        let state = self.lock();
        if let (Some(Leader::Supervisor(_, control)), false) = (&state.leader, state.condemned) {
            control.start();
        }
    }

    /// Takes note of a process that was just started.
    pub(super) fn enter(&self, leader: Leader) {
        let mut state = self.lock();
        if state.condemned {
            leader.signal(Signal::KILL);
        }
        state.leader = Some(leader);
    }

    /// Kills what a program, which has ended but was not reaped, has left in its process group.
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
                // A step can stop its supervisor, which has to go on now.
                kill_process(*pid, Signal::CONT)
            }
        };
    }
}
