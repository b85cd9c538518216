//! Jobs: starting the attempts of steps, and handling their ends.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::dispatcher::Dispatcher;
use super::ending::Ending;
use super::frame::Settled;
use super::job::{HeldResult, Job, JobStage, StopReason};
use super::message::JobId;
use super::place::Place;
use super::worker::spawn_worker;
use super::{AttemptContext, Message, SimulatedAttempt, Simulator, retry};
use crate::process::Identity;
use crate::step::{Attempt, AttemptResult, Group, Layout, StepEvent};
use crate::store::{AttemptEnd, StoreError};
use crate::{Event, Failure, State};

impl<'r> Dispatcher<'r, '_> {
    /// Adds a job to the queue, to run as soon as the parallelism allows.
    pub(super) fn enqueue(&mut self, job: Job<'r>) {
        let id = JobId(self.next_job);
        self.next_job += 1;
        self.jobs.insert(id, job);
        self.queue.push_back(id);
    }

    /// Starts attempts as long as the parallelism allows.
    pub(super) fn launch(&mut self) -> Result<(), StoreError> {
        while self.running < self.setup.parallelism && !self.is_interrupted() {
            let next = self.setup.simulator.map_or(0, |simulator| simulator.next_job(self.queue.len()));
            let Some(id) = self.queue.remove(next) else { break };
            self.launch_job(id)?;
        }
        Ok(())
    }

    fn launch_job(&mut self, id: JobId) -> Result<(), StoreError> {
        if !self.must_compute(id)? {
            return Ok(());
        }
        let Some(job) = self.jobs.get_mut(&id) else { return Ok(()) };
        job.attempt += 1;
        job.attempts += 1;
        job.reason = None;
        let layout = Layout::new(self.store.folder(), self.run.as_str(), &job.path, job.attempt);
        let group = Arc::new(Group::new(self.setup.supervisor.clone(), layout.marker()));
        job.stage =
            JobStage::Running { group: Arc::clone(&group), terminate_at: None, kill_at: None, held: None };
        let (frame, task, attempts, attempt) = (job.frame, job.task, job.attempts, job.attempt);
        let (path, inputs, key) = (job.path.clone(), job.inputs.clone(), job.key().map(str::to_owned));
        if attempts == 1 {
            self.begin(frame, task, key.as_deref(), &inputs)?;
        }
        self.store.begin_attempt(&self.run, &path, attempt)?;
        let prepared = self.prepare_attempt(id);
        self.running += 1;
        if let Some(simulator) = self.setup.simulator {
            self.simulate(id, simulator, prepared);
            return Ok(());
        }
        let program = self.program(id);
        let sender = self.sender.clone();
        spawn_worker(move || {
            let mut report = |event| {
                // The receiver is gone if the run was abandoned.
                let _ = sender.send(Message::Step(id, event));
            };
            let result = prepared.and_then(|attempt| attempt.execute(&program?, &group, &mut report));
            let _ = sender.send(Message::Ended(id, result));
        });
        Ok(())
    }

    /// Simulates the attempt, and holds its result back until the virtual clock has advanced.
    fn simulate(&mut self, id: JobId, simulator: &dyn Simulator, prepared: Result<Attempt, Failure>) {
        let Some(job) = self.jobs.get(&id) else { return };
        let context = AttemptContext { path: &job.path, number: job.attempt };
        let failed = |failure| SimulatedAttempt { result: Err(failure), duration: Some(Duration::ZERO) };
        let mut simulated = prepared.map_or_else(failed, |attempt| simulator.simulate(&context, &attempt));
        self.arm_timeout(id);
        let end_is_due = self.stop.due().is_some();
        let now = self.setup.clock.now();
        let Some(Job { stage: JobStage::Running { held, terminate_at, .. }, .. }) = self.jobs.get_mut(&id)
        else {
            return;
        };
        if simulated.duration.is_none() && terminate_at.is_none() && !end_is_due {
            let message = "the step hangs forever: neither the step nor its pipeline has a timeout";
            simulated = failed(Failure::error(message));
        }
        let until = simulated.duration.and_then(|duration| now.checked_add(duration));
        *held = Some(HeldResult { until, result: simulated.result });
        self.release_results();
    }

    /// Sends the results of simulated attempts that are due or are being ended.
    pub(super) fn release_results(&mut self) {
        let now = self.setup.clock.now();
        for (id, job) in &mut self.jobs {
            let JobStage::Running { held, .. } = &mut job.stage else { continue };
            let is_due =
                |held: &mut HeldResult| job.reason.is_some() || held.until.is_some_and(|until| until <= now);
            if let Some(HeldResult { result, .. }) = held.take_if(is_due) {
                // The dispatcher has the receiver, so sending cannot fail.
                let _ = self.sender.send(Message::Ended(*id, result));
            }
        }
    }

    pub(super) fn layout(&self, job: &Job<'_>) -> Layout {
        Layout::new(self.store.folder(), self.run.as_str(), &job.path, job.attempt)
    }

    /// Handles an event of the current attempt of a job.
    pub(super) fn step_event(&mut self, id: JobId, event: StepEvent) -> Result<(), StoreError> {
        let Some(job) = self.jobs.get(&id) else { return Ok(()) };
        let Place { path, label } = self.place(job.frame, job.task);
        let event = match event {
            StepEvent::Started(process) => return self.process_started(id, &process),
            StepEvent::InstallAwaited => {
                let message = "waiting for another step or run that installs the same packages".to_owned();
                Event::Notice { path, label, message }
            }
            StepEvent::UvFailed { last_line } => {
                let message = format!("uv could not install the packages, so pip installs them: {last_line}");
                Event::Notice { path, label, message }
            }
            StepEvent::InstallStarted { packages, log } => {
                Event::InstallStarted { path, label, packages, log }
            }
            StepEvent::InstallFinished { packages, duration, last_line } => {
                Event::InstallFinished { path, label, packages, duration, last_line }
            }
        };
        (self.events)(event);
        Ok(())
    }

    fn process_started(&mut self, id: JobId, process: &Identity) -> Result<(), StoreError> {
        self.arm_timeout(id);
        let Some(job) = self.jobs.get(&id) else { return Ok(()) };
        self.store.record_process(&self.run, &job.path, job.attempt, process)?;
        if let JobStage::Running { group, .. } = &job.stage {
            group.start();
        }
        Ok(())
    }

    /// Sets the time at which the attempt exceeds its timeout, when its first process starts.
    fn arm_timeout(&mut self, id: JobId) {
        let now = self.setup.clock.now();
        let Some(job) = self.jobs.get_mut(&id) else { return };
        if let (JobStage::Running { terminate_at: terminate_at @ None, kill_at: None, .. }, Some(timeout)) =
            (&mut job.stage, job.policy.timeout)
        {
            *terminate_at = now.checked_add(Duration::from_secs(timeout.seconds()));
        }
    }

    pub(super) fn attempt_ended(&mut self, id: JobId, result: AttemptResult) -> Result<(), StoreError> {
        self.running -= 1;
        let Some(mut job) = self.jobs.remove(&id) else { return Ok(()) };
        let result = match job.reason.and_then(|reason| job.failure_of(reason)) {
            Some(failure) => Err(failure),
            None => result,
        };
        let is_cancelled = job.reason == Some(StopReason::Cancelled);
        let state = match &result {
            _ if is_cancelled => State::Cancelled,
            Ok(_) => State::Succeeded,
            Err(failure) => failure.state,
        };
        let end = AttemptEnd { path: &job.path, attempt: job.attempt, state, failure: result.as_ref().err() };
        self.store.end_attempt(&self.run, &end)?;
        if is_cancelled {
            let ending = self.ending(&job, None);
            self.release_claim(&mut job);
            return self.settle(job.frame, job.task, Settled::empty(state), ending);
        }
        match result {
            Ok(outputs) if job.cache_key.is_some() => {
                self.store_result(id, job, outputs);
                Ok(())
            }
            Ok(outputs) => {
                let ending = self.ending(&job, None);
                self.settle(job.frame, job.task, Settled::with(state, outputs), ending)
            }
            Err(failure) => {
                let retry_in = self.retry_delay(&job, &failure);
                self.report_failure(&job, &failure, retry_in);
                let Some(delay) = retry_in else {
                    let ending = self.ending(&job, Some(failure));
                    self.release_claim(&mut job);
                    return self.settle(job.frame, job.task, Settled::empty(state), ending);
                };
                job.stage = JobStage::Delayed { until: self.setup.clock.now() + delay };
                self.jobs.insert(id, job);
                Ok(())
            }
        }
    }

    fn retry_delay(&self, job: &Job<'_>, failure: &Failure) -> Option<Duration> {
        let delay = retry::delay(job.policy.retry.as_ref(), failure, job.attempts)?;
        (!self.is_stopped(job.frame)).then_some(delay)
    }

    fn report_failure(&mut self, job: &Job<'_>, failure: &Failure, retry_in: Option<Duration>) {
        let label = self.place(job.frame, job.task).label;
        (self.events)(Event::AttemptFailed {
            path: job.path.clone(),
            label,
            attempt: job.attempt,
            failure: failure.clone(),
            retry_in,
        });
    }

    pub(super) fn ending(&self, job: &Job<'_>, failure: Option<Failure>) -> Ending {
        let log: PathBuf = self.layout(job).log();
        Ending { failure, attempts: job.attempts, log: log.exists().then_some(log), ..Ending::default() }
    }

    /// Returns the next time at which something is due, if no message arrives before.
    pub(super) fn next_due(&self) -> Option<Instant> {
        self.jobs.values().filter_map(Job::due).chain(self.stop.due()).min()
    }

    /// Handles everything that is due.
    pub(super) fn handle_due(&mut self) -> Result<(), StoreError> {
        let now = self.setup.clock.now();
        if self.stop.due().is_some_and(|due| due <= now) {
            self.time_out()?;
        }
        let grace = self.setup.grace;
        for (id, job) in &mut self.jobs {
            match &mut job.stage {
                JobStage::Delayed { until } | JobStage::Waiting { until } if *until <= now => {
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
                | JobStage::Delayed { .. }
                | JobStage::Waiting { .. }
                | JobStage::Restoring(_)
                | JobStage::Storing { .. }
                | JobStage::Running { .. } => {}
            }
        }
        self.release_results();
        Ok(())
    }
}
