//! The main loop of a run: starts what can start, and handles messages until the run has ended.

use std::collections::BTreeMap;

use kfp_compiler::check::missing;
use kfp_model::{Reference, Task, TaskId, TaskKind, Trigger};
use serde_json::Value;

use super::Message;
use super::dispatcher::Dispatcher;
use super::ending::Ending;
use super::frame::{Frame, FrameId, Locals, Role, Settled};
use crate::evaluate::Scope as _;
use crate::report::TaskReport;
use crate::store::StoreError;
use crate::{Cancel, State};

/// The result of a run.
pub(crate) struct End {
    pub(crate) state: State,
    pub(crate) message: Option<String>,
    pub(crate) outputs: BTreeMap<String, Value>,
    pub(crate) tasks: Vec<TaskReport>,
}

impl<'r> Dispatcher<'r, '_> {
    /// Runs the pipeline with these arguments.
    ///
    /// # Errors
    /// The store cannot be written. All processes of the run have ended in this case.
    pub(crate) fn drive(
        &mut self,
        arguments: BTreeMap<String, Value>,
        cancel: &Cancel,
    ) -> Result<End, StoreError> {
        cancel.subscribe(self.sender.clone());
        let mut arguments = arguments;
        self.digest_arguments(&mut arguments);
        let result = self.drive_to_end(arguments);
        if result.is_err() {
            self.abandon();
        }
        let (settled, ending) = result?;
        let outputs = settled.outputs.into_iter().map(|(name, value)| (name, value.unwrap_or(Value::Null)));
        let state = self.stop.state(settled.state);
        Ok(End {
            state,
            message: self.stop.message(state).or(ending.failure.map(|failure| failure.message)),
            outputs: outputs.collect(),
            tasks: std::mem::take(&mut self.reports),
        })
    }

    fn drive_to_end(&mut self, arguments: BTreeMap<String, Value>) -> Result<(Settled, Ending), StoreError> {
        let main = self.plan.main().pipeline();
        self.expect_region(&main.root);
        self.stop.set_deadline(main.settings.timeout, self.setup.clock.now());
        self.enter_root(arguments);
        loop {
            while let Some(frame) = self.agenda.pop_first() {
                self.advance(frame)?;
            }
            if let Some(end) = self.end.take() {
                return Ok(end);
            }
            self.launch()?;
            if self.is_interrupted() {
                return Ok((Settled::empty(State::Interrupted), Ending::default()));
            }
            if let Some(message) = self.next_message() {
                self.handle(message)?;
            }
            self.handle_due()?;
        }
    }

    /// Enters the root region of the pipeline.
    pub(super) fn enter_root(&mut self, arguments: BTreeMap<String, Value>) -> FrameId {
        let main = self.plan.main();
        let (instance, locals) = (self.plan.program().root_instance(), Locals::Inputs(arguments));
        let root = Frame::new(&main.pipeline().root, main, instance, Role::Root, locals, String::new());
        let root = self.frames.add(root);
        self.agenda.insert(root);
        root
    }

    pub(super) fn handle(&mut self, message: Message) -> Result<(), StoreError> {
        match message {
            Message::Step(job, event) => self.step_event(job, event),
            Message::Ended(job, result) => self.attempt_ended(job, result),
            Message::Restored(job, restored) => self.restored(job, restored),
            Message::Stored(job, stored) => self.result_stored(job, stored),
            Message::Imported(job, artifact) => self.import_digested(job, artifact),
            Message::Answered(question, answer) => self.answered(question, answer),
            Message::Cancel => self.cancel(),
        }
    }

    /// Waits for a message until the next time at which something is due.
    pub(super) fn next_message(&self) -> Option<Message> {
        // The dispatcher has a sender itself, so the channel is never closed.
        self.setup.clock.receive(&self.receiver, self.next_due())
    }

    /// Kills all processes and waits until they have ended, without recording anything.
    fn abandon(&mut self) {
        self.kill_all();
        self.release_results();
        while self.running > 0 {
            if let Ok(Message::Ended(..) | Message::Restored(..) | Message::Stored(..)) = self.receiver.recv()
            {
                self.running -= 1;
            }
        }
    }

    /// Starts all tasks of the frame that can start, and closes the frame if all have ended.
    pub(super) fn advance(&mut self, id: FrameId) -> Result<(), StoreError> {
        let stopped = self.is_stopped(id);
        for task in self.frames.get_mut(id).start_ready(stopped) {
            self.start(id, task)?;
        }
        let frame = self.frames.get_mut(id);
        if frame.open == 0 && !frame.closed {
            frame.closed = true;
            self.close(id)?;
        }
        Ok(())
    }

    /// Starts the task, or settles it if its dependencies or the state of the run prevent it.
    fn start(&mut self, id: FrameId, task: &'r Task) -> Result<(), StoreError> {
        if self.is_stopped(id) {
            return self.settle(id, task, Settled::empty(State::Cancelled), Ending::default());
        }
        if let Some((state, message)) = self.blocked_by(id, task) {
            return self.settle(id, task, Settled::empty(state), Ending::message(message));
        }
        match &task.kind {
            TaskKind::Call(call) => self.start_call(id, task, call),
            TaskKind::Branch(branch) => self.start_branch(id, task, branch),
            TaskKind::Loop(repeat) => self.start_loop(id, task, repeat),
            TaskKind::ExitHandler(handler) => self.start_exit_handler(id, task, handler),
            TaskKind::Import(import) => self.start_import(id, task, import),
            TaskKind::Approval(approval) => self.start_approval(id, task, approval),
        }
    }

    /// Returns why the dependencies of the task prevent it from running.
    fn blocked_by(&self, id: FrameId, task: &'r Task) -> Option<(State, String)> {
        if task.trigger == Trigger::AllDone {
            return None;
        }
        let frame = self.frames.get(id);
        let dependencies = &frame.checked.node(&task.id).dependencies;
        let name = |id: &TaskId| frame.checked.node(id).task.name.clone();
        let blocks = |id: &TaskId| match frame.settled(id).map(|settled| settled.state) {
            Some(State::Failed | State::Error) => !frame.checked.node(id).task.continues_on_failure(),
            Some(State::Omitted | State::Cancelled) => true,
            _ => false,
        };
        if let Some(failed) = dependencies.iter().find(|id| blocks(id)) {
            return Some((State::Omitted, format!("dependency `{}` did not succeed", name(failed))));
        }
        let skipped = |id: &TaskId| frame.settled(id).is_some_and(|settled| settled.state == State::Skipped);
        if let Some(skipped) = task.after.iter().find(|id| skipped(id)) {
            return Some((State::Skipped, format!("dependency `{}` was skipped", name(skipped))));
        }
        let view = self.frames.view(id);
        let is_absent = |reference: &Reference| match reference {
            Reference::Output(output) => {
                dependencies.contains(&&output.task) && view.value(reference).is_none()
            }
            Reference::Input(_) | Reference::Item(_) | Reference::Status(_) | Reference::Guarded(_) => false,
        };
        let missing = missing(task, frame.checked.document(), &is_absent)?;
        let missing = missing.task().map(name).unwrap_or_default();
        Some((State::Skipped, format!("dependency `{missing}` was skipped")))
    }
}
