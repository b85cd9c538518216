//! Previews of runs: which steps would use cached results, and why others would not.
//!
//! The main function is [`preview()`]. It evaluates the pipeline like a run, up to the first steps that would have to
//! run, and compares their keys with those in the store. Nothing runs and nothing is written.

mod explain;

use std::collections::BTreeMap;

use kfp_compiler::check::Program;
use serde_json::Value;

pub use explain::{Change, MissReason};

use crate::clock::Clock;
use crate::run::{self, RunContext, StartedRun};
use crate::schedule::{Dispatcher, Plan, Preview, Reached, ReachedStep, Stores};
use crate::store::{KnownKey, MemoryStore, Previous, Store, StoreError};
use crate::{Cancel, Options, RunError, State, arguments};

/// What a run would do with a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepPreview {
    /// The names on the path to the task, joined by `/`.
    pub path: String,
    /// The path as shown to users.
    pub label: String,
    /// What would happen.
    pub forecast: Forecast,
}

/// What would happen with a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Forecast {
    /// It would use a cached result.
    Hit {
        /// The creation time of the result, in milliseconds since 1970 (UTC).
        created_at: i64,
    },
    /// It would use the result of another step in this run, which has the same key and runs first.
    SharedHit {
        /// The label of that step.
        with: String,
    },
    /// It would run, because no cached result can be used.
    Miss(MissReason),
    /// It would run in any case.
    NotCached {
        /// Why the result is not cached.
        reason: String,
    },
    /// Whether it would run depends on values that are unknown until other tasks have run.
    Unknown {
        /// The names of the tasks that it waits for.
        waits_for: Vec<String>,
        /// The label of a step of this run that may store the same result first, if no cached result can be used.
        may_share: Option<String>,
    },
    /// It would not run.
    Skipped {
        /// Why not.
        reason: String,
    },
    /// It would fail before it runs.
    Fails {
        /// The message of the failure.
        message: String,
    },
}

/// Returns what a run of the pipeline with these arguments and options would do with each step, in the order of the
/// pipeline.
///
/// Steps of the same result that would run, and steps that depend on them, are not executed. Secrets and config maps
/// are not read. Files of results are only checked for existence; a run also verifies their content.
///
/// # Errors
/// The arguments are invalid, the programs that run the steps are missing, or the store cannot be read.
pub fn preview(
    program: &Program<'_>,
    arguments: BTreeMap<String, Value>,
    options: &Options,
) -> Result<Vec<StepPreview>, RunError> {
    let context = RunContext { clock: Clock::Machine, simulator: None };
    let plan = Plan::new(program);
    let arguments =
        arguments::check_pipeline(program.root().pipeline(), arguments).map_err(RunError::Arguments)?;
    let options =
        Options { approver: None, secrets: BTreeMap::new(), config_maps: BTreeMap::new(), ..options.clone() };
    let needs = plan.needs(&arguments).without_secrets();
    let setup = run::set_up(&context, &plan, &needs, &options, None, &Cancel::new()).map_err(|error| {
        if let RunError::Setup(problems) = error { RunError::Preview(problems) } else { error }
    })?;
    let store = match Store::open_read_only(&options.store) {
        Err(StoreError::Missing(_)) => None,
        opened => Some(opened?),
    };
    let known = store.as_ref().map(Store::known_keys).transpose()?.unwrap_or_default();
    let folder = tempfile::tempdir().map_err(|cause| StoreError::files(&options.store, cause))?;
    let mut recorder = MemoryStore::new(folder.path())?;
    let StartedRun { id, _claim, .. } = run::begin(&mut recorder, &plan, &arguments, &setup.programs())?;
    let mut ignore = |_| ();
    let mut dispatcher = Dispatcher::new(&plan, setup, &mut recorder, id, Previous::default(), &mut ignore);
    let reached = dispatcher.preview(arguments, Preview::new(store.as_ref()))?;
    let sharing: Vec<_> = (0..reached.len()).map(|index| sharing(&reached, index)).collect();
    Ok(reached.into_iter().zip(sharing).map(|(step, sharing)| forecast(step, sharing, &known)).collect())
}

/// Returns the label of a step that may store the result of the waiting step at this index, before that step starts.
///
/// That is a step with the same key except for inputs. If it is missing in the cache, it starts before all steps that
/// wait; one that waits itself is expected to start earlier if it comes earlier in the pipeline.
fn sharing(steps: &[ReachedStep], index: usize) -> Option<String> {
    let Reached::Waiting { stores: Stores::Result(parts), .. } = &steps[index].reached else { return None };
    let may_share = |(other, step): &(usize, &ReachedStep)| match &step.reached {
        Reached::Miss { key, .. } => explain::same_without_inputs(&key.parts, parts),
        Reached::Waiting { stores: Stores::Result(others), .. } if *other < index => others == parts,
        Reached::Waiting { stores: Stores::ResultsOf(components), .. } if *other < index => {
            parts.get("component").is_some_and(|component| components.contains(component))
        }
        _ => false,
    };
    steps.iter().enumerate().find(may_share).map(|(_, step)| step.label.clone())
}

fn forecast(step: ReachedStep, may_share: Option<String>, known: &[KnownKey]) -> StepPreview {
    let ReachedStep { path, label, reached } = step;
    let forecast = match reached {
        Reached::Hit { created_at } => Forecast::Hit { created_at },
        Reached::SharedHit { with } => Forecast::SharedHit { with },
        Reached::Miss { key, files_missing } => {
            Forecast::Miss(explain::miss(&key, &path, files_missing, known))
        }
        Reached::NotCached { reason } => Forecast::NotCached { reason },
        Reached::Waiting { stores: Stores::Result(parts), is_certain: true, waits_for } => {
            match explain::certain_miss(&parts, &path, known) {
                // Whatever the inputs will be, no result has the same code, image, packages and so on.
                Some(reason) if may_share.is_none() => Forecast::Miss(reason),
                Some(_) => Forecast::Unknown { waits_for, may_share },
                None => Forecast::Unknown { waits_for, may_share: None },
            }
        }
        Reached::Waiting { waits_for, .. } => Forecast::Unknown { waits_for, may_share: None },
        Reached::Ended { state: State::Skipped | State::Omitted | State::Cancelled, message } => {
            Forecast::Skipped { reason: message }
        }
        Reached::Ended { message, .. } => Forecast::Fails { message },
    };
    StepPreview { path, label, forecast }
}
