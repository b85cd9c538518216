//! Previews: what a run would reach without running a step.
//!
//! The dispatcher starts tasks as usual, but a step whose result is not cached never ends, and neither does an approval
//! without an answer. Tasks that depend on them never start, so all values of tasks that have started are known.

use std::collections::{BTreeMap, BTreeSet};

use kfp_compiler::check::{Checked, Node};
use kfp_model::{Call, Callee, Task, TaskId, TaskKind};
use serde_json::Value;

use super::dispatcher::Dispatcher;
use super::ending::Ending;
use super::frame::{FrameId, Progress, Role, Settled};
use super::job::Job;
use super::place::Place;
use super::reached::{Preview, Reached, ReachedStep, Stores};
use crate::report::Kind;
use crate::step::Layout;
use crate::store::{Cached, StoreError};
use crate::{State, artifact};

/// The attempt whose folder would have the files of a cached result.
const CACHED_ATTEMPT: u32 = 0;

impl<'r, 'e> Dispatcher<'r, 'e> {
    /// Returns what a run with these arguments would do with each step, in the order of the pipeline.
    pub(crate) fn preview(
        &mut self,
        arguments: BTreeMap<String, Value>,
        preview: Preview<'e>,
    ) -> Result<Vec<ReachedStep>, StoreError> {
        self.preview = Some(preview);
        let mut arguments = arguments;
        self.digest_arguments(&mut arguments);
        let root = self.enter_root(arguments);
        loop {
            while let Some(frame) = self.agenda.pop_first() {
                self.advance(frame)?;
            }
            if self.imports.is_empty() {
                break;
            }
            if let Some(message) = self.next_message() {
                self.handle(message)?;
            }
        }
        let mut steps = Vec::new();
        self.collect(root, &mut steps);
        Ok(steps)
    }

    /// Settles the job if its result is cached; else it never ends.
    pub(super) fn preview_job(&mut self, job: Job<'r>) -> Result<(), StoreError> {
        let label = self.place(job.frame, job.task).label;
        let Some(preview) = &mut self.preview else { return Ok(()) };
        let max_age = job.max_age();
        let reached = match (&job.cache_key, max_age) {
            (Some(key), Some(max_age)) => match preview.look_up(&key.digest, max_age)? {
                Some((found, true)) => {
                    preview.steps.insert(job.path.clone(), Reached::Hit { created_at: found.created_at() });
                    return self.settle_hit(&job, found);
                }
                found => match preview.first.get(&key.digest) {
                    Some(with) => Reached::SharedHit { with: with.clone() },
                    None => {
                        preview.first.insert(key.digest.clone(), label);
                        Reached::Miss { key: key.clone(), files_missing: found.is_some() }
                    }
                },
            },
            (None, Some(_)) => {
                Reached::NotCached { reason: "an input artifact outside the store has no digest".to_owned() }
            }
            (_, None) => not_cached(),
        };
        preview.steps.insert(job.path, reached);
        Ok(())
    }

    /// Settles the job with a cached result, whose files are not restored.
    fn settle_hit(&mut self, job: &Job<'r>, found: Cached) -> Result<(), StoreError> {
        let layout = Layout::new(self.store.folder(), self.run.as_str(), &job.path, CACHED_ATTEMPT);
        let Cached { run, mut outputs, files, .. } = found;
        for name in files.keys() {
            if let Some(value) = outputs.get_mut(name).filter(|value| value.is_object()) {
                artifact::set_location(value, &layout.artifact_key(name), &layout.artifact(name));
            }
        }
        self.begin(job.frame, job.task, job.key(), &job.inputs)?;
        self.settle(job.frame, job.task, Settled::with(State::Cached, outputs), Ending::cached(run))
    }

    /// Adds the steps of a frame and of the frames within it, in the order of the pipeline.
    fn collect(&self, id: FrameId, steps: &mut Vec<ReachedStep>) {
        let frame = self.frames.get(id);
        for task in &frame.region.tasks {
            let place = self.place(id, task);
            match frame.tasks.get(&task.id) {
                Some(Progress::Waiting) | None => {
                    let waits_for = self.open_dependencies(id, task);
                    self.collect_waiting(id, task, &place, &waits_for, true, steps);
                }
                Some(Progress::Active | Progress::Settled(_)) if is_step(task) => {
                    if let Some(reached) = self.reached(&place.path) {
                        steps.push(ReachedStep { path: place.path, label: place.label, reached });
                    }
                }
                Some(Progress::Active | Progress::Settled(_)) => self.collect_inner(id, task, &place, steps),
            }
        }
    }

