//! Runs a checked pipeline: prepares everything that it needs, and reports the result.

use std::collections::BTreeMap;
use std::path::Path;
use std::thread;

use kfp_compiler::check::Program;
use kfp_model::{Component, Implementation, split_credentials, value};
use serde_json::Value;

use crate::claim::Claim;
use crate::clock::Clock;
use crate::schedule::{Dispatcher, Needs, Plan, Setup, Simulator};
use crate::secret::Vault;
use crate::step::{Binary, Engine, Interpreter, Layout};
#[cfg(feature = "store")]
use crate::store::Store;
use crate::store::{NewRun, Previous, Programs, Recorder, RunId, StoreError};
use crate::{Cancel, Event, Options, RunError, RunReport, State, approval, arguments, artifact, process};

/// Runs a checked pipeline on this machine and returns a report.
///
/// The arguments are values by the names of the pipeline's inputs, as returned by
/// [`read_arguments`](crate::read_arguments). `events` is called on this thread during the run. A run whose steps fail
/// is not an error: its state is in the report.
///
/// # Errors
/// The run could not be started, or could not be recorded until its end.
#[cfg(feature = "store")]
pub fn run(
    program: &Program<'_>,
    arguments: BTreeMap<String, Value>,
    options: &Options,
    cancel: &Cancel,
    events: impl FnMut(Event),
) -> Result<RunReport, RunError> {
    let context = RunContext { clock: Clock::Machine, simulator: None };
    let mut store = None;
    run_in(
        &context,
        || Ok(store.insert(Store::open(&options.store)?)),
        program,
        arguments,
        options,
        cancel,
        events,
    )
}

/// The environment of a run: this machine, or the simulation of a test.
pub(crate) struct RunContext<'s> {
    pub(crate) clock: Clock,
    /// Simulates the steps; without it, they are processes.
    pub(crate) simulator: Option<&'s dyn Simulator>,
}

/// Runs a checked pipeline in this context. The store is opened when everything else that the run needs is ready.
pub(crate) fn run_in<'s>(
    context: &RunContext<'_>,
    open: impl FnOnce() -> Result<&'s mut dyn Recorder, StoreError>,
    program: &Program<'_>,
    arguments: BTreeMap<String, Value>,
    options: &Options,
    cancel: &Cancel,
    mut events: impl FnMut(Event),
) -> Result<RunReport, RunError> {
    let start = context.clock.now();
    let plan = Plan::new(program);
    let arguments =
        arguments::check_pipeline(program.root().pipeline(), arguments).map_err(RunError::Arguments)?;
    let problems = approval::problems(&plan.approvals(), &options.approvals, options.approver.is_some());
    if !problems.is_empty() {
        return Err(RunError::Approvals(problems));
    }
    let engine = if context.simulator.is_none() { engine(&plan, options)? } else { None };
    let setup = set_up(context, &plan, &plan.needs(&arguments), options, engine, cancel)?;
    let store = open()?;
    let StartedRun { id, _claim, previous, changed } = match &options.resume {
        Some(id) => resume(store, id, &plan, &arguments, &setup)?,
        None => begin(store, &plan, &arguments, &setup.programs())?,
    };
    events(Event::RunStarted { id: id.clone(), folder: store.folder().join("runs").join(id.as_str()) });
    if options.resume.is_some() {
        events(Event::RunResumed { id: id.clone(), finished: previous.outputs.len(), changed });
    }
    let mut dispatcher = Dispatcher::new(&plan, setup, store, id.clone(), previous, &mut events);
    let end = dispatcher.drive(arguments, cancel)?;
    // An interrupted run looks as if the runner was killed, which cannot record its end.
    if end.state != State::Interrupted {
        store.end_run(&id, end.state, end.message.as_deref())?;
        events(Event::RunFinished { id: id.clone(), state: end.state });
    }
    Ok(RunReport {
        id,
        state: end.state,
        message: end.message,
        duration: context.clock.now().saturating_duration_since(start),
        outputs: end.outputs,
        tasks: end.tasks,
    })
}

