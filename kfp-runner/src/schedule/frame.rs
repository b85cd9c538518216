//! Frames: running instances of regions, with the values that are visible in them.

use std::collections::{BTreeMap, BTreeSet};

use kfp_compiler::check::{Checked, InstanceId};
use kfp_model::{Expression, OutputReference, Reference, Region, Task, TaskId, Type};
use serde_json::Value;

use super::place::EXIT;
use crate::evaluate::Scope;
use crate::{Failure, State};

/// The index of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct FrameId(usize);

/// Values by name; `None` if the value is absent.
pub(super) type Outputs = BTreeMap<String, Option<Value>>;

/// A running instance of a region.
pub(super) struct Frame<'r> {
    pub(super) region: &'r Region,
    pub(super) checked: &'r Checked<'r>,
    pub(super) role: Role<'r>,
    /// The frame of the task that contains the region; `None` for the root.
    pub(super) parent: Option<FrameId>,
    pub(super) locals: Locals<'r>,
    pub(super) tasks: BTreeMap<&'r TaskId, Progress>,
    /// The number of tasks that each task still waits for.
    waits: BTreeMap<&'r TaskId, usize>,
    /// The tasks that depend on each task, by their positions in the region.
    dependants: BTreeMap<&'r TaskId, Vec<usize>>,
    /// The positions of the tasks that can start and have not started.
    ready: BTreeSet<usize>,
    /// The number of tasks that have not ended.
    pub(super) open: usize,
    /// Whether the end of the frame has been handled.
    pub(super) closed: bool,
    /// The names on the path to the frame, each followed by `/`.
    pub(super) path: String,
    /// The label of the iteration; empty in other frames.
    pub(super) iteration: String,
    /// The tasks that failed in this frame and its inner frames, with the names on their paths.
    pub(super) failures: Vec<(String, Failure)>,
    /// Whether the frame belongs to an exit handler, which also runs when the run is cancelled.
    pub(super) is_exit: bool,
    /// The instance of the pipeline, which decides the policies of its steps.
    pub(super) instance: InstanceId,
    /// The number of times that each recursive call has been entered on the way here.
    pub(super) depths: BTreeMap<(&'r str, &'r TaskId), u32>,
}

/// The role of the frame for the task that contains its region.
#[derive(Clone)]
pub(super) enum Role<'r> {
    /// The root of the pipeline of the run.
    Root,
    /// The root of a called pipeline.
    Callee(&'r Task),
    /// The arm that was taken.
    Arm(&'r Task),
    /// One iteration of a loop.
    Iteration(&'r Task, usize),
    /// The body of a task with an exit handler.
    Body(&'r Task),
    /// The exit region, with the result of the body.
    Exit(&'r Task, Settled),
}

/// The values that are defined by the frame itself.
pub(super) enum Locals<'r> {
    None,
    Inputs(BTreeMap<String, Value>),
    Item(&'r TaskId, Value),
    Exit { handler: &'r TaskId, status: Value, body: Outputs },
}

/// The progress of a task.
pub(super) enum Progress {
    Waiting,
    Active,
    Settled(Settled),
}

/// The final state and the outputs of a task.
#[derive(Debug, Clone)]
pub(super) struct Settled {
    pub(super) state: State,
    pub(super) outputs: Outputs,
}

impl<'r> Role<'r> {
    /// Returns the task that contains the region; `None` for the root.
    pub(super) fn task(&self) -> Option<&'r Task> {
        match self {
            Self::Root => None,
            Self::Callee(task)
            | Self::Arm(task)
            | Self::Iteration(task, _)
            | Self::Body(task)
            | Self::Exit(task, _) => Some(task),
        }
    }
}

/// All frames of a run.
#[derive(Default)]
pub(super) struct Frames<'r>(Vec<Frame<'r>>);

/// The values that are visible in a frame.
pub(super) struct View<'f, 'r> {
    pub(super) frames: &'f Frames<'r>,
    pub(super) frame: FrameId,
}

impl<'r> Frames<'r> {
    pub(super) fn add(&mut self, frame: Frame<'r>) -> FrameId {
        self.0.push(frame);
        FrameId(self.0.len() - 1)
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = FrameId> + use<'r> {
        (0..self.0.len()).map(FrameId)
    }

    pub(super) fn get(&self, id: FrameId) -> &Frame<'r> {
        &self.0[id.0]
    }

    pub(super) fn get_mut(&mut self, id: FrameId) -> &mut Frame<'r> {
        &mut self.0[id.0]
    }

    pub(super) fn view(&self, frame: FrameId) -> View<'_, 'r> {
        View { frames: self, frame }
    }
}

impl<'r> Frame<'r> {
    /// Returns what precedes the names of tasks of the frame in their paths.
    pub(super) fn prefix(&self) -> &'static str {
        if matches!(self.role, Role::Exit(..)) { EXIT } else { "" }
    }

    /// Creates a frame in which nothing has started.
    pub(super) fn new(
        region: &'r Region,
        checked: &'r Checked<'r>,
        instance: InstanceId,
        role: Role<'r>,
        locals: Locals<'r>,
        path: String,
    ) -> Self {
        let tasks: BTreeMap<_, _> = region.tasks.iter().map(|task| (&task.id, Progress::Waiting)).collect();
        let (mut waits, mut ready) = (BTreeMap::new(), BTreeSet::new());
        let mut dependants: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for (idx, task) in region.tasks.iter().enumerate() {
            let before = &checked.node(&task.id).dependencies;
            for id in before {
                dependants.entry(*id).or_default().push(idx);
            }
            waits.insert(&task.id, before.len());
            if before.is_empty() {
                ready.insert(idx);
            }
        }
        Self {
            region,
            checked,
            role,
            parent: None,
            locals,
            open: tasks.len(),
            tasks,
            waits,
            dependants,
            ready,
            closed: false,
            path,
            iteration: String::new(),
            failures: Vec::new(),
            is_exit: false,
            instance,
            depths: BTreeMap::new(),
        }
    }

    /// Marks the tasks that can start as started, and returns them in the order of the region. With `all`, returns all
    /// tasks that have not started, which is used to settle them when the run stops.
    pub(super) fn start_ready(&mut self, all: bool) -> Vec<&'r Task> {
        let ready = std::mem::take(&mut self.ready);
        let started: Vec<&'r Task> = if all {
            let is_waiting = |task: &&'r Task| matches!(self.tasks.get(&task.id), Some(Progress::Waiting));
            self.region.tasks.iter().filter(is_waiting).collect()
        } else {
            ready.into_iter().map(|idx| &self.region.tasks[idx]).collect()
        };
        for task in &started {
            self.tasks.insert(&task.id, Progress::Active);
        }
        started
    }

    /// Records the result of a task, and finds the tasks that can start because of it.
    pub(super) fn settle(&mut self, task: &'r TaskId, settled: Settled) {
        self.tasks.insert(task, Progress::Settled(settled));
        self.open -= 1;
        for idx in self.dependants.remove(task).unwrap_or_default() {
            let dependant = &self.region.tasks[idx].id;
            let Some(count) = self.waits.get_mut(dependant) else { continue };
            *count -= 1;
            if *count == 0 && matches!(self.tasks.get(dependant), Some(Progress::Waiting)) {
                self.ready.insert(idx);
            }
        }
    }

    /// Returns the result of the task, if it has ended.
    pub(super) fn settled(&self, task: &TaskId) -> Option<&Settled> {
        match self.tasks.get(task)? {
            Progress::Settled(settled) => Some(settled),
            Progress::Waiting | Progress::Active => None,
        }
    }

    /// Returns whether the reference is to an option that a task has not produced, although it has ended.
    fn is_null(&self, reference: &Reference) -> bool {
        let Reference::Output(output) = reference else { return false };
        self.settled(&output.task).is_some()
            && self.checked.type_of(&Expression::Reference(reference.clone())).is_option()
    }

    /// Returns whether the frame is the outermost one of its pipeline, beyond which nothing is visible.
    fn is_outermost(&self) -> bool {
        matches!(self.role, Role::Root | Role::Callee(_))
    }

    /// Returns the state of the frame, which follows from the states of its tasks.
    pub(super) fn state(&self) -> State {
        let has = |wanted: State| {
            self.tasks
                .values()
                .any(|progress| matches!(progress, Progress::Settled(settled) if settled.state == wanted))
        };
        [State::Failed, State::Error, State::Cancelled]
            .into_iter()
            .find(|state| has(*state))
            .unwrap_or(State::Succeeded)
    }
}

