//! The result of a test run, and the queries on it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::{Event, Failure, Kind, RunReport, State, TaskReport, artifact};

/// The result of a run. Its files are kept until it is dropped.
///
/// Tasks are found by path, such as `exit-handler/train-model`, or by name. If several tasks have the same name, it
/// refers to the one that ended first.
#[derive(Debug)]
pub struct TestRun {
    report: RunReport,
    log: Log,
    attempts: BTreeMap<String, Vec<TestAttempt>>,
    folder: TempDir,
}

/// The result of a task.
#[derive(Debug, Clone, Copy)]
pub struct TestTask<'a> {
    run: &'a TestRun,
    report: &'a TaskReport,
}

/// One attempt of a step.
#[derive(Debug, Clone, PartialEq)]
pub struct TestAttempt {
    /// The number of the attempt, counted from 1.
    pub number: u32,
    /// The time since the start of the run at which the attempt started.
    pub started_at: Duration,
    /// The inputs by name; secrets by the names of their keys, artifacts as JSON objects.
    pub inputs: BTreeMap<String, Value>,
    /// Why the attempt failed, if it did.
    pub failure: Option<Failure>,
    /// The time until the next attempt, if there was one.
    pub retry_in: Option<Duration>,
}

/// When tasks started and ended.
#[derive(Debug, Default)]
pub(super) struct Log {
    /// The position in the run and the time of each start, by the path of the task.
    started: BTreeMap<String, (usize, Duration)>,
    ended: BTreeMap<String, (usize, Duration)>,
    position: usize,
}

impl Log {
    pub(super) fn note(
        &mut self,
        event: &Event,
        now: Duration,
        attempts: &RefCell<BTreeMap<String, Vec<TestAttempt>>>,
    ) {
        let when = (self.position, now);
        self.position += 1;
        match event {
            Event::TaskStarted { path, .. } => {
                self.started.insert(path.clone(), when);
            }
            Event::TaskFinished(report) => {
                self.ended.insert(report.path.clone(), when);
            }
            Event::AttemptFailed { path, failure, retry_in, .. } => {
                if let Some(last) = attempts.borrow_mut().get_mut(path).and_then(|list| list.last_mut()) {
                    last.failure = Some(failure.clone());
                    last.retry_in = *retry_in;
                }
            }
            Event::RunStarted { .. }
            | Event::RunResumed { .. }
            | Event::TotalChanged { .. }
            | Event::InstallStarted { .. }
            | Event::InstallFinished { .. }
            | Event::Cancelling { .. }
            | Event::Notice { .. }
            | Event::RunFinished { .. } => {}
        }
    }
}

impl TestRun {
    pub(super) fn new(
        report: RunReport,
        log: Log,
        attempts: BTreeMap<String, Vec<TestAttempt>>,
        folder: TempDir,
    ) -> Self {
        Self { report, log, attempts, folder }
    }

    /// Returns the final state of the run.
    pub fn state(&self) -> State {
        self.report.state
    }

    /// Returns whether the run succeeded.
    pub fn succeeded(&self) -> bool {
        self.state() == State::Succeeded
    }

    /// Returns whether the run failed.
    pub fn failed(&self) -> bool {
        self.state() == State::Failed
    }

    /// Returns the message about the end of the run, in addition to the messages of tasks.
    pub fn message(&self) -> Option<&str> {
        self.report.message.as_deref()
    }

    /// Returns the duration of the run on its virtual clock, which includes retry delays, timeouts and
    /// [`takes`](super::Harness::takes).
    pub fn duration(&self) -> Duration {
        self.report.duration
    }

    /// Returns an output of the pipeline.
    ///
    /// # Panics
    /// There is no output of that name, for example because the run failed.
    #[track_caller]
    pub fn output(&self, name: &str) -> &Value {
        let Some(value) = self.report.outputs.get(name) else {
            panic!("unknown output `{name}` of a run with state `{}`", self.state())
        };
        value
    }

