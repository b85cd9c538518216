//! Simulates the steps of a test run by faults, mocks and the components' own functions.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use kfp_model::{Component, StandIn, StepFailure, StepInput, value};
use serde_json::Value;

use super::fault::{Attempts, Fault, of_exit_code};
use super::run::TestAttempt;
use super::sample::sample_text;
use crate::Failure;
use crate::clock::Clock;
use crate::schedule::{AttemptContext, SimulatedAttempt, Simulator};
use crate::step::Attempt;

/// The configuration of a test run, by the names of components.
#[derive(Default)]
pub(super) struct Scenario {
    pub(super) mocks: BTreeMap<String, StandIn>,
    /// The components whose own functions are called even if all others are mocked.
    pub(super) real: BTreeSet<String>,
    pub(super) mock_all_others: bool,
    pub(super) faults: Vec<(String, Fault, Attempts)>,
    pub(super) skipped: BTreeSet<String>,
    pub(super) durations: BTreeMap<String, Duration>,
    /// The values of secrets and config maps, by `NAME/KEY`.
    pub(super) values: BTreeMap<String, String>,
    /// The source of randomness for the order of steps, if it is random.
    pub(super) order: Option<fastrand::Rng>,
    /// The number of attempts after which the run is interrupted.
    pub(super) interruption: Option<usize>,
}

/// The maximum time that is added to an attempt if the order of steps is random, in milliseconds.
const MAX_RANDOM_MILLISECONDS: u64 = 500;

/// The simulator of one test run.
pub(super) struct TestSimulator {
    scenario: RefCell<Scenario>,
    /// The functions of Rust components.
    functions: RefCell<BTreeMap<String, StandIn>>,
    clock: Clock,
    start: Instant,
    /// The number of attempts so far.
    attempt_count: Cell<usize>,
    /// The attempts so far, by the paths of their tasks.
    pub(super) attempts: RefCell<BTreeMap<String, Vec<TestAttempt>>>,
}

impl TestSimulator {
    pub(super) fn new(scenario: Scenario, functions: BTreeMap<String, StandIn>, clock: &Clock) -> Self {
        Self {
            scenario: RefCell::new(scenario),
            functions: RefCell::new(functions),
            clock: clock.clone(),
            start: clock.now(),
            attempt_count: Cell::new(0),
            attempts: RefCell::default(),
        }
    }

    /// Returns the time since the start of the run.
    pub(super) fn elapsed(&self) -> Duration {
        self.clock.now().saturating_duration_since(self.start)
    }

    /// Allows the interrupted run to continue.
    pub(super) fn resume(&self) {
        self.scenario.borrow_mut().interruption = None;
    }

    fn run_component(&self, attempt: &Attempt, input: &StepInput<'_>) -> Result<(), Failure> {
        let component = &attempt.component;
        let is_real = self.scenario.borrow().real.contains(&component.name);
        if let Some(mock) = self.scenario.borrow_mut().mocks.get_mut(&component.name) {
            return mock(input).map_err(failure);
        }
        if self.scenario.borrow().mock_all_others && !is_real {
            return write_samples(component, input.executor_input);
        }
        match self.functions.borrow_mut().get_mut(&component.name) {
            Some(function) => function(input).map_err(failure),
            None => Err(Failure::error(format!("no mock or function of the component `{}`", component.name))),
        }
    }
}

impl Simulator for TestSimulator {
    fn problems(&self, components: &[&Component]) -> Vec<String> {
        let (scenario, functions) = (self.scenario.borrow(), self.functions.borrow());
        let is_covered = |name: &String| {
            scenario.mocks.contains_key(name)
                || scenario.skipped.contains(name)
                || functions.contains_key(name)
                || (scenario.mock_all_others && !scenario.real.contains(name))
        };
        let uncovered = components.iter().filter(|component| !is_covered(&component.name));
        let mut problems: Vec<String> = uncovered
            .map(|component| {
                let name = &component.name;
                format!(
                    "the component `{name}` has no Rust function: add a `mock` of it, or `mock_all_others`"
                )
            })
            .collect();
        let named = scenario
            .mocks
            .keys()
            .chain(&scenario.real)
            .chain(&scenario.skipped)
            .chain(scenario.durations.keys())
            .chain(scenario.faults.iter().map(|(name, ..)| name))
            .collect::<BTreeSet<_>>();
        let unknown =
            named.into_iter().filter(|name| components.iter().all(|component| component.name != **name));
        problems.extend(unknown.map(|name| format!("the pipeline has no step of the component `{name}`")));
        problems
    }

    fn value_of(&self, name: &str) -> String {
        self.scenario.borrow().values.get(name).cloned().unwrap_or_else(|| name.to_owned())
    }

    fn skips(&self, component: &Component) -> bool {
        self.scenario.borrow().skipped.contains(&component.name)
    }

    fn next_job(&self, waiting: usize) -> usize {
        match &mut self.scenario.borrow_mut().order {
            Some(random) if waiting > 0 => random.usize(..waiting),
            _ => 0,
        }
    }

    fn is_interrupted(&self) -> bool {
        self.scenario.borrow().interruption.is_some_and(|attempts| self.attempt_count.get() >= attempts)
    }

    fn simulate(&self, context: &AttemptContext<'_>, attempt: &Attempt) -> SimulatedAttempt {
        let name = &attempt.component.name;
        let fault = {
            let scenario = self.scenario.borrow();
            let applies = |(component, _, attempts): &&(String, Fault, Attempts)| {
                component == name && attempts.contain(context.number)
            };
            scenario.faults.iter().find(applies).map(|(_, fault, _)| *fault)
        };
        self.attempts.borrow_mut().entry(context.path.to_owned()).or_default().push(TestAttempt {
            number: context.number,
            started_at: self.elapsed(),
            inputs: attempt.inputs.clone(),
            failure: None,
            retry_in: None,
        });
        self.attempt_count.set(self.attempt_count.get() + 1);
        let mut duration = self.scenario.borrow().durations.get(name).copied().unwrap_or_default();
        if let Some(random) = &mut self.scenario.borrow_mut().order {
            duration += Duration::from_millis(random.u64(..MAX_RANDOM_MILLISECONDS));
        }
        let result = match fault {
            Some(fault) => Err(fault.failure()),
            None => attempt.execute_here(|input| self.run_component(attempt, input)),
        };
        SimulatedAttempt { result, duration: (fault != Some(Fault::Hang)).then_some(duration) }
    }
}

fn failure(failure: StepFailure) -> Failure {
    Failure { message: failure.message, ..of_exit_code(failure.exit_code) }
}

/// Writes sample outputs of a component.
fn write_samples(component: &Component, executor_input: &str) -> Result<(), Failure> {
    let unusable = |error: &dyn std::fmt::Display| {
        Failure::error(format!("cannot generate the outputs of `{}`: {error}", component.name))
    };
    let input: Value = value::decode(executor_input).map_err(|error| unusable(&error))?;
    let outputs = &input["outputs"];
    for (name, output) in &component.outputs {
        let file = outputs["parameters"][name]["outputFile"].as_str().unwrap_or_default();
        fs::write(Path::new(file), sample_text(&output.r#type)).map_err(|error| unusable(&error))?;
        if let Some(path) = outputs["paths"][name].as_str() {
            fs::write(Path::new(path), "").map_err(|error| unusable(&error))?;
        }
    }
    Ok(())
}