impl Settled {
    /// Creates the result of a task without outputs.
    pub(super) fn empty(state: State) -> Self {
        Self { state, outputs: Outputs::new() }
    }

    /// Creates the result of a task with these outputs.
    pub(super) fn with(state: State, outputs: BTreeMap<String, Value>) -> Self {
        Self { state, outputs: outputs.into_iter().map(|(name, value)| (name, Some(value))).collect() }
    }
}

impl Scope for View<'_, '_> {
    fn value(&self, reference: &Reference) -> Option<Value> {
        let mut id = self.frame;
        loop {
            let frame = self.frames.get(id);
            if let Lookup::Here(value) = find(frame, reference) {
                // An option that is absent is `null`.
                let null = || frame.is_null(reference).then_some(Value::Null);
                return value.or_else(null);
            }
            if frame.is_outermost() {
                return None;
            }
            id = frame.parent?;
        }
    }

    fn type_of(&self, expression: &Expression) -> Type {
        self.frames.get(self.frame).checked.type_of(expression)
    }
}

/// The result of looking up a reference in a frame.
enum Lookup {
    /// The reference is to this frame, whether or not there is a value.
    Here(Option<Value>),
    /// The reference is to an outer frame, or unknown.
    Elsewhere,
}

fn find(frame: &Frame<'_>, reference: &Reference) -> Lookup {
    match (reference, &frame.locals) {
        (Reference::Input(name), Locals::Inputs(inputs)) => Lookup::Here(inputs.get(name).cloned()),
        (Reference::Item(task), Locals::Item(holder, item)) if task == *holder => {
            Lookup::Here(Some(item.clone()))
        }
        (Reference::Status(task), Locals::Exit { handler, status, .. }) if task == *handler => {
            Lookup::Here(Some(status.clone()))
        }
        (Reference::Guarded(OutputReference { task, output }), Locals::Exit { handler, body, .. })
            if task == *handler =>
        {
            // In the exit handler, an absent value is `null`.
            Lookup::Here(Some(body.get(output).cloned().flatten().unwrap_or(Value::Null)))
        }
        (Reference::Output(OutputReference { task, output }), _) => match frame.tasks.get(task) {
            Some(Progress::Settled(settled)) => Lookup::Here(settled.outputs.get(output).cloned().flatten()),
            Some(Progress::Waiting | Progress::Active) => Lookup::Here(None),
            None => Lookup::Elsewhere,
        },
        _ => Lookup::Elsewhere,
    }
}
