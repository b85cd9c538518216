//! Signals that cancel a run.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::thread;

use kfp_runner::Cancel;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

use crate::Outcome;

/// The number of signals that a run reacts to: the first asks steps to end, the second kills them.
const REQUESTS: usize = 2;

/// The signal that cancelled a run, if there was one.
pub(crate) struct Interruption {
    first: Arc<AtomicI32>,
}

impl Interruption {
    /// Requests the end of the run with every signal from now on: Ctrl-C, TERM and HUP. The third one ends this
    /// program itself; the supervisors of its steps see that.
    pub(crate) fn listen(cancel: &Cancel) -> io::Result<Self> {
        let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])?;
        let first = Arc::new(AtomicI32::new(0));
        let (noted, cancel) = (Arc::clone(&first), cancel.clone());
        thread::spawn(move || {
            for (before, signal) in signals.forever().enumerate() {
                if before >= REQUESTS {
                    // A failure leaves the run as it is.
                    let _ = emulate_default_handler(signal);
                }
                // Only the first signal is kept.
                let _ = noted.compare_exchange(0, signal, Ordering::AcqRel, Ordering::Acquire);
                cancel.request();
            }
        });
        Ok(Self { first })
    }

    /// Returns how a cancelled run ends the program.
    pub(crate) fn outcome(&self) -> Outcome {
        match u8::try_from(self.first.load(Ordering::Acquire)) {
            Ok(signal @ 1..) => Outcome::Signalled(signal),
            _ => Outcome::Wrong,
        }
    }
}
