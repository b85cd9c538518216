//! Running a checked pipeline: what has to be there before anything starts, and what is told at the end.

use std::collections::BTreeMap;
use std::path::Path;
use std::thread;

use kfp_compiler::check::Program;
use kfp_model::{Component, Implementation, value};
use serde_json::Value;

use crate::claim::Claim;
use crate::clock::Clock;
use crate::schedule::{Dispatcher, Plan, Setup, Stage};
use crate::secret::{Vault, split_credentials};
use crate::step::{Binary, Engine, Interpreter, Layout};
use crate::store::{NewRun, Previous, Programs, RunId, Store};
use crate::{Cancel, Event, Options, RunError, RunReport, State, approval, arguments, artifact, process};

/// Runs a checked pipeline on this machine, and tells what became of it.
///
/// The arguments are values by the names of the pipeline's inputs, as
/// [`read_arguments`](crate::read_arguments) makes them. `events` is called on this thread while the run goes
/// on. A run whose steps fail is no error: the report says so.
///
/// # Errors
/// The run could not be started, or could not be written down to its end.
pub fn run(
    program: &Program<'_>,
    arguments: BTreeMap<String, Value>,
    options: &Options,
    cancel: &Cancel,
    events: impl FnMut(Event),
) -> Result<RunReport, RunError> {
    let surroundings = Surroundings { clock: Clock::Machine, stage: None };
    run_in(&surroundings, program, arguments, options, cancel, events)
}

/// What a run is surrounded by: this machine, or what a rehearsal has in its place.
pub(crate) struct Surroundings<'s> {
    pub(crate) clock: Clock,
    /// What plays the steps; where there is nothing, they are processes.
    pub(crate) stage: Option<&'s dyn Stage>,
}

/// Runs a checked pipeline in these surroundings.
pub(crate) fn run_in(
    surroundings: &Surroundings<'_>,
    program: &Program<'_>,
    arguments: BTreeMap<String, Value>,
    options: &Options,
    cancel: &Cancel,
    mut events: impl FnMut(Event),
) -> Result<RunReport, RunError> {
    let begun = surroundings.clock.now();
    let plan = Plan::new(program);
    let arguments =
        arguments::check_pipeline(program.root().pipeline(), arguments).map_err(RunError::Arguments)?;
    let problems = approval::problems(&plan.approvals(), &options.approvals, options.ask.is_some());
    if !problems.is_empty() {
        return Err(RunError::Approvals(problems));
    }
    let engine = if surroundings.stage.is_none() { engine(&plan, options)? } else { None };
    let setup = set_up(surroundings, &plan, &arguments, options, engine, cancel)?;
    let mut store = Store::open(&options.store)?;
    let Begun { id, _claim, previous, changed } = match &options.resume {
        Some(id) => resume(&mut store, id, &plan, &arguments, &setup)?,
        None => begin(&mut store, &plan, &arguments, &setup.programs())?,
    };
    events(Event::RunStarted { id: id.clone(), folder: store.folder().join("runs").join(id.as_str()) });
    if options.resume.is_some() {
        events(Event::RunResumed { id: id.clone(), finished: previous.outputs.len(), changed });
    }
    let mut dispatcher = Dispatcher::new(&plan, setup, &mut store, id.clone(), previous, &mut events);
    let end = dispatcher.drive(arguments, cancel)?;
    // A runner that is killed does not record that.
    if end.state != State::Interrupted {
        store.end_run(&id, end.state, end.message.as_deref())?;
        events(Event::RunFinished { id: id.clone(), state: end.state });
    }
    Ok(RunReport {
        id,
        state: end.state,
        message: end.message,
        duration: surroundings.clock.now().saturating_duration_since(begun),
        outputs: end.outputs,
        tasks: end.tasks,
    })
}

/// What runs the plain containers, where there are any.
fn engine(plan: &Plan<'_>, options: &Options) -> Result<Option<Engine>, RunError> {
    let containers = plan.containers();
    if containers.is_empty() {
        return Ok(None);
    }
    let engine = Engine::probe(&options.container_engines);
    engine.map(Some).ok_or_else(|| {
        let programs: Vec<String> =
            options.container_engines.iter().map(|program| format!("`{} info`", program.display())).collect();
        let refused = |(task, component): (&str, &str)| {
            format!(
                "the task `{task}` is a plain container (`{component}`), and nothing here runs containers: none of \
                 {} succeeds",
                programs.join(", ")
            )
        };
        RunError::Unsupported(containers.into_iter().map(refused).collect())
    })
}

