//! The dispatcher: owns the state of a run, and contains its main loop.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use kfp_compiler::check::missing;
use kfp_model::{Reference, Task, TaskId, TaskKind, Trigger};
use serde_json::Value;

use super::approvals::Waiting;
use super::frame::{Frame, FrameId, Frames, Locals, Role, Settled};
use super::jobs::Job;
use super::loops::LoopRun;
use super::message::{JobId, QuestionId};
use super::record::Ending;
use super::stop::Stop;
use super::{Message, Plan, Simulator};
use crate::approval::{Answer, Approver};
use crate::artifact::Stores;
use crate::cache::Objects;
use crate::clock::Clock;
use crate::evaluate::Scope as _;
use crate::report::TaskReport;
use crate::secret::{Mask, Vault};
use crate::step::{Binary, Engine, Interpreter};
use crate::store::{Previous, Programs, Recorder, RunId, StoreError};
use crate::{Cancel, Event, State};

/// Everything that is prepared before the run starts.
pub(crate) struct Setup<'e> {
    pub(crate) clock: Clock,
    /// Simulates the steps; without it, they are processes.
    pub(crate) simulator: Option<&'e dyn Simulator>,
    pub(crate) vault: Vault,
    pub(crate) mask: Mask,
    /// The local folders that represent other stores.
    pub(crate) stores: Stores,
    /// The answers to approvals, by the names or ids of their tasks.
    pub(crate) approvals: BTreeMap<String, Answer>,
    /// Answers the other approvals.
    pub(crate) approver: Option<Approver>,
    /// The pipeline binary, which runs the Rust steps.
    pub(crate) binary: Option<Binary>,
    pub(crate) interpreter: Option<Interpreter>,
    /// The program that supervises steps.
    pub(crate) supervisor: Option<PathBuf>,
    /// The program that runs plain containers.
    pub(crate) engine: Option<Engine>,
    pub(crate) read_cache: bool,
    pub(crate) namespace: String,
    pub(crate) cache_epoch: u64,
    pub(crate) parallelism: usize,
    pub(crate) grace: Duration,
}

impl Setup<'_> {
    /// Returns the identities of the programs that run steps, by their names in messages and in the store.
    pub(crate) fn programs(&self) -> Programs {
        let binary =
            self.binary.as_ref().map(|binary| ("the program of the Rust steps", binary.digest().to_owned()));
        let python =
            self.interpreter.as_ref().map(|python| ("the Python interpreter", python.identity.clone()));
        binary.into_iter().chain(python).map(|(name, program)| (name.to_owned(), program)).collect()
    }
}

