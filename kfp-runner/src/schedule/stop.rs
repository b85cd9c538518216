//! Whether and why a run is being ended early.

use std::time::{Duration, Instant};

use kfp_model::Duration as ModelDuration;

use crate::State;

/// Whether and why the run is being ended.
#[derive(Default)]
pub(super) struct Stop {
    requests: u32,
    deadline: Option<(Instant, ModelDuration)>,
    timed_out: bool,
    /// Whether storing the result of a step was cut short.
    is_cut: bool,
}

impl Stop {
    pub(super) fn set_deadline(&mut self, timeout: Option<ModelDuration>, now: Instant) {
        self.deadline = timeout.and_then(|timeout| {
            let deadline = now.checked_add(Duration::from_secs(timeout.seconds()))?;
            Some((deadline, timeout))
        });
    }

    /// Records a request to end the run.
    pub(super) fn request(&mut self) {
        self.requests = self.requests.saturating_add(1);
    }

    /// Records that the deadline has passed.
    pub(super) fn time_out(&mut self) {
        self.timed_out = true;
    }

    /// Records that storing the result of a step was cut short.
    pub(super) fn cut(&mut self) {
        self.is_cut = true;
    }

    /// Returns whether only exit handlers run from now on.
    pub(super) fn is_stopping(&self) -> bool {
        self.requests > 0 || self.timed_out
    }

    /// Returns whether nothing runs from now on.
    pub(super) fn is_halted(&self) -> bool {
        self.requests > 1
    }

    /// Returns the deadline of the run, unless it is already being ended.
    pub(super) fn due(&self) -> Option<Instant> {
        self.deadline.map(|(deadline, _)| deadline).filter(|_| !self.is_stopping())
    }

    /// Returns the state of the run, which depends on the state of its root region.
    pub(super) fn state(&self, root: State) -> State {
        match root {
            // The request came too late to end anything.
            State::Succeeded if !self.is_cut => root,
            _ if self.requests > 0 => State::Cancelled,
            _ if self.timed_out => State::Failed,
            _ => root,
        }
    }

    /// Returns the message about the early end of the run, which has this state.
    pub(super) fn message(&self, state: State) -> Option<String> {
        if state == State::Succeeded {
            return None;
        }
        match (self.requests, self.timed_out, self.deadline) {
            (0, true, Some((_, timeout))) => {
                Some(format!("the pipeline ran longer than its timeout of {timeout}"))
            }
            (0, ..) => None,
            _ => Some("the run was cancelled".to_owned()),
        }
    }
}