    /// Adds the steps in the regions of a task that has started.
    fn collect_inner(&self, id: FrameId, task: &Task, place: &Place, steps: &mut Vec<ReachedStep>) {
        let first = steps.len();
        let is_inner = |frame: &FrameId| {
            let frame = self.frames.get(*frame);
            frame.parent == Some(id) && frame.role.task().is_some_and(|of| of.id == task.id)
        };
        let mut has_exit = false;
        for inner in self.frames.ids().filter(is_inner) {
            has_exit |= matches!(self.frames.get(inner).role, Role::Exit(..));
            self.collect(inner, steps);
        }
        if let (TaskKind::ExitHandler(handler), false) = (&task.kind, has_exit) {
            let (place, waits_for) = (place.exit(), [task.name.clone()]);
            for inner in &handler.exit.tasks {
                self.collect_waiting(id, inner, &place.task(&inner.name), &waits_for, true, steps);
            }
        }
        self.collect_skipped(place, first, steps);
    }

    /// Adds the steps below a place that have ended without a frame, such as those of arms that are not taken.
    fn collect_skipped(&self, place: &Place, first: usize, steps: &mut Vec<ReachedStep>) {
        let prefix = place.region().path;
        let inner = self.reports.iter().filter(|report| report.kind == Kind::Step);
        for report in inner.filter(|report| report.path.starts_with(&prefix)) {
            if !steps[first..].iter().any(|step| step.path == report.path) {
                let message = report.message.clone().unwrap_or_default();
                let reached = Reached::Ended { state: report.state, message };
                steps.push(ReachedStep { path: report.path.clone(), label: report.label.clone(), reached });
            }
        }
    }

    /// Adds a task that has not started, or the steps of its regions. It is not certain that steps in branches and loops
    /// run at all.
    fn collect_waiting(
        &self,
        id: FrameId,
        task: &Task,
        place: &Place,
        waits_for: &[String],
        is_certain: bool,
        steps: &mut Vec<ReachedStep>,
    ) {
        let is_certain = is_certain && !matches!(task.kind, TaskKind::Branch(_) | TaskKind::Loop(_));
        if matches!(task.kind, TaskKind::Call(_)) {
            let Place { path, label } = place.clone();
            let reached = self.waiting(id, task, waits_for, is_certain);
            steps.push(ReachedStep { path, label, reached });
        }
        for region in task.regions() {
            let place = place.region_of(task, region);
            for inner in &region.tasks {
                self.collect_waiting(id, inner, &place.task(&inner.name), waits_for, is_certain, steps);
            }
        }
    }

    fn waiting(&self, id: FrameId, task: &Task, waits_for: &[String], is_certain: bool) -> Reached {
        let frame = self.frames.get(id);
        let stores = match &task.kind {
            TaskKind::Call(Call { callee: Callee::Component(component), .. }) => {
                let policy = self.plan.program().policy(frame.instance, &task.id);
                match policy.cache {
                    Some(_) => Stores::Result(self.key_parts(frame.checked.component(component), policy)),
                    None if is_certain => return not_cached(),
                    None => Stores::Nothing,
                }
            }
            TaskKind::Call(Call { callee: Callee::Pipeline(name), .. }) => {
                let mut components = BTreeSet::new();
                self.add_components(self.plan.program().pipeline(name), &mut components);
                Stores::ResultsOf(components)
            }
            _ => Stores::Nothing,
        };
        Reached::Waiting { stores, is_certain, waits_for: waits_for.to_vec() }
    }

    /// Adds the names of the components that a pipeline runs.
    fn add_components(&self, checked: &Checked<'_>, components: &mut BTreeSet<String>) {
        for node in checked.nodes() {
            match &node.task.kind {
                TaskKind::Call(Call { callee: Callee::Component(id), .. }) => {
                    components.insert(checked.component(id).name.clone());
                }
                TaskKind::Call(Call { callee: Callee::Pipeline(name), .. }) => {
                    self.add_components(self.plan.program().pipeline(name), components);
                }
                _ => {}
            }
        }
    }

    /// Returns what is known about a step that has started or ended.
    fn reached(&self, path: &str) -> Option<Reached> {
        let known = self.preview.as_ref().and_then(|preview| preview.steps.get(path)).cloned();
        known.or_else(|| {
            let report = self.reports.iter().find(|report| report.path == path)?;
            Some(Reached::Ended { state: report.state, message: report.message.clone().unwrap_or_default() })
        })
    }

    /// Returns the names of the tasks that the task depends on and that have not ended.
    fn open_dependencies(&self, id: FrameId, task: &Task) -> Vec<String> {
        let frame = self.frames.get(id);
        let Node { dependencies, .. } = frame.checked.node(&task.id);
        let is_open = |before: &&&TaskId| frame.settled(before).is_none();
        dependencies
            .iter()
            .filter(is_open)
            .map(|before| frame.checked.node(before).task.name.clone())
            .collect()
    }
}

fn not_cached() -> Reached {
    Reached::NotCached { reason: "not cached".to_owned() }
}

fn is_step(task: &Task) -> bool {
    matches!(task.kind, TaskKind::Call(Call { callee: Callee::Component(_), .. }))
}
