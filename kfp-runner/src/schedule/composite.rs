//! Tasks with regions: how their regions are entered, and what happens when these end.

use std::collections::BTreeMap;

use kfp_model::{Branch, Call, Callee, Region, Task};
use serde_json::Value;

use super::dispatcher::Dispatcher;
use super::ending::Ending;
use super::frame::{Frame, FrameId, Locals, Outputs, Role, Settled};
use super::steps::{Arguments, evaluation_failure};
use crate::State;
use crate::evaluate;
use crate::store::StoreError;

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
        let program = self.plan.program();
        let checked = program.pipeline(name);
        let pipeline = checked.pipeline();
        let frame = self.frames.get(id);
        let instance = program.called(frame.instance, &task.id);
        let mut depths = frame.depths.clone();
        if let Some(limit) = call.max_depth {
            let depth = depths.entry((frame.checked.pipeline().name.as_str(), &task.id)).or_default();
            *depth += 1;
            if *depth > limit {
                let message = format!("the `max_depth` of {limit} is reached: `{name}` is not called again");
                return self.settle(id, task, Settled::empty(State::Skipped), Ending::message(message));
            }
        }
        let inputs = match self.arguments(id, task, call, &pipeline.inputs) {
            Ok(Arguments::Present(inputs)) => inputs,
            Ok(Arguments::Absent(name)) => return self.skip(id, task, &format!("the argument `{name}`")),
            Err(failure) => return self.fail(id, task, failure),
        };
        self.begin(id, task, None, &inputs)?;
        self.expect_call(name);
        let path = format!("{}/", self.path(id, task));
        let (role, locals) = (Role::Callee(task), Locals::Inputs(inputs));
        let mut frame = Frame::new(&pipeline.root, checked, instance, role, locals, path);
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
                    let what = format!("the condition of `{}`", arm.name);
                    return self.fail(id, task, evaluation_failure(&what, &error));
                }
            }
        }
        self.begin(id, task, None, &BTreeMap::new())?;
        let place = self.place(id, task);
        for (idx, arm) in branch.arms.iter().enumerate().filter(|(idx, _)| taken != Some(*idx)) {
            let later = taken.is_some_and(|taken| taken < idx);
            let message = if later { "an earlier arm was taken" } else { "the condition is false" };
            self.record_region(&arm.region, &place.arm(&arm.name), State::Skipped, Some(message))?;
        }
        let otherwise = place.arm("otherwise");
        match (taken, &branch.otherwise) {
            (Some(idx), other) => {
                if let Some(region) = other {
                    let message = Some("an earlier arm was taken");
                    self.record_region(region, &otherwise, State::Skipped, message)?;
                }
                let arm = &branch.arms[idx];
                self.enter_arm(id, task, &arm.region, place.arm(&arm.name).path);
                Ok(())
            }
            (None, Some(region)) => {
                self.enter_arm(id, task, region, otherwise.path);
                Ok(())
            }
            (None, None) => {
                let names = branch.arms.first().map(|arm| arm.region.yields.keys());
                let outputs = names.into_iter().flatten().map(|name| (name.clone(), Some(Value::Null)));
                let settled = Settled { state: State::Skipped, outputs: outputs.collect() };
                self.settle(id, task, settled, Ending::message("no condition is true"))
            }
        }
    }

    fn enter_arm(&mut self, id: FrameId, task: &'r Task, region: &'r Region, path: String) {
        let Frame { checked, instance, .. } = *self.frames.get(id);
        self.enter(id, Frame::new(region, checked, instance, Role::Arm(task), Locals::None, path));
    }

    /// Enters a frame inside another one.
    pub(super) fn enter(&mut self, parent: FrameId, mut frame: Frame<'r>) {
        let outer = self.frames.get(parent);
        frame.parent = Some(parent);
        frame.is_exit |= outer.is_exit;
        if frame.depths.is_empty() {
            frame.depths.clone_from(&outer.depths);
        }
        let id = self.frames.add(frame);
        self.agenda.insert(id);
    }

    /// Ends a frame whose tasks have all ended.
    pub(super) fn close(&mut self, id: FrameId) -> Result<(), StoreError> {
        let role = self.frames.get(id).role.clone();
        let Some(parent) = self.frames.get(id).parent else {
            self.end = Some(self.frame_result(id));
            return Ok(());
        };
        match role {
            Role::Root => Ok(()),
            Role::Body(task) => self.close_body(parent, id, task),
            Role::Exit(task, body) => self.close_exit(parent, id, task, body),
            Role::Callee(task) | Role::Arm(task) => {
                self.propagate_failures(parent, id);
                let (settled, ending) = self.frame_result(id);
                self.settle(parent, task, settled, ending)
            }
            Role::Iteration(task, idx) => self.close_iteration(parent, id, task, idx),
        }
    }

    /// Returns how the frame ended, and its outputs.
    pub(super) fn frame_result(&self, id: FrameId) -> (Settled, Ending) {
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
                    let failure = evaluation_failure(&format!("the value `{name}`"), &error);
                    return (Settled::empty(failure.state), Ending::failure(failure));
                }
            }
        }
        (Settled { state, outputs }, Ending::default())
    }

    /// Adds the failures of an inner frame to the outer one.
    pub(super) fn propagate_failures(&mut self, parent: FrameId, id: FrameId) {
        let failures = self.frames.get(id).failures.clone();
        self.frames.get_mut(parent).failures.extend(failures);
    }
}
