//! Configuring a test run, and running it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use kfp_compiler::check;
use kfp_diag::{Format, NoSources, Severity, Surroundings as Sources, render};
use kfp_model::{Rehearsal, Runnable, Signature};
use serde_json::Value;

use super::fault::{Attempts, Fault};
use super::run::{Log, TestRun};
use super::simulator::{Scenario, TestSimulator};
use crate::clock::Clock;
use crate::run::{RunContext, run_in};
use crate::store::{MemoryStore, Recorder, StoreError};
use crate::{Answer, Cancel, Options, State};

/// Runs pipelines inside tests: no step is a process, and delays and timeouts take no real time.
///
/// An attempt of a step does the first of these that applies: a fault, a mock of its component, sample outputs if
/// [`mock_all_others`](Self::mock_all_others) is set, the component's own Rust function.
///
/// ```
/// use std::time::Duration;
///
/// use kfp_runner::{Fault, Harness, times};
/// use kfp_sdk::prelude::*;
///
/// /// Count the rows of a table.
/// #[component(image = "example.org/count:1", command = ["count"])]
/// fn count_rows(table: String) -> i64;
///
/// /// Describe the number of rows.
/// #[component]
/// fn report(rows: i64) -> String {
///     format!("{rows} rows")
/// }
///
/// #[pipeline(name = "rows")]
/// fn rows(p: &Pipeline, table: In<String>) -> Out<String> {
///     let rows = p.add(CountRows::new().table(table)).retry(Retry::times(2).backoff("30s", 2.0)).output;
///     p.add(Report::new().rows(rows)).output
/// }
///
/// let run = Harness::new()
///     .mock::<CountRows>(|inputs| Ok(i64::try_from(inputs.table.len())?))
///     .fail::<CountRows>(Fault::Oom, times(2))
///     .run(Rows::new().table("table.csv"));
/// assert!(run.succeeded());
/// assert_eq!(run.output("output"), "9 rows");
/// assert_eq!(run.task("count-rows").attempts().len(), 3);
/// assert_eq!(run.duration(), Duration::from_secs(30 + 60));
/// assert!(run.is_before("count-rows", "report"));
/// ```
#[derive(Default)]
#[must_use = "a harness does nothing until it runs a pipeline"]
pub struct Harness {
    scenario: Scenario,
    /// The answers to approvals, by the names or ids of their tasks.
    approvals: BTreeMap<String, Answer>,
}

impl Harness {
    /// Creates a harness that calls the functions of Rust components; other components must be mocked.
    pub fn new() -> Self {
        Self::default()
    }

    /// Replaces the function of the component `C` with `mock`, which receives the same inputs and returns the same
    /// outputs. Artifacts that it does not write are empty files; that the function itself writes them is only tested
    /// without a mock. A panic in `mock` fails the test.
    pub fn mock<C: Signature>(
        mut self,
        mock: impl FnMut(C::Inputs) -> Result<C::Returned, C::Error> + 'static,
    ) -> Self {
        self.scenario.mocks.insert(C::NAME.to_owned(), C::stand_in(mock));
        self
    }

    /// Generates the outputs of all components that are neither mocked nor [`real`](Self::real): `null` for options,
    /// else zero, `false`, empty strings and lists, the first variant of an enum, empty files.
    pub fn mock_all_others(mut self) -> Self {
        self.scenario.mock_all_others = true;
        self
    }

    /// Calls the function of the component `C`, even if all others are mocked.
    pub fn real<C: Signature>(mut self) -> Self {
        self.scenario.real.insert(C::NAME.to_owned());
        self
    }

    /// Injects a fault into attempts of the component's steps. It takes precedence over mocks.
    pub fn fail<C: Signature>(mut self, fault: Fault, attempts: Attempts) -> Self {
        self.scenario.faults.push((C::NAME.to_owned(), fault, attempts));
        self
    }

    /// Approves a task without values. The task is found by name or, if several have the same name, by id. All
    /// approvals of a pipeline must be answered before it runs.
    pub fn approve(self, task: &str) -> Self {
        self.approve_with(task, [] as [(&str, Value); 0])
    }

