//! The dispatcher: the one owner of a run's state, and its loop.

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
use super::{Message, Plan, Stage};
use crate::approval::{Answer, Asker};
use crate::artifact::Stores;
use crate::cache::Objects;
use crate::clock::Clock;
use crate::evaluate::Scope as _;
use crate::report::TaskReport;
use crate::secret::{Mask, Vault};
use crate::step::{Binary, Engine, Interpreter};
use crate::store::{Previous, Programs, RunId, Store, StoreError};
use crate::{Cancel, Event, State};

/// What was found out before the run starts.
pub(crate) struct Setup<'e> {
    pub(crate) clock: Clock,
    /// What plays the steps; where there is nothing, they are processes.
    pub(crate) stage: Option<&'e dyn Stage>,
    pub(crate) vault: Vault,
    pub(crate) mask: Mask,
    /// The folders that stand for other stores.
    pub(crate) stores: Stores,
    /// What is said to approvals, by the names or ids of their tasks.
    pub(crate) approvals: BTreeMap<String, Answer>,
    /// Who is asked about the others.
    pub(crate) ask: Option<Asker>,
    /// The program of the Rust steps.
    pub(crate) binary: Option<Binary>,
    pub(crate) interpreter: Option<Interpreter>,
    /// The program that supervises steps.
    pub(crate) supervisor: Option<PathBuf>,
    /// What runs plain containers.
    pub(crate) engine: Option<Engine>,
    pub(crate) read_cache: bool,
    pub(crate) namespace: String,
    pub(crate) cache_epoch: u64,
    pub(crate) parallelism: usize,
    pub(crate) grace: Duration,
}

impl Setup<'_> {
    /// Returns what runs the steps, by what messages call it.
    pub(crate) fn programs(&self) -> Programs {
        let binary =
            self.binary.as_ref().map(|binary| ("the program of the Rust steps", binary.digest().to_owned()));
        let python =
            self.interpreter.as_ref().map(|python| ("the Python interpreter", python.identity.clone()));
        binary.into_iter().chain(python).map(|(name, program)| (name.to_owned(), program)).collect()
    }
}

