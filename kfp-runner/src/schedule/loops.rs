//! Loops: an iteration for each item, bounded by the parallelism of the loop.

use std::collections::BTreeMap;

use kfp_model::{Loop, Task, TaskKind};
use serde_json::Value;

use super::dispatcher::Dispatcher;
use super::ending::Ending;
use super::frame::{Frame, FrameId, Locals, Outputs, Role, Settled};
use super::pending::LoopRun;
use super::steps::evaluation_failure;
use crate::evaluate::{self, shown};
use crate::store::StoreError;
use crate::{Failure, State, label};

/// The maximum number of items of a loop that does not set `max_items`.
const MAX_ITEMS: u32 = 1000;

impl<'r> Dispatcher<'r, '_> {
    pub(super) fn start_loop(
        &mut self,
        id: FrameId,
        task: &'r Task,
        repeat: &'r Loop,
    ) -> Result<(), StoreError> {
        let items = match evaluate::items(&repeat.items, &self.frames.view(id)) {
            Ok(Some(items)) => items,
            Ok(None) => return self.skip(id, task, "the list of items"),
            Err(error) => return self.fail(id, task, evaluation_failure("the list of items", &error)),
        };
        let max_items = repeat.max_items.unwrap_or(MAX_ITEMS) as usize;
        let items = match items {
            Value::Array(items) if items.len() <= max_items => items,
            Value::Array(items) => {
                let message = format!(
                    "the loop has {} items, but at most {max_items} are allowed: raise `max_items`",
                    items.len()
                );
                return self.fail(id, task, Failure::data(message));
            }
            other => {
                let message = format!("cannot loop over {}: expected a list", shown(&other));
                return self.fail(id, task, Failure::data(message));
            }
        };
        self.begin(id, task, None, &BTreeMap::new())?;
        self.expect_iterations(repeat, items.len());
        let results = vec![Outputs::new(); items.len()];
        let limit = repeat.parallelism.map_or(usize::MAX, |limit| limit.max(1) as usize);
        // A preview shows all iterations.
        #[cfg(feature = "store")]
        let limit = if self.preview.is_some() { usize::MAX } else { limit };
        let labels = label::of_items(task, repeat, &items);
        let run = LoopRun { items, labels, next: 0, active: 0, limit, results, failed: None };
        self.loops.insert((id, &task.id), run);
        self.continue_loop(id, task, repeat)
    }

    /// Starts iterations as long as the parallelism allows, and settles the loop after the last one.
    fn continue_loop(&mut self, id: FrameId, task: &'r Task, repeat: &'r Loop) -> Result<(), StoreError> {
        let is_stopped = self.is_stopped(id);
        let path = self.path(id, task);
        let Frame { checked, instance, .. } = *self.frames.get(id);
        let Some(run) = self.loops.get_mut(&(id, &task.id)) else { return Ok(()) };
        let mut abandoned = 0;
        if is_stopped && run.next < run.items.len() {
            abandoned = run.items.len() - run.next;
            run.next = run.items.len();
            run.failed.get_or_insert(State::Cancelled);
        }
        let mut frames = Vec::new();
        while run.active < run.limit && run.next < run.items.len() {
            let locals = Locals::Item(&task.id, run.items[run.next].clone());
            let role = Role::Iteration(task, run.next);
            let path = format!("{path}/{}/", run.next);
            let mut frame = Frame::new(&repeat.body, checked, instance, role, locals, path);
            frame.iteration.clone_from(&run.labels[run.next]);
            frames.push(frame);
            run.next += 1;
            run.active += 1;
        }
        let is_over = run.active == 0;
        if abandoned > 0 {
            self.forget_iterations(repeat, abandoned);
        }
        for frame in frames {
            self.enter(id, frame);
        }
        if is_over { self.end_loop(id, task, repeat) } else { Ok(()) }
    }

    fn end_loop(&mut self, id: FrameId, task: &'r Task, repeat: &'r Loop) -> Result<(), StoreError> {
        let Some(run) = self.loops.remove(&(id, &task.id)) else { return Ok(()) };
        if let Some(state) = run.failed {
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

    /// Handles the end of an iteration.
    pub(super) fn close_iteration(
        &mut self,
        parent: FrameId,
        id: FrameId,
        task: &'r Task,
        idx: usize,
    ) -> Result<(), StoreError> {
        let TaskKind::Loop(repeat) = &task.kind else { return Ok(()) };
        self.propagate_failures(parent, id);
        let (settled, _) = self.frame_result(id);
        if let Some(run) = self.loops.get_mut(&(parent, &task.id)) {
            run.active -= 1;
            if settled.state == State::Succeeded {
                run.results[idx] = settled.outputs;
            } else if run.failed != Some(State::Failed) {
                run.failed = Some(settled.state);
            }
        }
        self.continue_loop(parent, task, repeat)
    }
}
