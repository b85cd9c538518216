//! What plays the steps of a rehearsal: faults, mocks, the components' own functions.

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
use crate::schedule::{Cue, Played, Stage};
use crate::step::Attempt;

/// What a test has said about steps, by the names of their components.
#[derive(Default)]
pub(super) struct Script {
    pub(super) mocks: BTreeMap<String, StandIn>,
    /// The components whose own functions are to be called, although all others are mocked.
    pub(super) own: BTreeSet<String>,
    pub(super) mock_all_others: bool,
    pub(super) faults: Vec<(String, Fault, Attempts)>,
    pub(super) skipped: BTreeSet<String>,
    pub(super) lengths: BTreeMap<String, Duration>,
    /// The values of secrets and config maps, by `NAME/KEY`.
    pub(super) values: BTreeMap<String, String>,
    /// What the order of steps is drawn from, where it is random.
    pub(super) order: Option<fastrand::Rng>,
    /// The number of attempts after which the run is interrupted.
    pub(super) interruption: Option<usize>,
}

/// The longest that an attempt takes where the order of steps is random, in milliseconds.
const LONGEST: u64 = 500;

/// The stage of one run.
pub(super) struct TestStage {
    script: RefCell<Script>,
    /// The functions of Rust components.
    functions: RefCell<BTreeMap<String, StandIn>>,
    clock: Clock,
    begun: Instant,
    /// The number of attempts so far.
    played: Cell<usize>,
    /// The attempts so far, by the paths of their tasks.
    pub(super) attempts: RefCell<BTreeMap<String, Vec<TestAttempt>>>,
}

impl TestStage {
    pub(super) fn new(script: Script, functions: BTreeMap<String, StandIn>, clock: &Clock) -> Self {
        Self {
            script: RefCell::new(script),
            functions: RefCell::new(functions),
            clock: clock.clone(),
            begun: clock.now(),
            played: Cell::new(0),
            attempts: RefCell::default(),
        }
    }

    /// How long the run takes so far.
    pub(super) fn passed(&self) -> Duration {
        self.clock.now().saturating_duration_since(self.begun)
    }

    /// Lets the run go on that was interrupted.
    pub(super) fn resume(&self) {
        self.script.borrow_mut().interruption = None;
    }

    fn perform(&self, attempt: &Attempt, input: &StepInput<'_>) -> Result<(), Failure> {
        let component = &attempt.component;
        let is_own = self.script.borrow().own.contains(&component.name);
        if let Some(mock) = self.script.borrow_mut().mocks.get_mut(&component.name) {
            return mock(input).map_err(failure);
        }
        if self.script.borrow().mock_all_others && !is_own {
            return pretend(component, input.executor_input);
        }
        match self.functions.borrow_mut().get_mut(&component.name) {
            Some(function) => function(input).map_err(failure),
            None => Err(Failure::error(format!("nothing here plays `{}`", component.name))),
        }
    }
}

impl Stage for TestStage {
    fn problems(&self, components: &[&Component]) -> Vec<String> {
        let (script, functions) = (self.script.borrow(), self.functions.borrow());
        let is_played = |name: &String| {
            let is_own = functions.contains_key(name);
            script.mocks.contains_key(name)
                || script.skipped.contains(name)
                || is_own
                || (script.mock_all_others && !script.own.contains(name))
        };
        let unplayed = components.iter().filter(|component| !is_played(&component.name));
        let mut problems: Vec<String> = unplayed
            .map(|component| {
                let name = &component.name;
                format!("`{name}` is no Rust function: mock it, or everything else by `mock_all_others`")
            })
            .collect();
        let named =
            script.mocks.keys().chain(&script.own).chain(&script.skipped).chain(script.lengths.keys());
        let named = named.chain(script.faults.iter().map(|(name, ..)| name)).collect::<BTreeSet<_>>();
        let unknown =
            named.into_iter().filter(|name| components.iter().all(|component| component.name != **name));
        problems.extend(unknown.map(|name| format!("the pipeline has no step of the component `{name}`")));
        problems
    }

    fn value_of(&self, name: &str) -> String {
        self.script.borrow().values.get(name).cloned().unwrap_or_else(|| name.to_owned())
    }

    fn skips(&self, component: &Component) -> bool {
        self.script.borrow().skipped.contains(&component.name)
    }

    fn next_of(&self, waiting: usize) -> usize {
        match &mut self.script.borrow_mut().order {
            Some(random) if waiting > 0 => random.usize(..waiting),
            _ => 0,
        }
    }

    fn is_interrupted(&self) -> bool {
        self.script.borrow().interruption.is_some_and(|attempts| self.played.get() >= attempts)
    }

    fn play(&self, cue: &Cue<'_>, attempt: &Attempt) -> Played {
        let name = &attempt.component.name;
        let fault = {
            let script = self.script.borrow();
            let befalls = |(component, _, attempts): &&(String, Fault, Attempts)| {
                component == name && attempts.contain(cue.number)
            };
            script.faults.iter().find(befalls).map(|(_, fault, _)| *fault)
        };
        self.attempts.borrow_mut().entry(cue.path.to_owned()).or_default().push(TestAttempt {
            number: cue.number,
            started_at: self.passed(),
            inputs: attempt.inputs.clone(),
            failure: None,
            retry_in: None,
        });
        self.played.set(self.played.get() + 1);
        let mut length = self.script.borrow().lengths.get(name).copied().unwrap_or_default();
        if let Some(random) = &mut self.script.borrow_mut().order {
            length += Duration::from_millis(random.u64(..LONGEST));
        }
        let ended = match fault {
            Some(fault) => Err(fault.failure()),
            None => attempt.execute_here(|told| self.perform(attempt, told)),
        };
        Played { ended, lasts: (fault != Some(Fault::Hang)).then_some(length) }
    }
}

fn failure(failure: StepFailure) -> Failure {
    Failure { message: failure.message, ..of_exit_code(failure.exit_code) }
}

/// Writes the plainest outputs that fit.
fn pretend(component: &Component, executor_input: &str) -> Result<(), Failure> {
    let unusable = |error: &dyn std::fmt::Display| {
        Failure::error(format!("the outputs of `{}` cannot be made up: {error}", component.name))
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