/// Finds a container engine, if the pipeline has plain containers.
fn engine(plan: &Plan<'_>, options: &Options) -> Result<Option<Engine>, RunError> {
    let containers = plan.containers();
    if containers.is_empty() {
        return Ok(None);
    }
    let engine = Engine::probe(&options.container_engines);
    engine.map(Some).ok_or_else(|| {
        let tried: Vec<String> =
            options.container_engines.iter().map(|program| format!("`{} info`", program.display())).collect();
        let message = |(task, component): (&str, &str)| {
            format!(
                "the task `{task}` runs the container component `{component}`, which requires a container engine; \
                 tried {}",
                tried.join(", ")
            )
        };
        RunError::Unsupported(containers.into_iter().map(message).collect())
    })
}

/// Prepares everything that the steps need, and reports all missing parts together.
pub(crate) fn set_up<'s>(
    context: &RunContext<'s>,
    plan: &Plan<'_>,
    needs: &Needs,
    options: &Options,
    engine: Option<Engine>,
    cancel: &Cancel,
) -> Result<Setup<'s>, RunError> {
    let mut problems = Vec::new();
    let (mut binary, mut interpreter, mut vault) = (None, None, Vault::default());
    if let Some(simulator) = context.simulator {
        let components: BTreeMap<&str, &Component> = plan.components().collect();
        problems.extend(simulator.problems(&components.into_values().collect::<Vec<_>>()));
        vault = Vault::of(&needs.secrets, &needs.config_maps, |name| simulator.value_of(name));
    } else {
        let read =
            Vault::read(&options.secrets, &options.config_maps, &needs.secrets, &needs.config_maps, cancel);
        match read {
            Ok(values) => vault = values,
            Err(missing) => problems.extend(missing),
        }
        let found = needs.binary.then(|| open_binary(options.binary.as_deref()));
        binary = ok_or_report(found, &mut problems);
        let found = needs.python.then(|| Interpreter::probe(&options.python));
        interpreter =
            ok_or_report(found, &mut problems).map(|found| found.without_variables(&vault.variables));
    }
    problems.extend(plan.imports().filter_map(|(task, uri)| {
        let problem = artifact::location_path(uri, &options.stores).err()?;
        Some(format!("cannot import `{task}`: {problem}"))
    }));
    if !problems.is_empty() {
        if cancel.is_requested() {
            return Err(RunError::Cancelled);
        }
        return Err(RunError::Setup(problems));
    }
    let cores = || thread::available_parallelism().map_or(1, usize::from);
    let parallelism = options.parallelism.unwrap_or_else(cores).max(1);
    let credentials =
        plan.components().filter_map(|(_, component)| split_credentials(pip_index(component)?).1);
    let credentials = credentials.flat_map(|all| {
        let password = all.split_once(':').map(|(_, password)| password);
        [Some(all), password].into_iter().flatten().map(|text| ("pip_index", text))
    });
    let limit = plan.main().pipeline().settings.parallelism.map_or(usize::MAX, |limit| limit.max(1) as usize);
    Ok(Setup {
        clock: context.clock.clone(),
        simulator: context.simulator,
        mask: vault.mask(credentials),
        vault,
        stores: options.stores.clone(),
        approvals: options.approvals.clone(),
        approver: options.approver.clone(),
        binary,
        interpreter,
        supervisor: options.supervisor.clone(),
        engine,
        read_cache: options.read_cache,
        namespace: options.namespace.clone(),
        cache_epoch: options.cache_epoch,
        digest_limit: options.digest_limit,
        parallelism: parallelism.min(limit),
        grace: options.grace,
    })
}

/// Returns the package index that pip uses for the component, if one is set.
fn pip_index(component: &Component) -> Option<&str> {
    match &component.implementation {
        Implementation::Python(step) => step.pip_index.as_deref(),
        Implementation::Notebook(step) => step.pip_index.as_deref(),
        Implementation::Rust(_) | Implementation::Container(_) => None,
    }
}

