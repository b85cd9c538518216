//! Guards: a body, and an exit region that runs however the body ended.

use std::collections::BTreeMap;

use kfp_model::{ExitHandler, Task, TaskKind};
use serde_json::json;

use super::dispatcher::Dispatcher;
use super::frame::{Frame, FrameId, Locals, Outputs, Role, Settled};
use super::record::Ending;
use crate::State;
use crate::evaluate;
use crate::failures;
use crate::store::StoreError;

impl<'r> Dispatcher<'r, '_> {
    pub(super) fn start_guard(
        &mut self,
        id: FrameId,
        task: &'r Task,
        guard: &'r ExitHandler,
    ) -> Result<(), StoreError> {
        self.begin(id, task, None, &BTreeMap::new())?;
        let path = format!("{}/", self.path(id, task));
        let Frame { checked, instance, .. } = *self.frames.get(id);
        self.enter(id, Frame::new(&guard.body, checked, instance, Role::Body(task), Locals::None, path));
        Ok(())
    }

    /// Enters the exit region of a guard, with what it is told about the body.
    pub(super) fn close_body(
        &mut self,
        parent: FrameId,
        id: FrameId,
        task: &'r Task,
    ) -> Result<(), StoreError> {
        let TaskKind::ExitHandler(guard) = &task.kind else { return Ok(()) };
        self.hand_up_failures(parent, id);
        let (settled, _) = self.yielded(id);
        let path = format!("{}/", self.path(parent, task));
        if self.stop.is_halted() {
            self.record_region(&guard.exit, &format!("{path}exit."), State::Cancelled, None)?;
            return self.settle(parent, task, Settled::empty(settled.state), Ending::default());
        }
        self.forget_exit(&path);
        let status = json!({
            "state": status_word(settled.state),
            "failures": failures::list(&self.names_before(id), &self.frames.get(id).failures),
        });
        let locals = Locals::Exit { guard: &task.id, status, guarded: self.guarded(id) };
        let Frame { checked, instance, .. } = *self.frames.get(parent);
        let mut exit = Frame::new(&guard.exit, checked, instance, Role::Exit(task, settled), locals, path);
        exit.is_exit = true;
        self.enter(parent, exit);
        Ok(())
    }

    /// Forgets what an earlier part of the run has done in the exit region of the guard with that path, if a task of
    /// the body ran again since: the exit handler was given another status then.
    fn forget_exit(&mut self, path: &str) {
        if self.anew.range(path.to_owned()..).next().is_some_and(|first| first.starts_with(path)) {
            let exit = format!("{path}exit.");
            self.previous.outputs.retain(|known, _| !known.starts_with(&exit));
        }
    }

    /// What the body of a guard yields to the exit handler: each value whose producer succeeded.
    fn guarded(&self, id: FrameId) -> Outputs {
        let view = self.frames.view(id);
        let yields = &self.frames.get(id).region.yields;
        let value = |expression| evaluate::expression(expression, &view).ok().flatten();
        yields.iter().map(|(name, expression)| (name.clone(), value(expression))).collect()
    }

    /// Settles a guard by how its body and its exit ended.
    pub(super) fn close_exit(
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