/// Runs a plan to its end.
pub(crate) struct Dispatcher<'r, 'e> {
    pub(super) plan: &'r Plan<'r>,
    pub(super) setup: Setup<'e>,
    pub(super) store: &'e mut Store,
    pub(super) run: RunId,
    pub(super) events: &'e mut dyn FnMut(Event),
    pub(super) sender: Sender<Message>,
    receiver: Receiver<Message>,
    pub(super) frames: Frames<'r>,
    /// The frames in which something may have to be done.
    pub(super) agenda: BTreeSet<FrameId>,
    pub(super) loops: BTreeMap<(FrameId, &'r TaskId), LoopRun>,
    pub(super) jobs: BTreeMap<JobId, Job<'r>>,
    /// The approvals that wait for their answers.
    pub(super) questions: BTreeMap<QuestionId, Waiting<'r>>,
    /// The imports whose digests are being taken.
    pub(super) imports: BTreeMap<JobId, (FrameId, &'r Task)>,
    /// The files of cached results; none where nothing is cached.
    pub(super) objects: Option<Arc<Objects>>,
    pub(super) queue: VecDeque<JobId>,
    pub(super) running: usize,
    pub(super) next_job: usize,
    pub(super) next_question: usize,
    pub(super) previous: Previous,
    /// The paths of the tasks that no earlier part of the run has done.
    pub(super) anew: BTreeSet<String>,
    /// When each task that has not ended was started, by its path.
    pub(super) begun: BTreeMap<String, (i64, Instant)>,
    pub(super) reports: Vec<TaskReport>,
    pub(super) stop: Stop,
    /// How the root region ended.
    pub(super) end: Option<(Settled, Ending)>,
}

/// What became of a run.
pub(crate) struct End {
    pub(crate) state: State,
    pub(crate) message: Option<String>,
    pub(crate) outputs: BTreeMap<String, Value>,
    pub(crate) tasks: Vec<TaskReport>,
}

impl<'r, 'e> Dispatcher<'r, 'e> {
    /// A dispatcher that has not begun.
    pub(crate) fn new(
        plan: &'r Plan<'r>,
        setup: Setup<'e>,
        store: &'e mut Store,
        run: RunId,
        previous: Previous,
        events: &'e mut dyn FnMut(Event),
    ) -> Self {
        let (sender, receiver) = channel();
        let is_cached = setup.stage.is_none() && plan.caches();
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
            anew: BTreeSet::new(),
            begun: BTreeMap::new(),
            reports: Vec::new(),
            stop: Stop::default(),
            end: None,
        }
    }

    /// Runs the pipeline with these arguments.
    ///
    /// # Errors
    /// The store can no longer be written. Everything that was running is ended by then.
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
                self.examine(frame)?;
            }
            if let Some(end) = self.end.take() {
                return Ok(end);
            }
            self.launch()?;
            if self.is_interrupted() {
                return Ok((Settled::empty(State::Interrupted), Ending::default()));
            }
            if let Some(message) = self.next_message() {
                self.react(message)?;
            }
            self.look_at_clock()?;
        }
    }

    /// Whether a test ends the run here, as if the runner was killed.
    pub(super) fn is_interrupted(&self) -> bool {
        self.setup.stage.is_some_and(Stage::is_interrupted)
    }

    fn react(&mut self, message: Message) -> Result<(), StoreError> {
        match message {
            Message::Started(job, process) => self.process_started(job, &process),
            Message::Ended(job, ended) => self.attempt_ended(job, ended),
            Message::Restored(job, restored) => self.restored(job, restored),
            Message::Filed(job, filed) => self.filed(job, filed),
            Message::Imported(job, artifact) => self.import_digested(job, artifact),
            Message::Answered(question, answer) => self.answered(question, answer),
            Message::Cancel => self.cancel(),
        }
    }

    /// Waits for a message, but not beyond the next time at which something is due.
    fn next_message(&self) -> Option<Message> {
        // This dispatcher has a sender itself, so the channel is never closed.
        self.setup.clock.receive(&self.receiver, self.next_due())
    }

    /// Ends all processes and waits for their ends, without writing anything.
    fn abandon(&mut self) {
        self.kill_all();
        self.release();
        while self.running > 0 {
            if let Ok(Message::Ended(..) | Message::Restored(..) | Message::Filed(..)) = self.receiver.recv()
            {
                self.running -= 1;
            }
        }
    }

    /// Starts what can start in the frame, and deals with its end.
    fn examine(&mut self, id: FrameId) -> Result<(), StoreError> {
        let stopped = self.is_stopped(id);
        for task in self.frames.get_mut(id).start_ready(stopped) {
            self.decide(id, task)?;
        }
        let frame = self.frames.get_mut(id);
        if frame.open == 0 && !frame.closed {
            frame.closed = true;
            self.close(id)?;
        }
        Ok(())
    }

    /// Whether nothing new is started in the frame.
    pub(super) fn is_stopped(&self, id: FrameId) -> bool {
        self.stop.is_halted() || (self.stop.is_stopping() && !self.frames.get(id).is_exit)
    }

    /// Starts the task, unless what was before it says otherwise.
    fn decide(&mut self, id: FrameId, task: &'r Task) -> Result<(), StoreError> {
        if self.is_stopped(id) {
            return self.settle(id, task, Settled::empty(State::Cancelled), Ending::default());
        }
        if let Some((state, message)) = self.obstacle(id, task) {
            return self.settle(id, task, Settled::empty(state), Ending::message(message));
        }
        match &task.kind {
            TaskKind::Call(call) => self.start_call(id, task, call),
            TaskKind::Branch(branch) => self.start_branch(id, task, branch),
            TaskKind::Loop(repeat) => self.start_loop(id, task, repeat),
            TaskKind::ExitHandler(guard) => self.start_guard(id, task, guard),
            TaskKind::Import(import) => self.start_import(id, task, import),
            TaskKind::Approval(approval) => self.start_approval(id, task, approval),
        }
    }

    /// Why the task does not run, as far as the tasks before it are concerned.
    fn obstacle(&self, id: FrameId, task: &'r Task) -> Option<(State, String)> {
        if task.trigger == Trigger::AllDone {
            return None;
        }
        let frame = self.frames.get(id);
        let dependencies = &frame.checked.node(&task.id).dependencies;
        let name = |id: &TaskId| frame.checked.node(id).task.name.clone();
        let stops = |id: &TaskId| match frame.settled(id).map(|settled| settled.state) {
            Some(State::Failed | State::Error) => !frame.checked.node(id).task.continues_on_failure(),
            Some(State::Omitted | State::Cancelled) => true,
            _ => false,
        };
        if let Some(failed) = dependencies.iter().find(|id| stops(id)) {
            return Some((State::Omitted, format!("`{}` before it did not succeed", name(failed))));
        }
        let skipped = |id: &TaskId| frame.settled(id).is_some_and(|settled| settled.state == State::Skipped);
        if let Some(skipped) = task.after.iter().find(|id| skipped(id)) {
            return Some((State::Skipped, format!("`{}` before it was skipped", name(skipped))));
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
        Some((State::Skipped, format!("`{missing}` before it was skipped")))
    }
}
