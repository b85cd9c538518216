//! The handle by which a run is cancelled from outside.
//!
//! It knows nothing of signals: whoever owns the process wires Ctrl-C to [`Cancel::request`].

use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};

use crate::schedule::Message;

/// Cancels a run: the first request ends it in good order, the second one at once.
///
/// ```
/// let cancel = kfp_runner::Cancel::new();
/// let handle = cancel.clone();
/// // A signal handler calls `handle.request()` while `run` has `&cancel`.
/// handle.request();
/// ```
#[derive(Debug, Clone, Default)]
pub struct Cancel {
    shared: Arc<Mutex<Shared>>,
}

#[derive(Debug, Default)]
struct Shared {
    requests: u32,
    listener: Option<Sender<Message>>,
}

impl Cancel {
    /// A handle that nobody has used yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks the run to end. Steps get the signal TERM and, after a grace period, KILL; exit handlers still
    /// run. A second request ends everything at once.
    pub fn request(&self) {
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        shared.requests = shared.requests.saturating_add(1);
        if let Some(listener) = &shared.listener {
            // A run that has ended no longer listens, which is fine.
            let _ = listener.send(Message::Cancel);
        }
    }

    /// Whether the end was requested.
    pub(crate) fn is_requested(&self) -> bool {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner).requests > 0
    }

    /// Sends one message for each request from now on, and one for each that was made before.
    pub(crate) fn subscribe(&self, listener: Sender<Message>) {
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        for _ in 0..shared.requests {
            let _ = listener.send(Message::Cancel);
        }
        shared.listener = Some(listener);
    }
}
