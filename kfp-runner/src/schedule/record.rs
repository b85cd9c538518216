//! Writing down how tasks begin and end: in the frames, in the store, in the report and as events.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use kfp_model::{Call, Callee, Region, Task, TaskKind};
use serde_json::Value;

use super::dispatcher::Dispatcher;
use super::frame::{FrameId, Role, Settled};
use crate::clock;
use crate::naming::segment;
use crate::report::{Kind, TaskReport};
use crate::step;
use crate::store::{StoreError, TaskEnd, TaskStart};
use crate::{Event, Failure, State};

/// What there is to say about the end of a task, besides its state and outputs.
#[derive(Default)]
pub(super) struct Ending {
    pub(super) failure: Option<Failure>,
    pub(super) message: Option<String>,
    pub(super) attempts: u32,
    pub(super) log: Option<PathBuf>,
    /// Whether an earlier part of the run has written it down already.
    pub(super) recorded: bool,
}

impl Ending {
    pub(super) fn message(message: impl Into<String>) -> Self {
        Self { message: Some(message.into()), ..Self::default() }
    }

    pub(super) fn failure(failure: Failure) -> Self {
        Self { failure: Some(failure), ..Self::default() }
    }
}

impl<'r> Dispatcher<'r, '_> {
    /// The names that lead to the task.
    pub(super) fn path(&self, id: FrameId, task: &Task) -> String {
        let frame = self.frames.get(id);
        let prefix = if matches!(frame.role, Role::Exit(..)) { "exit." } else { "" };
        format!("{}{prefix}{}", frame.path, segment(&task.name))
    }

    /// The names that lead to the task, as its author wrote them.
    fn names(&self, id: FrameId, task: &Task) -> String {
        let frame = self.frames.get(id);
        let prefix = if matches!(frame.role, Role::Exit(..)) { "exit." } else { "" };
        format!("{}{prefix}{}", self.names_before(id), task.name)
    }

    /// The names that lead into the frame, each followed by `/`.
    pub(super) fn names_before(&self, id: FrameId) -> String {
        let frame = self.frames.get(id);
        let (Some(holder), Some(parent)) = (frame.role.task(), frame.parent) else { return String::new() };
        let own = match (&frame.role, &holder.kind) {
            (Role::Iteration(_, number), _) => format!("{number}/"),
            (Role::Arm(_), TaskKind::Branch(branch)) => {
                let taken = branch.arms.iter().find(|arm| std::ptr::eq(&raw const arm.region, frame.region));
                format!("{}/", taken.map_or("otherwise", |arm| &arm.name))
            }
            _ => String::new(),
        };
        format!("{}/{own}", self.names(parent, holder))
    }

    /// Writes down that the task begins.
    pub(super) fn begin(
        &mut self,
        id: FrameId,
        task: &'r Task,
        cache_key: Option<&str>,
        inputs: &BTreeMap<String, Value>,
    ) -> Result<(), StoreError> {
        let path = self.path(id, task);
        self.write_start(task, &path, true, cache_key, inputs)?;
        self.begun.insert(path.clone(), (clock::now(), self.setup.clock.now()));
        (self.events)(Event::TaskStarted { path, name: task.name.clone(), kind: kind(task) });
        Ok(())
    }

    /// Writes down that the task has failed by itself.
    pub(super) fn fail(&mut self, id: FrameId, task: &'r Task, failure: Failure) -> Result<(), StoreError> {
        self.settle(id, task, Settled::empty(failure.state), Ending::failure(failure))
    }

    /// Writes down how the task ended.
    pub(super) fn settle(
        &mut self,
        id: FrameId,
        task: &'r Task,
        settled: Settled,
        ending: Ending,
    ) -> Result<(), StoreError> {
        let path = self.path(id, task);
        let begun = self.begun.remove(&path);
        if begun.is_none() && !ending.recorded {
            self.write_start(task, &path, false, None, &BTreeMap::new())?;
            let state = inside(settled.state);
            for region in task.regions() {
                self.record_region(region, &format!("{path}/"), state, ending.message.as_deref())?;
            }
        }
        if let Some(failure) = &ending.failure {
            let path = self.names(id, task);
            self.frames.get_mut(id).failures.push((path, failure.clone()));
        }
        self.write_end(task, path, begun, &settled, ending)?;
        let settled = self.seen_from_outside(id, task, settled);
        self.frames.get_mut(id).settle(&task.id, settled);
        self.agenda.insert(id);
        Ok(())
    }

    /// How others see the end of the task: where they go on after its failure, its outputs are `null`.
    fn seen_from_outside(&self, id: FrameId, task: &Task, settled: Settled) -> Settled {
        let TaskKind::Call(Call { callee, continue_on_failure: true, .. }) = &task.kind else {
            return settled;
        };
        if !matches!(settled.state, State::Failed | State::Error) {
            return settled;
        }
        let checked = self.frames.get(id).checked;
        let outputs = match callee {
            Callee::Component(component) => &checked.component(component).outputs,
            Callee::Pipeline(name) => &self.plan.program().pipeline(name).pipeline().outputs,
        };
        let nulls = outputs.keys().map(|name| (name.clone(), Value::Null)).collect();
        Settled::with(settled.state, nulls)
    }

    /// Writes down that nothing in the region runs.
    pub(super) fn record_region(
        &mut self,
        region: &'r Region,
        path: &str,
        state: State,
        message: Option<&str>,
    ) -> Result<(), StoreError> {
        if state.has_outputs() {
            return Ok(());
        }
        for task in &region.tasks {
            let path = format!("{path}{}", segment(&task.name));
            for inner in task.regions() {
                self.record_region(inner, &format!("{path}/"), state, message)?;
            }
            self.write_start(task, &path, false, None, &BTreeMap::new())?;
            let ending = Ending { message: message.map(str::to_owned), ..Ending::default() };
            self.write_end(task, path, None, &Settled::empty(state), ending)?;
        }
        Ok(())
    }

    fn write_start(
        &mut self,
        task: &Task,
        path: &str,
        started: bool,
        cache_key: Option<&str>,
        inputs: &BTreeMap<String, Value>,
    ) -> Result<(), StoreError> {
        let start = TaskStart {
            path,
            id: &task.id.0,
            name: &task.name,
            kind: kind(task).as_str(),
            position: self.previous.position,
            started,
            cache_key,
            inputs,
        };
        self.previous.position += 1;
        self.store.begin_task(&self.run, &start)
    }

    fn write_end(
        &mut self,
        task: &Task,
        path: String,
        begun: Option<(i64, Instant)>,
        settled: &Settled,
        ending: Ending,
    ) -> Result<(), StoreError> {
        const TAIL: usize = 20;
        let outputs: BTreeMap<String, Value> =
            settled.outputs.iter().filter_map(|(name, value)| Some((name.clone(), value.clone()?))).collect();
        let kind = kind(task);
        let made = matches!(kind, Kind::Step | Kind::Import | Kind::Approval);
        let Ending { failure, message, attempts, log, recorded } = ending;
        if !recorded {
            let (failure, message) = (failure.as_ref(), message.as_deref());
            let end =
                TaskEnd { path: &path, state: settled.state, failure, message, outputs: &outputs, made };
            self.store.end_task(&self.run, &end)?;
        }
        let log_tail = match (&failure, &log) {
            (Some(_), Some(log)) => step::tail(log, TAIL),
            _ => Vec::new(),
        };
        let report = TaskReport {
            path,
            id: task.id.0.clone(),
            name: task.name.clone(),
            kind,
            state: settled.state,
            started_at: begun.map(|(time, _)| time),
            duration: begun
                .map_or(Duration::ZERO, |(_, begun)| self.setup.clock.now().saturating_duration_since(begun)),
            attempts,
            outputs,
            exit_code: failure.as_ref().and_then(|failure| failure.exit_code),
            class: failure.as_ref().map(|failure| failure.class),
            message: failure.map(|failure| failure.message).or(message),
            log_tail,
            log,
        };
        self.reports.push(report.clone());
        (self.events)(Event::TaskFinished(report));
        Ok(())
    }
}

/// How the steps end that are in a task which ended before it began.
fn inside(state: State) -> State {
    match state {
        State::Failed | State::Error => State::Omitted,
        other => other,
    }
}

fn kind(task: &Task) -> Kind {
    match &task.kind {
        TaskKind::Call(Call { callee: Callee::Component(_), .. }) => Kind::Step,
        TaskKind::Call(_) => Kind::Pipeline,
        TaskKind::Branch(_) => Kind::Branch,
        TaskKind::Loop(_) => Kind::Loop,
        TaskKind::ExitHandler(_) => Kind::ExitHandler,
        TaskKind::Approval(_) => Kind::Approval,
        TaskKind::Import(_) => Kind::Import,
    }
}
