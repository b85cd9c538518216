//! Jobs: steps that were started, from their first attempt to their last.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use kfp_model::{Component, Policy, Task};
use rustix::process::Signal;
use serde_json::Value;

use super::dispatcher::Dispatcher;
use super::frame::{FrameId, Settled};
use super::message::JobId;
use super::record::Ending;
use super::{Message, retry};
use crate::process::Identity;
use crate::step::{Ended, Group, Layout};
use crate::store::{AttemptEnd, StoreError};
use crate::{Class, Event, Failure, State};

/// A step that was started.
pub(super) struct Job<'r> {
    pub(super) frame: FrameId,
    pub(super) task: &'r Task,
    pub(super) component: &'r Component,
    pub(super) policy: Policy,
    pub(super) path: String,
    pub(super) inputs: BTreeMap<String, Value>,
    pub(super) cache_key: Option<String>,
    /// The number of the current attempt; attempts before an interruption count.
    pub(super) attempt: u32,
    /// The number of attempts of this part of the run.
    pub(super) tries: u32,
    pub(super) stage: Stage,
    /// Why the current attempt was told to end.
    pub(super) reason: Option<StopReason>,
}

/// How far a job is.
pub(super) enum Stage {
    /// It waits for its turn.
    Queued,
    /// It waits for the end of the pause before its next attempt.
    Pausing { until: Instant },
    /// An attempt is under way.
    Running { group: Arc<Group>, terminate_at: Option<Instant>, kill_at: Option<Instant> },
}

/// Why an attempt was told to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StopReason {
    /// It ran longer than it may.
    TimedOut,
    /// The run is being ended.
    Cancelled,
}

impl Job<'_> {
    /// Asks the processes of the job to end, and sets the time at which they are made to.
    pub(super) fn terminate(&mut self, why: StopReason, kill: Instant) {
        let Stage::Running { group, terminate_at, kill_at } = &mut self.stage else { return };
        group.end(Signal::TERM);
        *terminate_at = None;
        kill_at.get_or_insert(kill);
        self.reason.get_or_insert(why);
    }

    /// When something is to be done about the job, if nobody else does anything before.
    fn due(&self) -> Option<Instant> {
        match &self.stage {
            Stage::Queued => None,
            Stage::Pausing { until } => Some(*until),
            Stage::Running { terminate_at, kill_at, .. } => {
                terminate_at.iter().chain(kill_at.iter()).min().copied()
            }
        }
    }

    fn failure_of(&self, reason: StopReason) -> Option<Failure> {
        let timeout = self.policy.timeout?;
        (reason == StopReason::TimedOut).then(|| Failure {
            state: State::Failed,
            class: Class::Timeout,
            message: format!("the step ran longer than its timeout of {timeout}"),
            exit_code: None,
        })
    }
}

