//! Saying what a test wants, and running the pipeline.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Duration;

use kfp_compiler::check;
use kfp_diag::{Format, NoSources, Severity, Surroundings as Sources, render};
use kfp_model::{Rehearsal, Runnable, Signature};
use serde_json::Value;

use super::fault::{Attempts, Fault};
use super::run::{Log, TestRun};
use super::stage::{Script, TestStage};
use crate::clock::Clock;
use crate::run::{Surroundings, run_in};
use crate::{Answer, Cancel, Options, State};

/// Runs pipelines inside of tests: no step is a process, and no pause or timeout takes any time.
///
/// A step is carried out by the first of these that there is: a fault for its attempt, a mock of its component,
/// made up outputs where [`mock_all_others`](Self::mock_all_others) was said, the component's own Rust function.
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
/// /// Say how many there are.
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
    script: Script,
    /// What is said to approvals, by the names or ids of their tasks.
    approvals: BTreeMap<String, Answer>,
}

impl Harness {
    /// A harness that calls the functions of all Rust components, and has nothing for the others.
    pub fn new() -> Self {
        Self::default()
    }

    /// Has `mock` do what steps of the component `C` do. It is given what the component's function is given, and
    /// returns what that returns; artifacts that it does not write are empty files. A panic of it ends the test.
    pub fn mock<C: Signature>(
        mut self,
        mock: impl FnMut(C::Inputs) -> Result<C::Returned, C::Error> + 'static,
    ) -> Self {
        self.script.mocks.insert(C::NAME.to_owned(), C::stand_in(mock));
        self
    }

    /// Makes up the outputs of all components that are neither mocked nor [`real`](Self::real): nothing where
    /// they are optional, else zero, `false`, empty texts and lists, the first variant of an enum, empty files.
    pub fn mock_all_others(mut self) -> Self {
        self.script.mock_all_others = true;
        self
    }

    /// Calls the component's own function, also where all others are mocked.
    pub fn real<C: Signature>(mut self) -> Self {
        self.script.own.insert(C::NAME.to_owned());
        self
    }

    /// Has attempts of the component's steps go wrong, whatever else they would do.
    pub fn fail<C: Signature>(mut self, fault: Fault, attempts: Attempts) -> Self {
        self.script.faults.push((C::NAME.to_owned(), fault, attempts));
        self
    }

    /// Approves what the task waits for, which is found by its name or, where several have one name, by its id. It
    /// is for approvals without values; all approvals of a pipeline are answered before it runs.
    pub fn approve(self, task: &str) -> Self {
        self.approve_with(task, [] as [(&str, Value); 0])
    }

    /// Approves what the task waits for, with these values by name, which are held against their types.
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

    /// Refuses what the task waits for, which then fails.
    pub fn refuse(mut self, task: &str) -> Self {
        self.approvals.insert(task.to_owned(), Answer::Refused);
        self
    }

    /// Leaves out the steps of the component: they end as skipped.
    pub fn skip<C: Signature>(mut self) -> Self {
        self.script.skipped.insert(C::NAME.to_owned());
        self
    }

    /// Has each attempt of the component's steps take that long by the clock of the run; without it, they take
    /// no time.
    pub fn takes<C: Signature>(mut self, time: Duration) -> Self {
        self.script.lengths.insert(C::NAME.to_owned(), time);
        self
    }

    /// Starts steps in a random order, as far as the pipeline allows, and has each attempt take up to half a second more
    /// by the clock of the run, so that they end in a random order too. The same seed gives the same order.
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
        self.script.order = Some(fastrand::Rng::with_seed(seed));
        self
    }

    /// Interrupts the run once that many attempts have started, as if the runner was killed, and resumes it. What
    /// [`run`](Self::run) returns is the whole run, in which a step may have one more attempt than otherwise.
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
        self.script.interruption = Some(attempts);
        self
    }

    /// Gives the key of a secret a value, by `NAME/KEY`. Without one, the name is the value.
    pub fn secret(mut self, name: &str, value: &str) -> Self {
        self.script.values.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Runs the pipeline to its end.
    ///
    /// # Panics
    /// The pipeline is wrong, or something has to be mocked, or a mock panics. A step that fails is no reason to.
    #[track_caller]
    pub fn run(self, call: impl Runnable) -> TestRun {
        match call.rehearsal().and_then(|rehearsal| self.try_run(rehearsal)) {
            Ok(run) => run,
            Err(problem) => panic!("{problem}"),
        }
    }

    fn try_run(self, rehearsal: Rehearsal) -> Result<TestRun, String> {
        let Rehearsal { document, pipeline, arguments, steps } = rehearsal;
        let main = document.pipeline(&pipeline).ok_or("the pipeline is not in its document")?;
        if let Some(problem) = document.problems.first() {
            return Err(format!("the pipeline `{pipeline}` is wrong: {}", problem.message));
        }
        let outcome = check::check(&document, main);
        let errors = outcome.diagnostics.iter().any(|found| found.severity == Severity::Error);
        let program = match outcome.program {
            Some(program) if !errors => program,
            _ => {
                let sources = Sources { written: None, locations: &document.locations, world: &NoSources };
                let text = render(&outcome.diagnostics, sources, Format::Text, false);
                return Err(format!("the pipeline `{pipeline}` is wrong:\n{text}"));
            }
        };
        let folder =
            tempfile::tempdir().map_err(|error| format!("there is no folder for the run: {error}"))?;
        let clock = Clock::standing_still();
        let stage = TestStage::new(self.script, steps, &clock);
        let log = RefCell::new(Log::default());
        // One step alone runs at a time; on the clock, as many as there are overlap.
        let options = Options {
            approvals: self.approvals,
            parallelism: Some(usize::MAX),
            read_cache: false,
            ..Options::new(folder.path())
        };
        let surroundings = Surroundings { clock, stage: Some(&stage) };
        let note = |event| log.borrow_mut().note(&event, stage.passed(), &stage.attempts);
        let run = |options: &Options| {
            run_in(&surroundings, &program, arguments.clone(), options, &Cancel::new(), note)
                .map_err(|error| error.to_string())
        };
        let mut report = run(&options)?;
        if report.state == State::Interrupted {
            stage.resume();
            report = run(&Options { resume: Some(report.id), ..options })?;
        }
        Ok(TestRun::new(report, log.into_inner(), stage.attempts.take(), folder))
    }
}
