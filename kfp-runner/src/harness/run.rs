//! What became of a run, as tests ask for it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::{Event, Failure, Kind, RunReport, State, TaskReport, artifact};

/// What became of a run. Its files are kept until it is dropped.
///
/// Tasks are found by their path, as `exit-handler/train-model`, or by their name; where several ones have the
/// name, it is the one that ended first.
#[derive(Debug)]
pub struct TestRun {
    report: RunReport,
    log: Log,
    attempts: BTreeMap<String, Vec<TestAttempt>>,
    folder: TempDir,
}

/// What became of a task.
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
    /// How long the run had taken when it began.
    pub started_at: Duration,
    /// The inputs by name; secrets by the names of their keys, artifacts as JSON objects.
    pub inputs: BTreeMap<String, Value>,
    /// Why it failed, if it did.
    pub failure: Option<Failure>,
    /// How long it was until the next attempt, if there was one.
    pub retry_in: Option<Duration>,
}

/// When tasks began and ended.
#[derive(Debug, Default)]
pub(super) struct Log {
    /// The paths of tasks that began, with the position in the run and the time.
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
        let place = (self.position, now);
        self.position += 1;
        match event {
            Event::TaskStarted { path, .. } => {
                self.started.insert(path.clone(), place);
            }
            Event::TaskFinished(report) => {
                self.ended.insert(report.path.clone(), place);
            }
            Event::AttemptFailed { path, failure, retry_in, .. } => {
                if let Some(last) = attempts.borrow_mut().get_mut(path).and_then(|list| list.last_mut()) {
                    last.failure = Some(failure.clone());
                    last.retry_in = *retry_in;
                }
            }
            Event::RunStarted { .. }
            | Event::RunResumed { .. }
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

    /// How the run ended.
    pub fn state(&self) -> State {
        self.report.state
    }

    /// Whether the run succeeded.
    pub fn succeeded(&self) -> bool {
        self.state() == State::Succeeded
    }

    /// Whether the run failed.
    pub fn failed(&self) -> bool {
        self.state() == State::Failed
    }

    /// What there is to say about the end, besides what the tasks say.
    pub fn message(&self) -> Option<&str> {
        self.report.message.as_deref()
    }

    /// How long the run took by its own clock: pauses, timeouts and what [`takes`](super::Harness::takes) says.
    pub fn duration(&self) -> Duration {
        self.report.duration
    }

    /// An output of the pipeline.
    ///
    /// # Panics
    /// There is none of that name, as when the run failed.
    #[track_caller]
    pub fn output(&self, name: &str) -> &Value {
        let Some(value) = self.report.outputs.get(name) else {
            panic!("the run, which is {}, has no output `{name}`", self.state())
        };
        value
    }

    /// A task by its path or name.
    ///
    /// # Panics
    /// There is none.
    #[track_caller]
    pub fn task(&self, name: &str) -> TestTask<'_> {
        let Some(report) = self.report.task(name) else {
            let paths: Vec<&str> = self.report.tasks.iter().map(|task| task.path.as_str()).collect();
            panic!("the run has no task `{name}`; it has {}", paths.join(", "))
        };
        TestTask { run: self, report }
    }

    /// All tasks of that name, as those of the iterations of a loop, sorted by their paths.
    pub fn tasks(&self, name: &str) -> Vec<TestTask<'_>> {
        let named = self.report.tasks.iter().filter(|task| task.name == name);
        let mut tasks: Vec<_> = named.map(|report| TestTask { run: self, report }).collect();
        tasks.sort_by_key(TestTask::path);
        tasks
    }

    /// The paths of all steps that began, in that order.
    pub fn order(&self) -> Vec<&str> {
        let began = |task: &&TaskReport| task.kind == Kind::Step && self.log.started.contains_key(&task.path);
        let mut paths: Vec<_> =
            self.report.tasks.iter().filter(began).map(|task| task.path.as_str()).collect();
        paths.sort_by_key(|path| self.log.started.get(*path));
        paths
    }

    /// Whether the first task had ended when the second one began. Both have to have run.
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

    /// Everything that the runner itself reports.
    pub fn report(&self) -> &RunReport {
        &self.report
    }
}

impl<'a> TestTask<'a> {
    /// The names that lead to the task, joined by `/`.
    pub fn path(&self) -> &'a str {
        &self.report.path
    }

    /// How the task ended.
    pub fn state(&self) -> State {
        self.report.state
    }

    /// Whether it succeeded.
    pub fn succeeded(&self) -> bool {
        self.state() == State::Succeeded
    }

    /// Whether it failed.
    pub fn failed(&self) -> bool {
        self.state() == State::Failed
    }

    /// Whether it was not needed.
    pub fn is_skipped(&self) -> bool {
        self.state() == State::Skipped
    }

    /// Whether it did not run because something before it failed.
    pub fn is_omitted(&self) -> bool {
        self.state() == State::Omitted
    }

    /// Why it failed, or was not run.
    pub fn message(&self) -> Option<&'a str> {
        self.report.message.as_deref()
    }

    /// The exit code of the last attempt, where that failed.
    pub fn exit_code(&self) -> Option<i32> {
        self.report.exit_code
    }

    /// The attempts, from the first to the last.
    pub fn attempts(&self) -> &'a [TestAttempt] {
        self.run.attempts.get(&self.report.path).map_or(&[], Vec::as_slice)
    }

    /// The pauses between the attempts.
    pub fn pauses(&self) -> Vec<Duration> {
        self.attempts().iter().filter_map(|attempt| attempt.retry_in).collect()
    }

    /// How long the run had taken when the task began; nothing where it did not.
    pub fn started_at(&self) -> Option<Duration> {
        self.run.log.started.get(&self.report.path).map(|(_, time)| *time)
    }

    /// How long the task took by the clock of the run, all attempts and pauses together.
    pub fn duration(&self) -> Duration {
        self.report.duration
    }

    /// What the last attempt was given under that name; see [`TestAttempt::inputs`].
    ///
    /// # Panics
    /// No attempt was given such an input.
    #[track_caller]
    pub fn input(&self, name: &str) -> &'a Value {
        let Some(value) = self.attempts().last().and_then(|attempt| attempt.inputs.get(name)) else {
            panic!("`{}`, which is {}, was given no input `{name}`", self.path(), self.state())
        };
        value
    }

    /// What the task gave under that name: a parameter, or an artifact as a JSON object.
    ///
    /// # Panics
    /// It gave nothing like that.
    #[track_caller]
    pub fn output(&self, name: &str) -> &'a Value {
        let Some(value) = self.report.outputs.get(name) else {
            panic!("`{}`, which is {}, has no output `{name}`", self.path(), self.state())
        };
        value
    }

    /// Where the artifact lies that the task gave under that name.
    ///
    /// # Panics
    /// It gave no such artifact.
    #[track_caller]
    pub fn artifact(&self, name: &str) -> PathBuf {
        let Some(path) = artifact::path_of(self.run.folder.path(), self.output(name)) else {
            panic!("the output `{name}` of `{}` is no artifact", self.path())
        };
        path
    }
}
