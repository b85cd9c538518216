//! Ending a run early: because it was cancelled, or because it exceeds its timeout.

use std::time::{Duration, Instant};

use kfp_model::Duration as ModelDuration;
use rustix::process::Signal;

use super::approvals::Waiting;
use super::dispatcher::Dispatcher;
use super::frame::Settled;
use super::jobs::{JobStage, StopReason};
use super::message::{JobId, QuestionId};
use super::record::Ending;
use crate::store::StoreError;
use crate::{Event, State};

/// Whether and why the run is being ended.
#[derive(Default)]
pub(super) struct Stop {
    requests: u32,
    deadline: Option<(Instant, ModelDuration)>,
    timed_out: bool,
}

impl Stop {
    pub(super) fn set_deadline(&mut self, timeout: Option<ModelDuration>, now: Instant) {
        self.deadline = timeout.and_then(|timeout| {
            let deadline = now.checked_add(Duration::from_secs(timeout.seconds()))?;
            Some((deadline, timeout))
        });
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
            State::Succeeded => root,
            _ if self.requests > 0 => State::Cancelled,
            _ if self.timed_out => State::Failed,
            _ => root,
        }
    }

    /// Returns the message about the early end of the run.
    pub(super) fn message(&self) -> Option<String> {
        match (self.requests, self.timed_out, self.deadline) {
            (0, true, Some((_, timeout))) => {
                Some(format!("the pipeline ran longer than its timeout of {timeout}"))
            }
            (0, ..) => None,
            _ => Some("the run was cancelled".to_owned()),
        }
    }
}

impl Dispatcher<'_, '_> {
    /// Handles a request to end the run: the first one or a later one.
    pub(super) fn cancel(&mut self) -> Result<(), StoreError> {
        self.stop.requests = self.stop.requests.saturating_add(1);
        if self.stop.requests == 1 {
            (self.events)(Event::Cancelling { grace: self.setup.grace });
        }
        if self.stop.is_halted() {
            self.kill_all();
        }
        self.end_jobs()
    }

    /// Ends the run because it has exceeded its timeout.
    pub(super) fn time_out(&mut self) -> Result<(), StoreError> {
        self.stop.timed_out = true;
        self.end_jobs()
    }

    /// Kills all processes immediately.
    pub(super) fn kill_all(&mut self) {
        for job in self.jobs.values_mut() {
            if let JobStage::Running { group, .. } = &job.stage {
                group.end(Signal::KILL);
                job.reason.get_or_insert(StopReason::Cancelled);
            }
        }
    }

    /// Ends all jobs gracefully, except those of exit handlers.
    fn end_jobs(&mut self) -> Result<(), StoreError> {
        let affected: Vec<JobId> =
            self.jobs.iter().filter(|(_, job)| self.is_stopped(job.frame)).map(|(id, _)| *id).collect();
        let kill_at = self.setup.clock.now() + self.setup.grace;
        for id in affected {
            let Some(job) = self.jobs.get_mut(&id) else { continue };
            if let JobStage::Running { .. } = job.stage {
                job.terminate(StopReason::Cancelled, kill_at);
            } else if let JobStage::Storing = job.stage {
                // The step has succeeded, and a message about it follows.
            } else if let Some(job) = self.jobs.remove(&id) {
                self.queue.retain(|queued| *queued != id);
                let ending = Ending { attempts: job.attempts, ..Ending::default() };
                self.settle(job.frame, job.task, Settled::empty(State::Cancelled), ending)?;
            }
        }
        let unanswered: Vec<QuestionId> = self
            .questions
            .iter()
            .filter(|(_, waiting)| self.is_stopped(waiting.frame))
            .map(|(id, _)| *id)
            .collect();
        for id in unanswered {
            let Some(Waiting { frame, task, .. }) = self.questions.remove(&id) else { continue };
            self.settle(frame, task, Settled::empty(State::Cancelled), Ending::default())?;
        }
        for (frame, task) in std::mem::take(&mut self.imports).into_values() {
            self.settle(frame, task, Settled::empty(State::Cancelled), Ending::default())?;
        }
        // Waiting tasks are settled when their frames are advanced.
        self.agenda.extend(self.frames.ids());
        Ok(())
    }
}