fn ok_or_report<T>(found: Option<Result<T, String>>, problems: &mut Vec<String>) -> Option<T> {
    match found? {
        Ok(found) => Some(found),
        Err(problem) => {
            problems.push(problem);
            None
        }
    }
}

/// Opens the pipeline binary, which runs the Rust steps.
fn open_binary(path: Option<&Path>) -> Result<Binary, String> {
    let Some(path) = path else {
        return Err("the pipeline has Rust steps: pass the pipeline binary".to_owned());
    };
    Binary::open(path)
        .map_err(|error| format!("cannot read the pipeline binary `{}`: {error}", path.display()))
}

/// A run that has been started or resumed.
pub(crate) struct StartedRun {
    pub(crate) id: RunId,
    /// Other processes see the run as running until this is dropped.
    pub(crate) _claim: Claim,
    /// The results of the earlier part of a resumed run.
    previous: Previous,
    /// The programs that run the steps and have changed since the earlier part.
    changed: Vec<String>,
}

pub(crate) fn begin(
    store: &mut dyn Recorder,
    plan: &Plan<'_>,
    arguments: &BTreeMap<String, Value>,
    programs: &Programs,
) -> Result<StartedRun, RunError> {
    let pipeline = plan.main().pipeline();
    let run = NewRun {
        pipeline: &pipeline.name,
        version: pipeline.version.as_deref(),
        digest: &plan.digest(),
        document: &plan.main().document().to_json(),
        arguments: encoded(arguments),
        programs,
    };
    let (id, claim) = store.begin_run(&run)?;
    Ok(StartedRun { id, _claim: claim, previous: Previous::default(), changed: Vec::new() })
}

/// Takes over a run that was interrupted or did not succeed.
fn resume(
    store: &mut dyn Recorder,
    id: &RunId,
    plan: &Plan<'_>,
    arguments: &BTreeMap<String, Value>,
    setup: &Setup<'_>,
) -> Result<StartedRun, RunError> {
    let refused = |reason: &str| RunError::Resume { run: id.clone(), reason: reason.to_owned() };
    let origin = store.origin_of(id)?;
    if origin.digest != plan.digest() {
        return Err(refused(
            "the pipeline has changed since the run started, so results of finished steps may be out of date: start a \
             new run",
        ));
    }
    if origin.arguments != encoded(arguments) {
        return Err(refused("the arguments differ: pass those of the run, or start a new run"));
    }
    let claim = store.claim(id)?.ok_or_else(|| refused("it is still in progress"))?;
    // The state is final once the run is claimed: another process may have resumed and finished it in the meantime.
    if store.state_of(id)? == State::Succeeded {
        return Err(refused("it has already succeeded"));
    }
    let programs = setup.programs();
    store.take_over(id, &programs)?;
    // A program that was not recorded is not a change.
    let has_changed = |(name, program): &(&String, &String)| {
        origin.programs.get(*name).is_some_and(|before| before != *program)
    };
    let changed = programs.iter().filter(has_changed).map(|(name, _)| name.clone()).collect();
    if let Some(engine) = &setup.engine {
        engine.end_run(id.as_str());
    }
    let left = process::end_marked(&format!("{id}/"));
    // A program that has replaced its environment can be identified by its process id only.
    for process in store.live_processes(id)? {
        process.kill_group();
    }
    if !left.is_empty() {
        let pids: Vec<String> = left.iter().map(|process| process.pid.to_string()).collect();
        return Err(refused(&format!("cannot kill the processes that it left running: {}", pids.join(", "))));
    }
    // Their processes are gone, and the files for the runner have not been removed.
    for (path, attempt) in store.open_attempts(id)? {
        Layout::new(store.folder(), id.as_str(), &path, attempt).discard();
    }
    Ok(StartedRun { id: id.clone(), _claim: claim, previous: store.previous(id)?, changed })
}

fn encoded(arguments: &BTreeMap<String, Value>) -> String {
    value::encode(&Value::Object(arguments.clone().into_iter().collect()))
}
