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

/// The number of signals that a run handles: the first one terminates steps, the second one kills them.
const REQUESTS: usize = 2;

/// The signal that cancelled a run, if there was one.
pub(crate) struct Interruption {
    first: Arc<AtomicI32>,
}

impl Interruption {
    /// Cancels the run on Ctrl-C, SIGTERM and SIGHUP. The third signal ends this program itself, which makes the
    /// supervisors kill its steps.
    pub(crate) fn listen(cancel: &Cancel) -> io::Result<Self> {
        let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])?;
        let first = Arc::new(AtomicI32::new(0));
        let (noted, cancel) = (Arc::clone(&first), cancel.clone());
        thread::spawn(move || {
            for (before, signal) in signals.forever().enumerate() {
                if before >= REQUESTS {
                    // If this fails, the run goes on.
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
            _ => Outcome::Failed,
        }
    }
}
