//! Recording the start and end of tasks: in the frames, in the store, in the report and as events.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use kfp_model::{Call, Callee, Region, Task, TaskKind};
use serde_json::Value;

use super::dispatcher::Dispatcher;
use super::ending::Ending;
use super::frame::{FrameId, Role, Settled};
use super::place::Place;
use crate::clock;
use crate::naming::segment;
use crate::report::{Kind, TaskReport};
use crate::step;
use crate::store::{StoreError, TaskEnd, TaskStart};
use crate::{Event, Failure, State};

/// How iterations are named in a path.
#[derive(Clone, Copy)]
enum Iterations {
    /// By number, as on Argo: `for-each/0/train`.
    ByNumber,
    /// By item: `for-each[kind=svm]/train`.
    ByItem,
}

impl<'r> Dispatcher<'r, '_> {
    /// Returns the path of the task: the names of its enclosing tasks and its own, encoded as file names.
    pub(super) fn path(&self, id: FrameId, task: &Task) -> String {
        let frame = self.frames.get(id);
        format!("{}{}{}", frame.path, frame.prefix(), segment(&task.name))
    }

    /// Returns the path of the task, also as shown to users.
    pub(super) fn place(&self, id: FrameId, task: &Task) -> Place {
        Place { path: self.path(id, task), label: self.names(id, task, Iterations::ByItem) }
    }

    /// Returns the path of the task, with the names as written by the author.
    fn names(&self, id: FrameId, task: &Task, iterations: Iterations) -> String {
        let frame = self.frames.get(id);
        format!("{}{}{}", self.enclosing(id, iterations), frame.prefix(), task.name)
    }

    /// Returns the names on the path to the frame as written by the author, each followed by `/`.
    pub(super) fn enclosing_names(&self, id: FrameId) -> String {
        self.enclosing(id, Iterations::ByNumber)
    }

    fn enclosing(&self, id: FrameId, iterations: Iterations) -> String {
        let frame = self.frames.get(id);
        let (Some(holder), Some(parent)) = (frame.role.task(), frame.parent) else { return String::new() };
        let own = match (&frame.role, &holder.kind) {
            (Role::Iteration(_, number), _) => match iterations {
                Iterations::ByNumber => format!("/{number}/"),
                Iterations::ByItem => format!("[{}]/", frame.iteration),
            },
            (Role::Arm(_), TaskKind::Branch(branch)) => {
                let taken = branch.arms.iter().find(|arm| std::ptr::eq(&raw const arm.region, frame.region));
                format!("/{}/", taken.map_or("otherwise", |arm| &arm.name))
            }
            _ => "/".to_owned(),
        };
        format!("{}{own}", self.names(parent, holder, iterations))
    }

    /// Records the start of the task.
    pub(super) fn begin(
        &mut self,
        id: FrameId,
        task: &'r Task,
        cache_key: Option<&str>,
        inputs: &BTreeMap<String, Value>,
    ) -> Result<(), StoreError> {
        let place = self.place(id, task);
        self.write_start(task, &place, true, cache_key, inputs)?;
        let Place { path, label } = place;
        self.started.insert(path.clone(), (clock::now(), self.setup.clock.now()));
        (self.events)(Event::TaskStarted { path, label, name: task.name.clone(), kind: kind(task) });
        Ok(())
    }

    /// Records the failure of the task.
    pub(super) fn fail(&mut self, id: FrameId, task: &'r Task, failure: Failure) -> Result<(), StoreError> {
        self.settle(id, task, Settled::empty(failure.state), Ending::failure(failure))
    }

    /// Records the end of the task.
    pub(super) fn settle(
        &mut self,
        id: FrameId,
        task: &'r Task,
        settled: Settled,
        ending: Ending,
    ) -> Result<(), StoreError> {
        let place = self.place(id, task);
        let started = self.started.remove(&place.path);
        if started.is_none() && !ending.recorded {
            self.write_start(task, &place, false, None, &BTreeMap::new())?;
            self.forget_call(task);
            let state = state_of_inner_tasks(settled.state);
            for region in task.regions() {
                self.record_region(region, &place.region_of(task, region), state, ending.message.as_deref())?;
            }
        }
        if let Some(failure) = &ending.failure {
            let path = self.names(id, task, Iterations::ByNumber);
            self.frames.get_mut(id).failures.push((path, failure.clone()));
        }
        self.write_end(task, place, started, &settled, ending)?;
        let settled = self.visible_result(id, task, settled);
        self.frames.get_mut(id).settle(&task.id, settled);
        self.agenda.insert(id);
        Ok(())
    }

    /// Returns the result of the task for other tasks. If they continue after its failure, its outputs are `null`.
    fn visible_result(&self, id: FrameId, task: &Task, settled: Settled) -> Settled {
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

    /// Records that no task in the region at that place runs.
    pub(super) fn record_region(
        &mut self,
        region: &'r Region,
        at: &Place,
        state: State,
        message: Option<&str>,
    ) -> Result<(), StoreError> {
        if state.has_outputs() {
            return Ok(());
        }
        for task in &region.tasks {
            let place = at.task(&task.name);
            for inner in task.regions() {
                self.record_region(inner, &place.region_of(task, inner), state, message)?;
            }
            self.write_start(task, &place, false, None, &BTreeMap::new())?;
            self.forget_call(task);
            let ending = Ending { message: message.map(str::to_owned), ..Ending::default() };
            self.write_end(task, place, None, &Settled::empty(state), ending)?;
        }
        Ok(())
    }

    fn write_start(
        &mut self,
        task: &Task,
        place: &Place,
        started: bool,
        cache_key: Option<&str>,
        inputs: &BTreeMap<String, Value>,
    ) -> Result<(), StoreError> {
        let start = TaskStart {
            path: &place.path,
            label: &place.label,
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
        place: Place,
        started: Option<(i64, Instant)>,
        settled: &Settled,
        ending: Ending,
    ) -> Result<(), StoreError> {
        const TAIL_LINES: usize = 20;
        let outputs: BTreeMap<String, Value> =
            settled.outputs.iter().filter_map(|(name, value)| Some((name.clone(), value.clone()?))).collect();
        let Place { path, label } = place;
        let kind = kind(task);
        let is_producer = matches!(kind, Kind::Step | Kind::Import | Kind::Approval);
        let Ending { failure, message, attempts, log, cached_from, recorded } = ending;
        if !recorded {
            let (failure, message) = (failure.as_ref(), message.as_deref());
            let end = TaskEnd {
                path: &path,
                state: settled.state,
                failure,
                message,
                outputs: &outputs,
                is_producer,
                cached_from: cached_from.as_ref(),
            };
            self.store.end_task(&self.run, &end)?;
        }
        let log_tail = match (&failure, &log) {
            (Some(_), Some(log)) => step::tail(log, TAIL_LINES),
            _ => Vec::new(),
        };
        let report = TaskReport {
            path,
            label,
            id: task.id.0.clone(),
            name: task.name.clone(),
            kind,
            state: settled.state,
            started_at: started.map(|(time, _)| time),
            duration: started
                .map_or(Duration::ZERO, |(_, start)| self.setup.clock.now().saturating_duration_since(start)),
            attempts,
            cached_from,
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

/// Returns the state of the tasks within a task that ended before it started.
fn state_of_inner_tasks(state: State) -> State {
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
