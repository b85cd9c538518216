//! The clock of a run, and the time of day in the format of the store.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// The clock of a run. All copies of it show the same time.
#[derive(Debug, Clone)]
pub(crate) enum Clock {
    /// The clock of the machine.
    #[cfg_attr(not(feature = "store"), expect(dead_code, reason = "only runs with a store take real time"))]
    Machine,
    /// A clock that stops while steps are simulated, and otherwise jumps to the next event that is due.
    Virtual {
        /// When the run started.
        start: Instant,
        /// The time since then.
        elapsed: Rc<Cell<Duration>>,
    },
}

impl Clock {
    /// Creates a virtual clock.
    pub(crate) fn new_virtual() -> Self {
        Self::Virtual { start: Instant::now(), elapsed: Rc::default() }
    }

    /// Returns the current time of this clock.
    pub(crate) fn now(&self) -> Instant {
        match self {
            Self::Machine => Instant::now(),
            Self::Virtual { start, elapsed } => *start + elapsed.get(),
        }
    }

    /// Waits for a message until `due`.
    ///
    /// A virtual clock does not block: all messages have already been sent.
    pub(crate) fn receive<T>(&self, receiver: &Receiver<T>, due: Option<Instant>) -> Option<T> {
        match (self, due) {
            (Self::Machine, Some(due)) => {
                receiver.recv_timeout(due.saturating_duration_since(Instant::now())).ok()
            }
            (Self::Machine, None) => receiver.recv().ok(),
            (Self::Virtual { start, elapsed }, due) => receiver.try_recv().ok().or_else(|| {
                let due = due?.saturating_duration_since(*start);
                elapsed.set(elapsed.get().max(due));
                None
            }),
        }
    }
}

/// Returns the milliseconds since 1970 (UTC).
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
