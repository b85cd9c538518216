//! A handle that cancels a run from outside.
//!
//! It does not handle signals: the program connects Ctrl-C to [`Cancel::request`].

use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};

use crate::schedule::Message;

/// Cancels a run: the first request ends it gracefully, the second one immediately.
///
/// ```
/// let cancel = kfp_runner::Cancel::new();
/// let handle = cancel.clone();
/// // A signal handler calls `handle.request()` while `run` uses `&cancel`.
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
    /// Creates a handle without requests.
    pub fn new() -> Self {
        Self::default()
    }

    /// Requests the end of the run. Steps receive SIGTERM and, after a grace period, SIGKILL; exit handlers still
    /// run. A second request ends everything immediately.
    pub fn request(&self) {
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        shared.requests = shared.requests.saturating_add(1);
        if let Some(listener) = &shared.listener {
            // The receiver is gone if the run has ended.
            let _ = listener.send(Message::Cancel);
        }
    }

    /// Returns whether the end was requested.
    pub(crate) fn is_requested(&self) -> bool {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner).requests > 0
    }

    /// Sends one message for each future request, and one for each earlier request.
    pub(crate) fn subscribe(&self, listener: Sender<Message>) {
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        for _ in 0..shared.requests {
            let _ = listener.send(Message::Cancel);
        }
        shared.listener = Some(listener);
    }
}