impl<'r> Dispatcher<'r, '_> {
    /// Takes in a job that is to be run as soon as there is room for it.
    pub(super) fn enqueue(&mut self, job: Job<'r>) {
        let id = JobId(self.next_job);
        self.next_job += 1;
        self.jobs.insert(id, job);
        self.queue.push_back(id);
    }

    /// Starts attempts as long as there is room.
    pub(super) fn launch(&mut self) -> Result<(), StoreError> {
        while self.running < self.setup.parallelism {
            let Some(id) = self.queue.pop_front() else { break };
            self.launch_job(id)?;
        }
        Ok(())
    }

    fn launch_job(&mut self, id: JobId) -> Result<(), StoreError> {
        let Some(job) = self.jobs.get_mut(&id) else { return Ok(()) };
        job.attempt += 1;
        job.tries += 1;
        job.reason = None;
        let group = Arc::new(Group::default());
        job.stage = Stage::Running { group: Arc::clone(&group), terminate_at: None, kill_at: None };
        let (frame, task, tries, attempt) = (job.frame, job.task, job.tries, job.attempt);
        let (path, inputs, key) = (job.path.clone(), job.inputs.clone(), job.cache_key.clone());
        if tries == 1 {
            self.begin(frame, task, key.as_deref(), &inputs)?;
        }
        self.store.begin_attempt(&self.run, &path, attempt)?;
        let prepared = self.prepare_attempt(id);
        let sender = self.sender.clone();
        self.running += 1;
        thread::spawn(move || {
            let mut started = |process| {
                // Nobody listens any more once the run was given up.
                let _ = sender.send(Message::Started(id, process));
            };
            let ended = prepared.and_then(|attempt| attempt.execute(&group, &mut started));
            let _ = sender.send(Message::Ended(id, ended));
        });
        Ok(())
    }

    pub(super) fn layout(&self, job: &Job<'_>) -> Layout {
        Layout::new(self.store.folder(), self.run.as_str(), &job.path, job.attempt)
    }

    pub(super) fn process_started(&mut self, id: JobId, process: &Identity) -> Result<(), StoreError> {
        let Some(job) = self.jobs.get_mut(&id) else { return Ok(()) };
        if let (Stage::Running { terminate_at, kill_at: None, .. }, Some(timeout)) =
            (&mut job.stage, job.policy.timeout)
        {
            *terminate_at = Instant::now().checked_add(Duration::from_secs(timeout.seconds()));
        }
        self.store.note_process(&self.run, &job.path, job.attempt, process)
    }

    pub(super) fn attempt_ended(&mut self, id: JobId, ended: Ended) -> Result<(), StoreError> {
        self.running -= 1;
        let Some(mut job) = self.jobs.remove(&id) else { return Ok(()) };
        let ended = match job.reason.and_then(|reason| job.failure_of(reason)) {
            Some(failure) => Err(failure),
            None => ended,
        };
        let is_cancelled = job.reason == Some(StopReason::Cancelled);
        let state = match &ended {
            _ if is_cancelled => State::Cancelled,
            Ok(_) => State::Succeeded,
            Err(failure) => failure.state,
        };
        let end = AttemptEnd { path: &job.path, attempt: job.attempt, state, failure: ended.as_ref().err() };
        self.store.end_attempt(&self.run, &end)?;
        if is_cancelled {
            let ending = self.ending(&job, None);
            return self.settle(job.frame, job.task, Settled::empty(state), ending);
        }
        match ended {
            Ok(outputs) => {
                self.keep_result(&job, &outputs)?;
                let ending = self.ending(&job, None);
                self.settle(job.frame, job.task, Settled::with(state, outputs), ending)
            }
            Err(failure) => {
                let retry_in = self.pause(&job, &failure);
                self.tell_failure(&job, &failure, retry_in);
                let Some(pause) = retry_in else {
                    let ending = self.ending(&job, Some(failure));
                    return self.settle(job.frame, job.task, Settled::empty(state), ending);
                };
                job.stage = Stage::Pausing { until: Instant::now() + pause };
                self.jobs.insert(id, job);
                Ok(())
            }
        }
    }

    fn pause(&self, job: &Job<'_>, failure: &Failure) -> Option<Duration> {
        let pause = retry::pause(job.policy.retry.as_ref(), failure, job.tries)?;
        (!self.is_stopped(job.frame)).then_some(pause)
    }

    fn tell_failure(&mut self, job: &Job<'_>, failure: &Failure, retry_in: Option<Duration>) {
        (self.events)(Event::AttemptFailed {
            path: job.path.clone(),
            attempt: job.attempt,
            failure: failure.clone(),
            retry_in,
        });
    }

    fn ending(&self, job: &Job<'_>, failure: Option<Failure>) -> Ending {
        let log: PathBuf = self.layout(job).log();
        Ending { failure, attempts: job.tries, log: log.exists().then_some(log), ..Ending::default() }
    }

    /// The next time at which something is to be done, if nothing happens before.
    pub(super) fn next_due(&self) -> Option<Instant> {
        self.jobs.values().filter_map(Job::due).chain(self.stop.due()).min()
    }

    /// Does everything that is due.
    pub(super) fn look_at_clock(&mut self) -> Result<(), StoreError> {
        let now = Instant::now();
        if self.stop.due().is_some_and(|due| due <= now) {
            self.run_out_of_time()?;
        }
        let grace = self.setup.grace;
        for (id, job) in &mut self.jobs {
            match &mut job.stage {
                Stage::Pausing { until } if *until <= now => {
                    job.stage = Stage::Queued;
                    self.queue.push_back(*id);
                }
                Stage::Running { group, kill_at, .. } if kill_at.is_some_and(|due| due <= now) => {
                    group.end(Signal::KILL);
                    *kill_at = None;
                }
                Stage::Running { terminate_at, .. } if terminate_at.is_some_and(|due| due <= now) => {
                    job.terminate(StopReason::TimedOut, now + grace);
                }
                Stage::Queued | Stage::Pausing { .. } | Stage::Running { .. } => {}
            }
        }
        Ok(())
    }
}