    /// Returns a task by its path or name.
    ///
    /// # Panics
    /// There is no such task.
    #[track_caller]
    pub fn task(&self, name: &str) -> TestTask<'_> {
        let Some(report) = self.report.task(name) else {
            let paths: Vec<&str> = self.report.tasks.iter().map(|task| task.path.as_str()).collect();
            panic!("unknown task `{name}`; the tasks of the run are {}", paths.join(", "))
        };
        TestTask { run: self, report }
    }

    /// Returns all tasks of that name, such as those of the iterations of a loop, sorted by path.
    pub fn tasks(&self, name: &str) -> Vec<TestTask<'_>> {
        let named = self.report.tasks.iter().filter(|task| task.name == name);
        let mut tasks: Vec<_> = named.map(|report| TestTask { run: self, report }).collect();
        tasks.sort_by_key(TestTask::path);
        tasks
    }

    /// Returns the paths of all steps that started, in that order.
    pub fn order(&self) -> Vec<&str> {
        let started =
            |task: &&TaskReport| task.kind == Kind::Step && self.log.started.contains_key(&task.path);
        let mut paths: Vec<_> =
            self.report.tasks.iter().filter(started).map(|task| task.path.as_str()).collect();
        paths.sort_by_key(|path| self.log.started.get(*path));
        paths
    }

    /// Returns whether the first task ended before the second one started. If one of them did not run, returns `false`.
    ///
    /// # Panics
    /// There is no such task.
    #[track_caller]
    pub fn is_before(&self, first: &str, second: &str) -> bool {
        let (first, second) = (self.task(first).path(), self.task(second).path());
        match (self.log.started.get(first), self.log.ended.get(first), self.log.started.get(second)) {
            (Some(_), Some(end), Some(start)) => end < start,
            _ => false,
        }
    }

    /// Returns the complete report of the run.
    pub fn report(&self) -> &RunReport {
        &self.report
    }
}

impl<'a> TestTask<'a> {
    /// Returns the names on the path to the task, joined by `/`.
    pub fn path(&self) -> &'a str {
        &self.report.path
    }

    /// Returns the final state of the task.
    pub fn state(&self) -> State {
        self.report.state
    }

    /// Returns whether the task succeeded.
    pub fn succeeded(&self) -> bool {
        self.state() == State::Succeeded
    }

    /// Returns whether the task failed.
    pub fn failed(&self) -> bool {
        self.state() == State::Failed
    }

    /// Returns whether the task was skipped because it was not needed.
    pub fn is_skipped(&self) -> bool {
        self.state() == State::Skipped
    }

    /// Returns whether the task did not run because an earlier task failed.
    pub fn is_omitted(&self) -> bool {
        self.state() == State::Omitted
    }

    /// Returns why the task failed or did not run.
    pub fn message(&self) -> Option<&'a str> {
        self.report.message.as_deref()
    }

    /// Returns the exit code of the last attempt, if it failed.
    pub fn exit_code(&self) -> Option<i32> {
        self.report.exit_code
    }

    /// Returns the attempts, from the first to the last.
    pub fn attempts(&self) -> &'a [TestAttempt] {
        self.run.attempts.get(&self.report.path).map_or(&[], Vec::as_slice)
    }

    /// Returns the delays between the attempts.
    pub fn pauses(&self) -> Vec<Duration> {
        self.attempts().iter().filter_map(|attempt| attempt.retry_in).collect()
    }

    /// Returns the time between the starts of the run and the task; `None` if the task did not start.
    pub fn started_at(&self) -> Option<Duration> {
        self.run.log.started.get(&self.report.path).map(|(_, time)| *time)
    }

    /// Returns the duration of the task on the virtual clock, including all attempts and retry delays.
    pub fn duration(&self) -> Duration {
        self.report.duration
    }

    /// Returns an input of the last attempt; see [`TestAttempt::inputs`].
    ///
    /// # Panics
    /// The task did not start, or has no such input.
    #[track_caller]
    pub fn input(&self, name: &str) -> &'a Value {
        let Some(value) = self.attempts().last().and_then(|attempt| attempt.inputs.get(name)) else {
            panic!("unknown input `{name}` of `{}` with state `{}`", self.path(), self.state())
        };
        value
    }

    /// Returns an output of the task: a parameter, or an artifact as a JSON object.
    ///
    /// # Panics
    /// The task has no such output.
    #[track_caller]
    pub fn output(&self, name: &str) -> &'a Value {
        let Some(value) = self.report.outputs.get(name) else {
            panic!("unknown output `{name}` of `{}` with state `{}`", self.path(), self.state())
        };
        value
    }

    /// Returns the path of an output artifact of the task.
    ///
    /// # Panics
    /// The task has no such output, or it is not an artifact.
    #[track_caller]
    pub fn artifact(&self, name: &str) -> PathBuf {
        let Some(path) = artifact::path_of(self.run.folder.path(), self.output(name)) else {
            panic!("the output `{name}` of `{}` is not an artifact", self.path())
        };
        path
    }
}
