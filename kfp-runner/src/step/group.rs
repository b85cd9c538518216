//! The process group of a running step, as those see it who may have to end it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use rustix::process::{Pid, Signal, kill_process_group};

/// A process group that is there for a while.
///
/// A number is signalled only while its process cannot have been replaced by another one: it is set after the
/// start, and taken back before the process is reaped.
#[derive(Debug, Default)]
pub(crate) struct Group {
    state: Mutex<GroupState>,
}

#[derive(Debug, Default)]
struct GroupState {
    leader: Option<Pid>,
    /// Set as soon as somebody wants the step to end: what starts later is ended at once.
    condemned: bool,
}

impl Group {
    /// Sends the signal to every process of the group, now or as soon as there is one.
    pub(crate) fn end(&self, signal: Signal) {
        let mut state = self.lock();
        state.condemned = true;
        if let Some(leader) = state.leader {
            // Processes that are gone already are what is wanted.
            let _ = kill_process_group(leader, signal);
        }
    }

    /// Whether somebody wants the step to end.
    pub(crate) fn is_condemned(&self) -> bool {
        self.lock().condemned
    }

    /// Takes note of a process that was just started as the leader of its own group.
    pub(super) fn enter(&self, leader: Pid) {
        let mut state = self.lock();
        state.leader = Some(leader);
        if state.condemned {
            let _ = kill_process_group(leader, Signal::KILL);
        }
    }

    /// Ends what the leader, which has ended but was not reaped, has left behind.
    pub(super) fn leave(&self) {
        if let Some(leader) = self.lock().leader.take() {
            let _ = kill_process_group(leader, Signal::KILL);
        }
    }

    fn lock(&self) -> MutexGuard<'_, GroupState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
