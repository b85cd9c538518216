//! The dispatcher: owns the state of a run.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use kfp_model::{Task, TaskId};

use super::ending::Ending;
use super::expected::Expected;
use super::frame::{FrameId, Frames, Settled};
use super::job::Job;
use super::message::{JobId, QuestionId};
use super::pending::{LoopRun, Waiting};
#[cfg(feature = "store")]
use super::reached::Preview;
use super::stop::Stop;
use super::{Message, Plan, Simulator};
use crate::Event;
use crate::approval::{Answer, Approver};
use crate::artifact::Stores;
use crate::cache::Objects;
use crate::clock::Clock;
use crate::report::TaskReport;
use crate::secret::{Mask, Vault};
use crate::step::{Binary, Engine, Interpreter};
use crate::store::{Previous, Programs, Recorder, RunId};

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
    /// The maximum size of artifacts with digests in bytes, if it is not the default.
    pub(crate) digest_limit: Option<u64>,
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
    pub(super) receiver: Receiver<Message>,
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
    /// The preview that is made instead of running steps.
    #[cfg(feature = "store")]
    pub(super) preview: Option<Preview<'e>>,
    /// The paths of the tasks that run in this part of the run, and not in an earlier one.
    pub(super) rerun: BTreeSet<String>,
    /// The start of each task that has started and not ended, by path.
    pub(super) started: BTreeMap<String, (i64, Instant)>,
    pub(super) reports: Vec<TaskReport>,
    pub(super) expected: Expected<'r>,
    pub(super) stop: Stop,
    /// The result of the root region, once it has ended.
    pub(super) end: Option<(Settled, Ending)>,
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
            #[cfg(feature = "store")]
            preview: None,
            rerun: BTreeSet::new(),
            started: BTreeMap::new(),
            reports: Vec::new(),
            expected: Expected::new(plan.program()),
            stop: Stop::default(),
            end: None,
        }
    }

    /// Returns whether a test interrupts the run now, as if the runner was killed.
    pub(super) fn is_interrupted(&self) -> bool {
        self.setup.simulator.is_some_and(Simulator::is_interrupted)
    }

    /// Returns whether no more tasks of the frame start.
    pub(super) fn is_stopped(&self, id: FrameId) -> bool {
        self.stop.is_halted() || (self.stop.is_stopping() && !self.frames.get(id).is_exit)
    }
}
