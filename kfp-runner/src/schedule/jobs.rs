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
use super::{Cue, Message, Played, Stage, retry};
use crate::claim::Claim;
use crate::process::Identity;
use crate::step::{Attempt, Ended, Group, Layout};
use crate::store::{AttemptEnd, Cached, StoreError};
use crate::{Event, Failure, FailureClass, State};

/// A step that was started.
pub(super) struct Job<'r> {
    pub(super) frame: FrameId,
    pub(super) task: &'r Task,
    pub(super) component: &'r Component,
    pub(super) policy: &'r Policy,
    pub(super) path: String,
    pub(super) inputs: BTreeMap<String, Value>,
    pub(super) cache_key: Option<String>,
    /// Keeps others from computing the same result.
    pub(super) claim: Option<Claim>,
    /// Whether it has been reported that somebody else computes the same result.
    pub(super) waits: bool,
    /// The number of the current attempt; attempts before an interruption count.
    pub(super) attempt: u32,
    /// The number of attempts of this part of the run.
    pub(super) tries: u32,
    pub(super) stage: JobStage,
    /// Why the current attempt was told to end.
    pub(super) reason: Option<StopReason>,
}

/// How far a job is.
pub(super) enum JobStage {
    /// It waits for its turn.
    Queued,
    /// It waits for the end of the pause before its next attempt.
    Pausing { until: Instant },
    /// Another task or run computes the same result.
    Waiting { until: Instant },
    /// The files of a cached result are verified and put in their places.
    Restoring(Cached),
    /// It has succeeded, and its files are put into the cache.
    Filing,
    /// An attempt is under way.
    Running { group: Arc<Group>, terminate_at: Option<Instant>, kill_at: Option<Instant>, held: Option<Held> },
}

