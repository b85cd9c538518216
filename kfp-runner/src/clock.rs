//! Where time comes from: the clock of a run, and the time of day as the store writes it.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// The clock of a run. All copies of it tell the same time.
#[derive(Debug, Clone)]
pub(crate) enum Clock {
    /// The clock of the machine.
    Machine,
    /// A clock that stands still while something is done, and jumps to what is due while nothing is.
    Virtual {
        /// When the run began.
        begun: Instant,
        /// How much time has passed since.
        passed: Rc<Cell<Duration>>,
    },
}

impl Clock {
    /// A virtual clock that has not moved yet.
    pub(crate) fn standing_still() -> Self {
        Self::Virtual { begun: Instant::now(), passed: Rc::default() }
    }

    /// The time by this clock.
    pub(crate) fn now(&self) -> Instant {
        match self {
            Self::Machine => Instant::now(),
            Self::Virtual { begun, passed } => *begun + passed.get(),
        }
    }

    /// Waits for a message, but not beyond the time at which something is due.
    ///
    /// A virtual clock waits for nobody: what there is to be told has been sent before.
    pub(crate) fn receive<T>(&self, receiver: &Receiver<T>, due: Option<Instant>) -> Option<T> {
        match (self, due) {
            (Self::Machine, Some(due)) => {
                receiver.recv_timeout(due.saturating_duration_since(Instant::now())).ok()
            }
            (Self::Machine, None) => receiver.recv().ok(),
            (Self::Virtual { begun, passed }, due) => receiver.try_recv().ok().or_else(|| {
                let due = due?.saturating_duration_since(*begun);
                passed.set(passed.get().max(due));
                None
            }),
        }
    }
}

/// Milliseconds since 1970 (UTC).
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
