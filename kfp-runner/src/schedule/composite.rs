//! Tasks that have regions: how they enter them, and what becomes of them when those end.

use std::collections::BTreeMap;

use kfp_model::{Branch, Call, Callee, Guard, Loop, Region, Task, TaskKind};
use serde_json::{Value, json};

use super::dispatcher::Dispatcher;
use super::frame::{Frame, FrameId, Locals, Outputs, Role, Settled};
use super::leaf::{Arguments, failed};
use super::record::Ending;
use crate::evaluate::{self, shown};
use crate::naming::segment;
use crate::store::StoreError;
use crate::{Failure, State};

/// The most items of a loop that does not say how many it may have.
const MAX_ITEMS: u32 = 1000;

/// A loop that was started.
pub(super) struct LoopRun {
    items: Vec<Value>,
    /// The next item.
    next: usize,
    /// The number of iterations that run.
    active: usize,
    limit: usize,
    results: Vec<Outputs>,
    /// How the loop ends, unless all iterations succeed.
    bad: Option<State>,
}

impl<'r> Dispatcher<'r, '_> {
    pub(super) fn start_call(
        &mut self,
        id: FrameId,
        task: &'r Task,
        call: &'r Call,
    ) -> Result<(), StoreError> {
        match &call.callee {
            Callee::Component(component) => self.start_step(id, task, call, component),
            Callee::Pipeline(name) => self.start_pipeline(id, task, call, name),
        }
    }

    fn start_pipeline(
        &mut self,
        id: FrameId,
        task: &'r Task,
        call: &'r Call,
        name: &'r str,
    ) -> Result<(), StoreError> {
        let checked = self.plan.pipeline(name);
        let pipeline = checked.pipeline();
        let frame = self.frames.get(id);
        let mut depths = frame.depths.clone();
        if let Some(limit) = call.max_depth {
            let depth = depths.entry((frame.checked.pipeline().name.as_str(), &task.id)).or_default();
            *depth += 1;
            if *depth > limit {
                let message = format!("`{name}` calls itself {limit} times at most");
                return self.settle(id, task, Settled::empty(State::Skipped), Ending::message(message));
            }
        }
        let inputs = match self.arguments(id, call, &pipeline.inputs) {
            Ok(Arguments::Given(inputs)) => inputs,
            Ok(Arguments::Absent(name)) => return self.skip(id, task, &format!("the argument `{name}`")),
            Err(failure) => return self.fail(id, task, failure),
        };
        self.begin(id, task, None, &inputs)?;
        let path = format!("{}/", self.path(id, task));
        let mut frame = Frame::new(&pipeline.root, checked, Role::Callee(task), Locals::Inputs(inputs), path);
        frame.depths = depths;
        self.enter(id, frame);
        Ok(())
    }

    pub(super) fn start_branch(
        &mut self,
        id: FrameId,
        task: &'r Task,
        branch: &'r Branch,
    ) -> Result<(), StoreError> {
        let mut taken = None;
        for (idx, arm) in branch.arms.iter().enumerate() {
            match evaluate::condition(&arm.condition, &self.frames.view(id)) {
                Ok(Some(true)) => {
                    taken = Some(idx);
                    break;
                }
                Ok(Some(false)) => {}
                Ok(None) => return self.skip(id, task, &format!("the condition of `{}`", arm.name)),
                Err(error) => {
                    return self.fail(id, task, failed(&format!("the condition of `{}`", arm.name), &error));
                }
            }
        }
        self.begin(id, task, None, &BTreeMap::new())?;
        let path = self.path(id, task);
        for (idx, arm) in branch.arms.iter().enumerate().filter(|(idx, _)| taken != Some(*idx)) {
            let later = taken.is_some_and(|taken| taken < idx);
            let message = if later { "an arm before was taken" } else { "the condition does not hold" };
            let path = format!("{path}/{}/", segment(&arm.name));
            self.record_region(&arm.region, &path, State::Skipped, Some(message))?;
        }
        let otherwise_path = format!("{path}/otherwise/");
        match (taken, &branch.otherwise) {
            (Some(idx), otherwise) => {
                if let Some(region) = otherwise {
                    let message = Some("an arm before was taken");
                    self.record_region(region, &otherwise_path, State::Skipped, message)?;
                }
                let arm = &branch.arms[idx];
                self.enter_arm(id, task, &arm.region, format!("{path}/{}/", segment(&arm.name)));
                Ok(())
            }
            (None, Some(region)) => {
                self.enter_arm(id, task, region, otherwise_path);
                Ok(())
            }
            (None, None) => {
                let names = branch.arms.first().map(|arm| arm.region.yields.keys());
                let outputs = names.into_iter().flatten().map(|name| (name.clone(), Some(Value::Null)));
                let settled = Settled { state: State::Skipped, outputs: outputs.collect() };
                self.settle(id, task, settled, Ending::message("no condition holds"))
            }
        }
    }

    fn enter_arm(&mut self, id: FrameId, task: &'r Task, region: &'r Region, path: String) {
        let checked = self.frames.get(id).checked;
        self.enter(id, Frame::new(region, checked, Role::Arm(task), Locals::None, path));
    }

    pub(super) fn start_loop(
        &mut self,
        id: FrameId,
        task: &'r Task,
        repeat: &'r Loop,
    ) -> Result<(), StoreError> {
        let items = match evaluate::expression(&repeat.items, &self.frames.view(id)) {
            Ok(Some(items)) => items,
            Ok(None) => return self.skip(id, task, "the list of items"),
            Err(error) => return self.fail(id, task, failed("the list of items", &error)),
        };
        let max_items = repeat.max_items.unwrap_or(MAX_ITEMS) as usize;
        let items = match items {
            Value::Array(items) if items.len() <= max_items => items,
            Value::Array(items) => {
                let message = format!(
                    "the loop has {} items, and may have {max_items}: raise `max_items`",
                    items.len()
                );
                return self.fail(id, task, Failure::data(message));
            }
            other => {
                let message = format!("the loop is over {}, which is no list", shown(&other));
                return self.fail(id, task, Failure::data(message));
            }
        };
        self.begin(id, task, None, &BTreeMap::new())?;
        let results = vec![Outputs::new(); items.len()];
        let limit = repeat.parallelism.map_or(usize::MAX, |limit| limit.max(1) as usize);
        let run = LoopRun { items, next: 0, active: 0, limit, results, bad: None };
        self.loops.insert((id, &task.id), run);
        self.continue_loop(id, task, repeat)
    }

    /// Starts the iterations for which there is room, and settles the loop when there are no more.
    fn continue_loop(&mut self, id: FrameId, task: &'r Task, repeat: &'r Loop) -> Result<(), StoreError> {
        let is_stopped = self.is_stopped(id);
        let path = self.path(id, task);
        let checked = self.frames.get(id).checked;
        let Some(run) = self.loops.get_mut(&(id, &task.id)) else { return Ok(()) };
        if is_stopped && run.next < run.items.len() {
            run.next = run.items.len();
            run.bad.get_or_insert(State::Cancelled);
        }
        let mut frames = Vec::new();
        while run.active < run.limit && run.next < run.items.len() {
            let locals = Locals::Item(&task.id, run.items[run.next].clone());
            let role = Role::Iteration(task, run.next);
            frames.push(Frame::new(&repeat.body, checked, role, locals, format!("{path}/{}/", run.next)));
            run.next += 1;
            run.active += 1;
        }
        let is_over = run.active == 0;
        for frame in frames {
            self.enter(id, frame);
        }
        if is_over { self.end_loop(id, task, repeat) } else { Ok(()) }
    }

    fn end_loop(&mut self, id: FrameId, task: &'r Task, repeat: &'r Loop) -> Result<(), StoreError> {
        let Some(run) = self.loops.remove(&(id, &task.id)) else { return Ok(()) };
        if let Some(state) = run.bad {
            return self.settle(
                id,
                task,
                Settled::empty(state),
                Ending::message("an iteration did not succeed"),
            );
        }
        let collect = |name: &String| {
            let value = |result: &Outputs| result.get(name).cloned().flatten().unwrap_or(Value::Null);
            (name.clone(), run.results.iter().map(value).collect::<Value>())
        };
        let outputs = repeat.body.yields.keys().map(collect).collect();
        self.settle(id, task, Settled::with(State::Succeeded, outputs), Ending::default())
    }

    pub(super) fn start_guard(
        &mut self,
        id: FrameId,
        task: &'r Task,
        guard: &'r Guard,
    ) -> Result<(), StoreError> {
        self.begin(id, task, None, &BTreeMap::new())?;
        let path = format!("{}/", self.path(id, task));
        let checked = self.frames.get(id).checked;
        self.enter(id, Frame::new(&guard.body, checked, Role::Body(task), Locals::None, path));
        Ok(())
    }

    fn enter(&mut self, parent: FrameId, mut frame: Frame<'r>) {
        let outer = self.frames.get(parent);
        frame.parent = Some(parent);
        frame.is_exit |= outer.is_exit;
        if frame.depths.is_empty() {
            frame.depths.clone_from(&outer.depths);
        }
        let id = self.frames.add(frame);
        self.agenda.insert(id);
    }

    /// Deals with the end of a frame, all of whose tasks have ended.
    pub(super) fn close(&mut self, id: FrameId) -> Result<(), StoreError> {
        let role = self.frames.get(id).role.clone();
        let Some(parent) = self.frames.get(id).parent else {
            self.end = Some(self.yielded(id));
            return Ok(());
        };
        match role {
            Role::Root => Ok(()),
            Role::Body(task) => self.close_body(parent, id, task),
            Role::Exit(task, body) => self.close_exit(parent, id, task, body),
            Role::Callee(task) | Role::Arm(task) => {
                self.hand_up_failures(parent, id);
                let (settled, ending) = self.yielded(id);
                self.settle(parent, task, settled, ending)
            }
            Role::Iteration(task, idx) => {
                self.hand_up_failures(parent, id);
                let (settled, _) = self.yielded(id);
                if let Some(run) = self.loops.get_mut(&(parent, &task.id)) {
                    run.active -= 1;
                    if settled.state == State::Succeeded {
                        run.results[idx] = settled.outputs;
                    } else if run.bad != Some(State::Failed) {
                        run.bad = Some(settled.state);
                    }
                }
                match &task.kind {
                    TaskKind::Loop(repeat) => self.continue_loop(parent, task, repeat),
                    _ => Ok(()),
                }
            }
        }
    }

    /// How the frame ended, with what it yields.
    fn yielded(&self, id: FrameId) -> (Settled, Ending) {
        let frame = self.frames.get(id);
        let state = frame.state();
        if state != State::Succeeded {
            return (Settled::empty(state), Ending::default());
        }
        let view = self.frames.view(id);
        let mut outputs = Outputs::new();
        for (name, expression) in &frame.region.yields {
            match evaluate::expression(expression, &view) {
                Ok(value) => {
                    outputs.insert(name.clone(), value);
                }
                Err(error) => {
                    let failure = failed(&format!("the value `{name}`"), &error);
                    return (Settled::empty(failure.state), Ending::failure(failure));
                }
            }
        }
        (Settled { state, outputs }, Ending::default())
    }

    fn hand_up_failures(&mut self, parent: FrameId, id: FrameId) {
        let failures = self.frames.get(id).failures.clone();
        self.frames.get_mut(parent).failures.extend(failures);
    }

    /// Enters the exit region of a guard, with what it is told about the body.
    fn close_body(&mut self, parent: FrameId, id: FrameId, task: &'r Task) -> Result<(), StoreError> {
        let TaskKind::Guard(guard) = &task.kind else { return Ok(()) };
        self.hand_up_failures(parent, id);
        let (settled, _) = self.yielded(id);
        let path = format!("{}/", self.path(parent, task));
        if self.stop.is_halted() {
            self.record_region(&guard.exit, &format!("{path}exit."), State::Cancelled, None)?;
            return self.settle(parent, task, Settled::empty(settled.state), Ending::default());
        }
        let status = json!({
            "state": status_word(settled.state),
            "failures": self.frames.get(id).failures,
        });
        let locals = Locals::Exit { guard: &task.id, status, guarded: self.guarded(id) };
        let checked = self.frames.get(parent).checked;
        let mut exit = Frame::new(&guard.exit, checked, Role::Exit(task, settled), locals, path);
        exit.is_exit = true;
        self.enter(parent, exit);
        Ok(())
    }

    /// What the body of a guard yields to the exit handler: each value whose producer succeeded.
    fn guarded(&self, id: FrameId) -> Outputs {
        let view = self.frames.view(id);
        let yields = &self.frames.get(id).region.yields;
        let value = |expression| evaluate::expression(expression, &view).ok().flatten();
        yields.iter().map(|(name, expression)| (name.clone(), value(expression))).collect()
    }

    /// Settles a guard by how its body and its exit ended.
    fn close_exit(
        &mut self,
        parent: FrameId,
        id: FrameId,
        task: &'r Task,
        body: Settled,
    ) -> Result<(), StoreError> {
        self.hand_up_failures(parent, id);
        let exit = self.frames.get(id).state();
        match (body.state, exit) {
            (_, State::Succeeded) => self.settle(parent, task, body, Ending::default()),
            (State::Succeeded, bad) => {
                let ending = Ending::message("the exit handler did not succeed");
                self.settle(parent, task, Settled::empty(bad), ending)
            }
            (bad, _) => self.settle(parent, task, Settled::empty(bad), Ending::default()),
        }
    }
}

/// The state of a body as an exit handler is told it; one that was cut short has failed.
fn status_word(state: State) -> &'static str {
    match state {
        State::Succeeded | State::Cached => "Succeeded",
        State::Error => "Error",
        State::Skipped => "Skipped",
        State::Omitted => "Omitted",
        State::Failed | State::Cancelled | State::Interrupted | State::Running => "Failed",
    }
}