    /// Approves a task with values by name, which must have the declared types.
    ///
    /// ```
    /// use kfp_runner::Harness;
    /// use kfp_sdk::prelude::*;
    ///
    /// /// Deploy the model.
    /// #[component]
    /// fn deploy(version: String) -> String {
    ///     format!("{version} is deployed")
    /// }
    ///
    /// #[pipeline(name = "release")]
    /// fn release(p: &Pipeline) {
    ///     let version = p.approval::<String>("Which version shall be deployed?").name("choose").output;
    ///     p.add(Deploy::new().version(version));
    /// }
    ///
    /// let run = Harness::new().approve_with("choose", [("output", "v2")]).run(Release::new());
    /// assert_eq!(run.task("deploy").output("output"), "v2 is deployed");
    /// assert!(Harness::new().refuse("choose").run(Release::new()).task("deploy").is_omitted());
    /// ```
    pub fn approve_with<N: Into<String>, V: Into<Value>>(
        mut self,
        task: &str,
        values: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let values = values.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        self.approvals.insert(task.to_owned(), Answer::Approved(values));
        self
    }

    /// Refuses the approval of a task, which then fails.
    pub fn refuse(mut self, task: &str) -> Self {
        self.approvals.insert(task.to_owned(), Answer::Refused);
        self
    }

    /// Skips the steps of the component.
    pub fn skip<C: Signature>(mut self) -> Self {
        self.scenario.skipped.insert(C::NAME.to_owned());
        self
    }

    /// Sets the duration of each attempt of the component's steps on the virtual clock. The default is zero.
    pub fn takes<C: Signature>(mut self, time: Duration) -> Self {
        self.scenario.durations.insert(C::NAME.to_owned(), time);
        self
    }

    /// Starts steps in a random order that the pipeline allows, and adds up to half a second to each attempt on the
    /// virtual clock, so that steps also end in a random order. The same seed produces the same order.
    ///
    /// ```
    /// use kfp_runner::Harness;
    /// use kfp_sdk::prelude::*;
    ///
    /// /// Returns its number.
    /// #[component]
    /// fn shard(number: i64) -> i64 {
    ///     number
    /// }
    ///
    /// #[pipeline(name = "shards")]
    /// fn shards(p: &Pipeline) {
    ///     for number in 0..10 {
    ///         p.add(Shard::new().number(number));
    ///     }
    /// }
    ///
    /// let order = |seed| Harness::new().shuffled(seed).run(Shards::new()).order().join(" ");
    /// assert_eq!(order(1), order(1));
    /// assert_ne!(order(1), order(2));
    /// ```
    pub fn shuffled(mut self, seed: u64) -> Self {
        self.scenario.order = Some(fastrand::Rng::with_seed(seed));
        self
    }

    /// Interrupts the run after this number of attempts has started, as if the runner was killed, and resumes it.
    /// [`run`](Self::run) returns the whole run, in which a step may have an additional attempt.
    ///
    /// ```
    /// use kfp_runner::Harness;
    /// use kfp_sdk::prelude::*;
    ///
    /// /// Returns the next number.
    /// #[component]
    /// fn next(number: i64) -> i64 {
    ///     number + 1
    /// }
    ///
    /// #[pipeline(name = "numbers")]
    /// fn numbers(p: &Pipeline) -> Out<i64> {
    ///     let first = p.add(Next::new().number(0)).output;
    ///     p.add(Next::new().number(first)).output
    /// }
    ///
    /// let run = Harness::new().interrupted_after(2).run(Numbers::new());
    /// assert_eq!(run.output("output"), 2);
    /// assert_eq!(run.task("next-2").attempts().len(), 2);
    /// ```
    pub fn interrupted_after(mut self, attempts: usize) -> Self {
        self.scenario.interruption = Some(attempts);
        self
    }