/// Finds out what the steps need, and tells everything that is missing at once.
fn set_up<'s>(
    surroundings: &Surroundings<'s>,
    plan: &Plan<'_>,
    arguments: &BTreeMap<String, Value>,
    options: &Options,
    engine: Option<Engine>,
    cancel: &Cancel,
) -> Result<Setup<'s>, RunError> {
    let needs = plan.needs(arguments);
    let mut problems = Vec::new();
    let (mut binary, mut interpreter, mut vault) = (None, None, Vault::default());
    if let Some(stage) = surroundings.stage {
        let components: BTreeMap<&str, &Component> = plan.components().collect();
        problems.extend(stage.problems(&components.into_values().collect::<Vec<_>>()));
        vault = Vault::of(&needs.secrets, &needs.config_maps, |name| stage.value_of(name));
    } else {
        let read =
            Vault::read(&options.secrets, &options.config_maps, &needs.secrets, &needs.config_maps, cancel);
        match read {
            Ok(values) => vault = values,
            Err(missing) => problems.extend(missing),
        }
        let found = needs.binary.then(|| opened(options.binary.as_deref()));
        binary = note(found, &mut problems);
        let found = needs.python.then(|| Interpreter::probe(&options.python));
        interpreter = note(found, &mut problems).map(|found| found.without_variables(&vault.variables));
    }
    problems.extend(plan.imports().filter_map(|(task, uri)| {
        let problem = artifact::location_path(uri, &options.stores).err()?;
        Some(format!("the import `{task}`: {problem}"))
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
        clock: surroundings.clock.clone(),
        stage: surroundings.stage,
        mask: vault.mask(credentials),
        vault,
        stores: options.stores.clone(),
        approvals: options.approvals.clone(),
        ask: options.ask.clone(),
        binary,
        interpreter,
        supervisor: options.supervisor.clone(),
        engine,
        read_cache: options.read_cache,
        namespace: options.namespace.clone(),
        cache_epoch: options.cache_epoch,
        parallelism: parallelism.min(limit),
        grace: options.grace,
    })
}

/// Where pip installs the packages of the component from, if it says so.
fn pip_index(component: &Component) -> Option<&str> {
    match &component.implementation {
        Implementation::Python(step) => step.pip_index.as_deref(),
        Implementation::Notebook(step) => step.pip_index.as_deref(),
        Implementation::Rust(_) | Implementation::Container(_) => None,
    }
}

fn note<T>(found: Option<Result<T, String>>, problems: &mut Vec<String>) -> Option<T> {
    match found? {
        Ok(found) => Some(found),
        Err(problem) => {
            problems.push(problem);
            None
        }
    }
}

/// Opens the program of the Rust steps.
fn opened(path: Option<&Path>) -> Result<Binary, String> {
    let Some(path) = path else {
        return Err("the pipeline has Rust steps: pass the program that they are in".to_owned());
    };
    Binary::open(path).map_err(|error| format!("cannot read the program `{}`: {error}", path.display()))
}

/// A run that is going on.
struct Begun {
    id: RunId,
    /// Others see the run as running until this is dropped.
    _claim: Claim,
    /// What an earlier part of the run has done.
    previous: Previous,
    /// The programs that run its steps and have changed since.
    changed: Vec<String>,
}

fn begin(
    store: &mut Store,
    plan: &Plan<'_>,
    arguments: &BTreeMap<String, Value>,
    programs: &Programs,
) -> Result<Begun, RunError> {
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
    Ok(Begun { id, _claim: claim, previous: Previous::default(), changed: Vec::new() })
}

/// Takes over a run that was interrupted or did not succeed.
fn resume(
    store: &mut Store,
    id: &RunId,
    plan: &Plan<'_>,
    arguments: &BTreeMap<String, Value>,
    setup: &Setup<'_>,
) -> Result<Begun, RunError> {
    let refused = |reason: &str| RunError::Resume { run: id.clone(), reason: reason.to_owned() };
    let origin = store.origin_of(id)?;
    if origin.digest != plan.digest() {
        return Err(refused(
            "the pipeline has changed since the run started, so the results of its finished steps may not fit: start \
             a new run",
        ));
    }
    if origin.arguments != encoded(arguments) {
        return Err(refused("it has other arguments: pass the same ones, or start a new run"));
    }
    let claim = store.claim(id)?.ok_or_else(|| refused("it is still running"))?;
    // Nothing changes the state any more: another process may have resumed and finished the run a moment ago.
    if store.run(id)?.state == State::Succeeded {
        return Err(refused("it has succeeded, so there is nothing left to run"));
    }
    let programs = setup.programs();
    store.take_over(id, &programs)?;
    // A program that the record does not have is no change.
    let has_changed = |(name, program): &(&String, &String)| {
        origin.programs.get(*name).is_some_and(|before| before != *program)
    };
    let changed = programs.iter().filter(has_changed).map(|(name, _)| name.clone()).collect();
    if let Some(engine) = &setup.engine {
        engine.end_run(id.as_str());
    }
    let left = process::end_marked(&format!("{id}/"));
    // A program that has replaced its environment is known by its id only.
    for process in store.live_processes(id)? {
        process.kill_group();
    }
    if !left.is_empty() {
        let pids: Vec<String> = left.iter().map(|process| process.pid.to_string()).collect();
        return Err(refused(&format!("cannot end the processes that it left running: {}", pids.join(", "))));
    }
    // Nothing writes to them any more, and no one has removed what their steps wrote for the runner.
    for (path, attempt) in store.open_attempts(id)? {
        Layout::new(store.folder(), id.as_str(), &path, attempt).discard();
    }
    Ok(Begun { id: id.clone(), _claim: claim, previous: store.previous(id)?, changed })
}

fn encoded(arguments: &BTreeMap<String, Value>) -> String {
    value::encode(&Value::Object(arguments.clone().into_iter().collect()))
}
