//! Exit handlers: a body, and an exit region that runs whether or not the body succeeds.

use std::collections::BTreeMap;

use kfp_model::{ExitHandler, Task, TaskKind};
use serde_json::json;

use super::dispatcher::Dispatcher;
use super::ending::Ending;
use super::frame::{Frame, FrameId, Locals, Outputs, Role, Settled};
use crate::State;
use crate::evaluate;
use crate::failures;
use crate::store::StoreError;

impl<'r> Dispatcher<'r, '_> {
    pub(super) fn start_exit_handler(
        &mut self,
        id: FrameId,
        task: &'r Task,
        handler: &'r ExitHandler,
    ) -> Result<(), StoreError> {
        self.begin(id, task, None, &BTreeMap::new())?;
        let path = format!("{}/", self.path(id, task));
        let Frame { checked, instance, .. } = *self.frames.get(id);
        self.enter(id, Frame::new(&handler.body, checked, instance, Role::Body(task), Locals::None, path));
        Ok(())
    }

    /// Enters the exit region after the body has ended, and passes it the status of the body.
    pub(super) fn close_body(
        &mut self,
        parent: FrameId,
        id: FrameId,
        task: &'r Task,
    ) -> Result<(), StoreError> {
        let TaskKind::ExitHandler(handler) = &task.kind else { return Ok(()) };
        self.propagate_failures(parent, id);
        let (settled, _) = self.frame_result(id);
        let path = format!("{}/", self.path(parent, task));
        if self.stop.is_halted() {
            let exit = self.place(parent, task).exit();
            self.record_region(&handler.exit, &exit, State::Cancelled, None)?;
            return self.settle(parent, task, Settled::empty(settled.state), Ending::default());
        }
        self.forget_exit(&path);
        let status = json!({
            "state": status_name(settled.state),
            "failures": failures::list(&self.enclosing_names(id), &self.frames.get(id).failures),
        });
        let locals = Locals::Exit { handler: &task.id, status, body: self.body_outputs(id) };
        let Frame { checked, instance, .. } = *self.frames.get(parent);
        let mut exit = Frame::new(&handler.exit, checked, instance, Role::Exit(task, settled), locals, path);
        exit.is_exit = true;
        self.enter(parent, exit);
        Ok(())
    }

    /// Discards the results of an earlier part of the run in the exit region below that path, if a task of the body has
    /// run again: the exit handler received another status then.
    fn forget_exit(&mut self, path: &str) {
        if self.rerun.range(path.to_owned()..).next().is_some_and(|first| first.starts_with(path)) {
            let exit = format!("{path}exit.");
            self.previous.outputs.retain(|known, _| !known.starts_with(&exit));
        }
    }

    /// Returns the values that the body yields to the exit handler. A value is absent if its producer did not succeed.
    fn body_outputs(&self, id: FrameId) -> Outputs {
        let view = self.frames.view(id);
        let yields = &self.frames.get(id).region.yields;
        let value = |expression| evaluate::expression(expression, &view).ok().flatten();
        yields.iter().map(|(name, expression)| (name.clone(), value(expression))).collect()
    }

    /// Settles the task by the results of its body and its exit region.
    pub(super) fn close_exit(
        &mut self,
        parent: FrameId,
        id: FrameId,
        task: &'r Task,
        body: Settled,
    ) -> Result<(), StoreError> {
        self.propagate_failures(parent, id);
        let exit = self.frames.get(id).state();
        match (body.state, exit) {
            (_, State::Succeeded) => self.settle(parent, task, body, Ending::default()),
            (State::Succeeded, failed) => {
                let ending = Ending::message("the exit handler did not succeed");
                self.settle(parent, task, Settled::empty(failed), ending)
            }
            (failed, _) => self.settle(parent, task, Settled::empty(failed), Ending::default()),
        }
    }
}

/// Returns the state of a body for the exit handler; a body that was interrupted has failed.
fn status_name(state: State) -> &'static str {
    match state {
        State::Succeeded | State::Cached => "Succeeded",
        State::Error => "Error",
        State::Skipped => "Skipped",
        State::Omitted => "Omitted",
        State::Failed | State::Cancelled | State::Interrupted | State::Running => "Failed",
    }
}