/// The end of an attempt that was played, which is not told before its time.
pub(super) struct Held {
    /// When it is told at the latest; nothing where the attempt goes on until it is told to end.
    until: Option<Instant>,
    ended: Ended,
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
        let JobStage::Running { group, terminate_at, kill_at, .. } = &mut self.stage else { return };
        group.end(Signal::TERM);
        *terminate_at = None;
        kill_at.get_or_insert(kill);
        self.reason.get_or_insert(why);
    }

    /// When something is to be done about the job, if nobody else does anything before.
    fn due(&self) -> Option<Instant> {
        match &self.stage {
            JobStage::Queued | JobStage::Restoring(_) | JobStage::Filing => None,
            JobStage::Pausing { until } | JobStage::Waiting { until } => Some(*until),
            JobStage::Running { terminate_at, kill_at, held, .. } => {
                let held = held.iter().filter_map(|held| held.until.as_ref());
                terminate_at.iter().chain(kill_at.iter()).chain(held).min().copied()
            }
        }
    }

    fn failure_of(&self, reason: StopReason) -> Option<Failure> {
        let timeout = self.policy.timeout?;
        (reason == StopReason::TimedOut).then(|| Failure {
            state: State::Failed,
            class: FailureClass::Timeout,
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
        while self.running < self.setup.parallelism && !self.is_interrupted() {
            let next = self.setup.stage.map_or(0, |stage| stage.next_of(self.queue.len()));
            let Some(id) = self.queue.remove(next) else { break };
            self.launch_job(id)?;
        }
        Ok(())
    }

    fn launch_job(&mut self, id: JobId) -> Result<(), StoreError> {
        if !self.is_to_compute(id)? {
            return Ok(());
        }
        let Some(job) = self.jobs.get_mut(&id) else { return Ok(()) };
        job.attempt += 1;
        job.tries += 1;
        job.reason = None;
        let layout = Layout::new(self.store.folder(), self.run.as_str(), &job.path, job.attempt);
        let group = Arc::new(Group::new(self.setup.supervisor.clone(), layout.marker()));
        job.stage =
            JobStage::Running { group: Arc::clone(&group), terminate_at: None, kill_at: None, held: None };
        let (frame, task, tries, attempt) = (job.frame, job.task, job.tries, job.attempt);
        let (path, inputs, key) = (job.path.clone(), job.inputs.clone(), job.cache_key.clone());
        if tries == 1 {
            self.begin(frame, task, key.as_deref(), &inputs)?;
        }
        self.store.begin_attempt(&self.run, &path, attempt)?;
        let prepared = self.prepare_attempt(id);
        self.running += 1;
        if let Some(stage) = self.setup.stage {
            self.play(id, stage, prepared);
            return Ok(());
        }
        let program = self.program(id);
        let sender = self.sender.clone();
        thread::spawn(move || {
            let mut started = |process| {
                // Nobody listens any more once the run was given up.
                let _ = sender.send(Message::Started(id, process));
            };
            let ended = prepared.and_then(|attempt| attempt.execute(&program?, &group, &mut started));
            let _ = sender.send(Message::Ended(id, ended));
        });
        Ok(())
    }

    /// Has the attempt played, and keeps its end until the clock of the run is that far.
    fn play(&mut self, id: JobId, stage: &dyn Stage, prepared: Result<Attempt, Failure>) {
        let Some(job) = self.jobs.get(&id) else { return };
        let cue = Cue { path: &job.path, number: job.attempt };
        let at_once = |failure| Played { ended: Err(failure), lasts: Some(Duration::ZERO) };
        let mut played = prepared.map_or_else(at_once, |attempt| stage.play(&cue, &attempt));
        self.arm_timeout(id);
        let end_is_due = self.stop.due().is_some();
        let now = self.setup.clock.now();
        let Some(Job { stage: JobStage::Running { held, terminate_at, .. }, .. }) = self.jobs.get_mut(&id)
        else {
            return;
        };
        if played.lasts.is_none() && terminate_at.is_none() && !end_is_due {
            let endless = "the step hangs, and nothing ends it: neither it nor its pipeline has a timeout";
            played = at_once(Failure::error(endless));
        }
        let until = played.lasts.and_then(|lasts| now.checked_add(lasts));
        *held = Some(Held { until, ended: played.ended });
        self.release();
    }

    /// Tells the ends of attempts whose time has come, or that were told to end.
    pub(super) fn release(&mut self) {
        let now = self.setup.clock.now();
        for (id, job) in &mut self.jobs {
            let JobStage::Running { held, .. } = &mut job.stage else { continue };
            let is_due =
                |held: &mut Held| job.reason.is_some() || held.until.is_some_and(|until| until <= now);
            if let Some(Held { ended, .. }) = held.take_if(is_due) {
                // The receiver is this dispatcher's own.
                let _ = self.sender.send(Message::Ended(*id, ended));
            }
        }
    }

    pub(super) fn layout(&self, job: &Job<'_>) -> Layout {
        Layout::new(self.store.folder(), self.run.as_str(), &job.path, job.attempt)
    }

    pub(super) fn process_started(&mut self, id: JobId, process: &Identity) -> Result<(), StoreError> {
        self.arm_timeout(id);
        let Some(job) = self.jobs.get(&id) else { return Ok(()) };
        self.store.note_process(&self.run, &job.path, job.attempt, process)?;
        if let JobStage::Running { group, .. } = &job.stage {
            group.start();
        }
        Ok(())
    }

    /// Sets the time at which the attempt has run too long, when its first process starts.
    fn arm_timeout(&mut self, id: JobId) {
        let now = self.setup.clock.now();
        let Some(job) = self.jobs.get_mut(&id) else { return };
        if let (JobStage::Running { terminate_at: terminate_at @ None, kill_at: None, .. }, Some(timeout)) =
            (&mut job.stage, job.policy.timeout)
        {
            *terminate_at = now.checked_add(Duration::from_secs(timeout.seconds()));
        }
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
            self.unclaim(&mut job);
            return self.settle(job.frame, job.task, Settled::empty(state), ending);
        }
        match ended {
            Ok(outputs) if job.cache_key.is_some() => {
                self.file(id, job, outputs);
                Ok(())
            }
            Ok(outputs) => {
                let ending = self.ending(&job, None);
                self.settle(job.frame, job.task, Settled::with(state, outputs), ending)
            }
            Err(failure) => {
                let retry_in = self.pause(&job, &failure);
                self.tell_failure(&job, &failure, retry_in);
                let Some(pause) = retry_in else {
                    let ending = self.ending(&job, Some(failure));
                    self.unclaim(&mut job);
                    return self.settle(job.frame, job.task, Settled::empty(state), ending);
                };
                job.stage = JobStage::Pausing { until: self.setup.clock.now() + pause };
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

    pub(super) fn ending(&self, job: &Job<'_>, failure: Option<Failure>) -> Ending {
        let log: PathBuf = self.layout(job).log();
        Ending { failure, attempts: job.tries, log: log.exists().then_some(log), ..Ending::default() }
    }

    /// The next time at which something is to be done, if nothing happens before.
    pub(super) fn next_due(&self) -> Option<Instant> {
        self.jobs.values().filter_map(Job::due).chain(self.stop.due()).min()
    }

    /// Does everything that is due.
    pub(super) fn look_at_clock(&mut self) -> Result<(), StoreError> {
        let now = self.setup.clock.now();
        if self.stop.due().is_some_and(|due| due <= now) {
            self.run_out_of_time()?;
        }
        let grace = self.setup.grace;
        for (id, job) in &mut self.jobs {
            match &mut job.stage {
                JobStage::Pausing { until } | JobStage::Waiting { until } if *until <= now => {
                    job.stage = JobStage::Queued;
                    self.queue.push_back(*id);
                }
                JobStage::Running { group, kill_at, .. } if kill_at.is_some_and(|due| due <= now) => {
                    group.end(Signal::KILL);
                    *kill_at = None;
                }
                JobStage::Running { terminate_at, .. } if terminate_at.is_some_and(|due| due <= now) => {
                    job.terminate(StopReason::TimedOut, now + grace);
                }
                JobStage::Queued
                | JobStage::Pausing { .. }
                | JobStage::Waiting { .. }
                | JobStage::Restoring(_)
                | JobStage::Filing
                | JobStage::Running { .. } => {}
            }
        }
        self.release();
        Ok(())
    }
}