/// Runs a plan until it ends.
pub(crate) struct Dispatcher<'r, 'e> {
    pub(super) plan: &'r Plan<'r>,
    pub(super) setup: Setup<'e>,
    pub(super) store: &'e mut dyn Recorder,
    pub(super) run: RunId,
    pub(super) events: &'e mut dyn FnMut(Event),
    pub(super) sender: Sender<Message>,
    receiver: Receiver<Message>,
    pub(super) frames: Frames<'r>,
    /// The frames that have to be checked for work.
    pub(super) agenda: BTreeSet<FrameId>,
    pub(super) loops: BTreeMap<(FrameId, &'r TaskId), LoopRun>,
    pub(super) jobs: BTreeMap<JobId, Job<'r>>,
    /// The approvals that wait for an answer.
    pub(super) questions: BTreeMap<QuestionId, Waiting<'r>>,
    /// The imports whose digests are being computed.
    pub(super) imports: BTreeMap<JobId, (FrameId, &'r Task)>,
    /// The files of cached results; `None` if nothing is cached.
    pub(super) objects: Option<Arc<Objects>>,
    pub(super) queue: VecDeque<JobId>,
    pub(super) running: usize,
    pub(super) next_job: usize,
    pub(super) next_question: usize,
    pub(super) previous: Previous,
    /// The paths of the tasks that run in this part of the run, and not in an earlier one.
    pub(super) rerun: BTreeSet<String>,
    /// The start of each task that has started and not ended, by path.
    pub(super) started: BTreeMap<String, (i64, Instant)>,
    pub(super) reports: Vec<TaskReport>,
    pub(super) stop: Stop,
    /// The result of the root region, once it has ended.
    pub(super) end: Option<(Settled, Ending)>,
}

/// The result of a run.
pub(crate) struct End {
    pub(crate) state: State,
    pub(crate) message: Option<String>,
    pub(crate) outputs: BTreeMap<String, Value>,
    pub(crate) tasks: Vec<TaskReport>,
}

impl<'r, 'e> Dispatcher<'r, 'e> {
    /// Creates a dispatcher for a run that has not started.
    pub(crate) fn new(
        plan: &'r Plan<'r>,
        setup: Setup<'e>,
        store: &'e mut dyn Recorder,
        run: RunId,
        previous: Previous,
        events: &'e mut dyn FnMut(Event),
    ) -> Self {
        let (sender, receiver) = channel();
        let is_cached = setup.simulator.is_none() && plan.has_cached_steps();
        let objects = is_cached.then(|| Arc::new(Objects::open(store.folder(), run.as_str())));
        Self {
            plan,
            setup,
            store,
            run,
            events,
            sender,
            receiver,
            frames: Frames::default(),
            agenda: BTreeSet::new(),
            loops: BTreeMap::new(),
            jobs: BTreeMap::new(),
            questions: BTreeMap::new(),
            imports: BTreeMap::new(),
            objects,
            queue: VecDeque::new(),
            running: 0,
            next_job: 0,
            next_question: 0,
            previous,
            rerun: BTreeSet::new(),
            started: BTreeMap::new(),
            reports: Vec::new(),
            stop: Stop::default(),
            end: None,
        }
    }

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
        Ok(End {
            state: self.stop.state(settled.state),
            message: self.stop.message().or(ending.failure.map(|failure| failure.message)),
            outputs: outputs.collect(),
            tasks: std::mem::take(&mut self.reports),
        })
    }

    fn drive_to_end(&mut self, arguments: BTreeMap<String, Value>) -> Result<(Settled, Ending), StoreError> {
        let main = self.plan.main();
        let pipeline = main.pipeline();
        self.stop.set_deadline(pipeline.settings.timeout, self.setup.clock.now());
        let (instance, locals) = (self.plan.program().root_instance(), Locals::Inputs(arguments));
        let root = Frame::new(&pipeline.root, main, instance, Role::Root, locals, String::new());
        let root = self.frames.add(root);
        self.agenda.insert(root);
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

    /// Returns whether a test interrupts the run now, as if the runner was killed.
    pub(super) fn is_interrupted(&self) -> bool {
        self.setup.simulator.is_some_and(Simulator::is_interrupted)
    }

    fn handle(&mut self, message: Message) -> Result<(), StoreError> {
        match message {
            Message::Started(job, process) => self.process_started(job, &process),
            Message::Ended(job, result) => self.attempt_ended(job, result),
            Message::Restored(job, restored) => self.restored(job, restored),
            Message::Stored(job, stored) => self.result_stored(job, stored),
            Message::Imported(job, artifact) => self.import_digested(job, artifact),
            Message::Answered(question, answer) => self.answered(question, answer),
            Message::Cancel => self.cancel(),
        }
    }

    /// Waits for a message until the next time at which something is due.
    fn next_message(&self) -> Option<Message> {
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
    fn advance(&mut self, id: FrameId) -> Result<(), StoreError> {
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

    /// Returns whether no more tasks of the frame start.
    pub(super) fn is_stopped(&self, id: FrameId) -> bool {
        self.stop.is_halted() || (self.stop.is_stopping() && !self.frames.get(id).is_exit)
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
