//! Ending a run before its time: because somebody asks for it, or because it takes too long.

use std::time::{Duration, Instant};

use kfp_model::Duration as Length;
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
    deadline: Option<(Instant, Length)>,
    is_too_late: bool,
}

impl Stop {
    pub(super) fn set_deadline(&mut self, timeout: Option<Length>, now: Instant) {
        self.deadline = timeout.and_then(|timeout| {
            let deadline = now.checked_add(Duration::from_secs(timeout.seconds()))?;
            Some((deadline, timeout))
        });
    }

    /// Whether only exit handlers run any more.
    pub(super) fn is_stopping(&self) -> bool {
        self.requests > 0 || self.is_too_late
    }

    /// Whether nothing runs any more.
    pub(super) fn is_halted(&self) -> bool {
        self.requests > 1
    }

    /// When the run is to be ended, if that has not begun.
    pub(super) fn due(&self) -> Option<Instant> {
        self.deadline.map(|(deadline, _)| deadline).filter(|_| !self.is_stopping())
    }

    /// How the run ends, given how its root region did.
    pub(super) fn state(&self, root: State) -> State {
        match root {
            State::Succeeded => root,
            _ if self.requests > 0 => State::Cancelled,
            _ if self.is_too_late => State::Failed,
            _ => root,
        }
    }

    /// What there is to say about it.
    pub(super) fn message(&self) -> Option<String> {
        match (self.requests, self.is_too_late, self.deadline) {
            (0, true, Some((_, timeout))) => {
                Some(format!("the pipeline ran longer than its timeout of {timeout}"))
            }
            (0, ..) => None,
            _ => Some("the run was cancelled".to_owned()),
        }
    }
}

impl Dispatcher<'_, '_> {
    /// Somebody wants the run to end, for the first or for another time.
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

    /// The pipeline's own deadline has come.
    pub(super) fn run_out_of_time(&mut self) -> Result<(), StoreError> {
        self.stop.is_too_late = true;
        self.end_jobs()
    }

    /// Ends all processes at once.
    pub(super) fn kill_all(&mut self) {
        for job in self.jobs.values_mut() {
            if let JobStage::Running { group, .. } = &job.stage {
                group.end(Signal::KILL);
                job.reason.get_or_insert(StopReason::Cancelled);
            }
        }
    }

    /// Ends every job that is not part of an exit handler, in good order.
    fn end_jobs(&mut self) -> Result<(), StoreError> {
        let affected: Vec<JobId> =
            self.jobs.iter().filter(|(_, job)| self.is_stopped(job.frame)).map(|(id, _)| *id).collect();
        let kill_at = self.setup.clock.now() + self.setup.grace;
        for id in affected {
            let Some(job) = self.jobs.get_mut(&id) else { continue };
            if let JobStage::Running { .. } = job.stage {
                job.terminate(StopReason::Cancelled, kill_at);
            } else if let JobStage::Filing = job.stage {
                // It has succeeded already, and says so in a moment.
            } else if let Some(job) = self.jobs.remove(&id) {
                self.queue.retain(|queued| *queued != id);
                let ending = Ending { attempts: job.tries, ..Ending::default() };
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
        // Tasks that wait in any frame are settled when it is looked at.
        self.agenda.extend(self.frames.ids());
        Ok(())
    }
}