    /// Sets the value of a secret or config map entry `NAME/KEY`. The default value is the name itself.
    pub fn secret(mut self, name: &str, value: &str) -> Self {
        self.scenario.values.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Runs the pipeline until it ends.
    ///
    /// # Panics
    /// The pipeline is invalid, a mock is missing, or a mock panics. A failed step does not cause a panic.
    #[track_caller]
    pub fn run(self, call: impl Runnable) -> TestRun {
        let open = |folder: &Path| Ok(Box::new(MemoryStore::new(folder)?) as Box<dyn Recorder>);
        match call.rehearsal().and_then(|rehearsal| self.try_run(rehearsal, open)) {
            Ok(run) => run,
            Err(problem) => panic!("{problem}"),
        }
    }

    /// Runs the pipeline, and records it in a store that `open` creates in a new folder.
    fn try_run(
        self,
        rehearsal: Rehearsal,
        open: impl FnOnce(&Path) -> Result<Box<dyn Recorder>, StoreError>,
    ) -> Result<TestRun, String> {
        let Rehearsal { document, pipeline, arguments, steps } = rehearsal;
        let main = document.pipeline(&pipeline).ok_or("the pipeline is not in its document")?;
        if let Some(problem) = document.problems.first() {
            return Err(format!("invalid pipeline `{pipeline}`: {}", problem.message));
        }
        let outcome = check::check(&document, main);
        let errors = outcome.diagnostics.iter().any(|found| found.severity == Severity::Error);
        let program = match outcome.program {
            Some(program) if !errors => program,
            _ => {
                let sources = Sources { written: None, locations: &document.locations, world: &NoSources };
                let text = render(&outcome.diagnostics, sources, Format::Text, false);
                return Err(format!("invalid pipeline `{pipeline}`:\n{text}"));
            }
        };
        let folder =
            tempfile::tempdir().map_err(|error| format!("cannot create a folder for the run: {error}"))?;
        let mut store = open(folder.path()).map_err(|error| error.to_string())?;
        let clock = Clock::new_virtual();
        let simulator = TestSimulator::new(self.scenario, steps, &clock);
        let log = RefCell::new(Log::default());
        // Steps are simulated one at a time; on the virtual clock, any number of them overlap.
        let options = Options {
            approvals: self.approvals,
            parallelism: Some(usize::MAX),
            read_cache: false,
            ..Options::new(folder.path())
        };
        let context = RunContext { clock, simulator: Some(&simulator) };
        let note = |event| log.borrow_mut().note(&event, simulator.elapsed(), &simulator.attempts);
        let mut run = |options: &Options| {
            run_in(&context, || Ok(&mut *store), &program, arguments.clone(), options, &Cancel::new(), note)
                .map_err(|error| error.to_string())
        };
        let mut report = run(&options)?;
        if report.state == State::Interrupted {
            simulator.resume();
            report = run(&Options { resume: Some(report.id), ..options })?;
        }
        Ok(TestRun::new(report, log.into_inner(), simulator.attempts.take(), folder))
    }
}

#[cfg(test)]
#[cfg(feature = "store")]
mod tests {
    use std::path::PathBuf;
    use std::rc::Rc;

    use kfp_sdk::{Pipeline, component, pipeline};
    use rusqlite::Connection;

    use super::*;
    use crate::Store;

    /// Return a number.
    #[component]
    fn number() -> i64 {
        7
    }

    /// Two parallel steps.
    #[pipeline]
    fn numbers(p: &Pipeline) {
        p.add(Number::new()).name("first");
        p.add(Number::new()).name("second");
    }

    fn sqlite(folder: &Path) -> Result<Box<dyn Recorder>, StoreError> {
        Ok(Box::new(Store::open(folder)?))
    }

    #[test]
    fn an_interrupted_run_has_the_same_result_in_both_stores() {
        let harness = || Harness::new().takes::<Number>(Duration::from_secs(5)).interrupted_after(1);
        let recorded = harness().try_run(Numbers::new().rehearsal().unwrap(), sqlite).unwrap();
        let run = harness().run(Numbers::new());
        for run in [&run, &recorded] {
            assert!(run.succeeded());
            assert_eq!(
                (run.task("first").output("output"), run.task("second").output("output")),
                (&7.into(), &7.into())
            );
        }
        assert_eq!(run.order(), recorded.order());
    }

    #[test]
    fn a_damaged_store_fails_the_test_while_steps_are_running() {
        let file: Rc<RefCell<PathBuf>> = Rc::default();
        let (opened, damaged) = (Rc::clone(&file), Rc::clone(&file));
        let open = move |folder: &Path| {
            *opened.borrow_mut() = folder.join("runs.sqlite");
            sqlite(folder)
        };
        let harness = Harness::new().takes::<Number>(Duration::from_secs(60)).mock::<Number>(move |_| {
            Connection::open(&*damaged.borrow())
                .unwrap()
                .execute_batch("DROP TABLE IF EXISTS attempts")
                .unwrap();
            Ok(1)
        });
        let message = harness.try_run(Numbers::new().rehearsal().unwrap(), open).unwrap_err();
        assert!(message.contains("cannot use the run store"), "{message}");
    }
}
