//! Ending a run early: because it was cancelled, or because it exceeds its timeout.

use rustix::process::Signal;

use super::dispatcher::Dispatcher;
use super::ending::Ending;
use super::frame::Settled;
use super::job::{Job, JobStage, StopReason};
use super::message::{JobId, QuestionId};
use super::pending::Waiting;
use crate::store::StoreError;
use crate::{Event, State};

impl Dispatcher<'_, '_> {
    /// Handles a request to end the run: the first one or a later one.
    pub(super) fn cancel(&mut self) -> Result<(), StoreError> {
        self.stop.request();
        if self.stop.is_halted() {
            self.kill_all();
        } else {
            (self.events)(Event::Cancelling { grace: self.setup.grace });
        }
        self.end_jobs()?;
        let is_stored = |(_, job): &(&JobId, &Job<'_>)| {
            matches!(job.stage, JobStage::Storing { .. }) && self.is_stopped(job.frame)
        };
        let stored: Vec<JobId> = self.jobs.iter().filter(is_stored).map(|(id, _)| *id).collect();
        stored.into_iter().try_for_each(|id| self.stop_storing(id))
    }

    /// Ends the run because it has exceeded its timeout.
    pub(super) fn time_out(&mut self) -> Result<(), StoreError> {
        self.stop.time_out();
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
            } else if let JobStage::Storing { .. } = job.stage {
                // The step has succeeded.
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
