//! Determines which cached results can be reused after a change.
//!
//! The cache key of a step covers its component, its environment, the author's key and every argument. A step that runs
//! again may produce the same values: parameters count by their value, artifacts by the digest of their files.
//! Artifacts of plain containers have no digest, so steps that read them always run again.

use std::collections::BTreeMap;

use kfp_model::{Cache, Call, Callee, Expression, Implementation, Reference, Region, Task, TaskKind, Type};

use super::steps::{Step, Steps};
use super::{Effect, Verdict};
use crate::check::{Checked, Program};
use crate::digest::component_digest;

/// Whether a value may differ from that of the earlier run, and why.
#[derive(Debug, Clone)]
struct State {
    level: Level,
    because: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Same,
    MayDiffer,
    Differs,
}

struct Walk<'w, 'a> {
    before: &'w Steps<'a>,
    after: &'w Steps<'a>,
    /// The effects on steps that are already determined, by index.
    known: BTreeMap<usize, Effect>,
}

/// Returns the effect on each step.
pub(super) fn effects<'a>(before: &'a Program<'a>, after: &'a Program<'a>) -> Vec<Effect> {
    let (before, after) = (Steps::of(before), Steps::of(after));
    let mut walk = Walk { before: &before, after: &after, known: BTreeMap::new() };
    (0..after.all.len()).map(|idx| walk.effect(idx)).collect()
}

impl State {
    fn same() -> Self {
        Self { level: Level::Same, because: String::new() }
    }

    /// Returns the state with the higher level, or the first one if they are equal.
    fn join(self, other: Self) -> Self {
        if other.level > self.level { other } else { self }
    }

    /// Limits the level to [`Level::MayDiffer`].
    fn at_most_may_differ(self) -> Self {
        Self { level: self.level.min(Level::MayDiffer), ..self }
    }
}

impl<'a> Walk<'_, 'a> {
    fn effect(&mut self, idx: usize) -> Effect {
        if let Some(known) = self.known.get(&idx) {
            return known.clone();
        }
        let after = self.after;
        let step = &after.all[idx];
        let (verdict, because) = self.verdict(step);
        let effect = Effect { step: step.path.clone(), verdict, because };
        self.known.insert(idx, effect.clone());
        effect
    }

    fn verdict(&mut self, step: &Step<'a>) -> (Verdict, String) {
        if let Some(reason) = uncached_reason(step) {
            return (Verdict::AlwaysRuns, reason);
        }
        let Some(old) = self.earlier(step) else {
            return (Verdict::RunsAgain, "the step is new".to_owned());
        };
        if uncached_reason(old).is_some() {
            return (Verdict::RunsAgain, "its results were not cached before".to_owned());
        }
        if let Some(reason) = own_change(old, step) {
            return (Verdict::RunsAgain, reason);
        }
        let arguments = step.call.arguments.values();
        let states: Vec<State> = arguments.map(|argument| self.expression(step.frame, argument)).collect();
        let State { level, because } = states.into_iter().fold(State::same(), State::join);
        match level {
            Level::Same => (Verdict::StaysCached, "its cache key has not changed".to_owned()),
            Level::MayDiffer => (Verdict::MayRunAgain, because),
            Level::Differs => (Verdict::RunsAgain, because),
        }
    }

    /// Returns the step of the earlier pipeline with the same path, or else one with the same cache key, because the
    /// key does not contain the path.
    fn earlier(&self, step: &Step<'a>) -> Option<&Step<'a>> {
        let same_path = self.before.all.iter().find(|old| old.path == step.path);
        same_path.or_else(|| self.before.all.iter().find(|old| own_change(old, step).is_none()))
    }

    fn expression(&mut self, frame: usize, of: &'a Expression) -> State {
        let mut references = Vec::new();
        of.for_each_reference(&mut |reference| references.push(reference));
        references
            .into_iter()
            .fold(State::same(), |state, reference| state.join(self.reference(frame, reference)))
    }

    fn reference(&mut self, frame: usize, of: &'a Reference) -> State {
        match of {
            Reference::Input(name) => self.input(frame, name),
            Reference::Output(output) | Reference::Guarded(output) => {
                let task = self.after.frames[frame].checked.node(&output.task).task;
                self.output(frame, task, &output.output)
            }
            Reference::Item(id) => match &self.after.frames[frame].checked.node(id).task.kind {
                TaskKind::Loop(repeat) => self.expression(frame, &repeat.items),
                _ => State::same(),
            },
            Reference::Status(id) => {
                State { level: Level::MayDiffer, because: format!("it uses the final status of `{id}`") }
            }
        }
    }

    fn input(&mut self, frame: usize, name: &str) -> State {
        let checked = self.after.frames[frame].checked;
        if let Some((caller, Task { kind: TaskKind::Call(call), .. })) = self.after.frames[frame].caller {
            return match call.arguments.get(name) {
                Some(argument) => self.expression(caller, argument),
                None => State::same(),
            };
        }
        let default = |checked: &Checked<'_>| {
            checked.pipeline().inputs.get(name).and_then(|input| input.default.clone())
        };
        let old = self.before.frames.first().and_then(|frame| default(frame.checked));
        if old == default(checked) {
            return State::same();
        }
        State {
            level: Level::MayDiffer,
            because: format!("the default of the parameter `{name}` has changed"),
        }
    }

    fn output(&mut self, frame: usize, task: &'a Task, name: &str) -> State {
        match &task.kind {
            TaskKind::Call(Call { callee: Callee::Component(_), .. }) => self.step_output(frame, task, name),
            TaskKind::Call(_) => match self.after.called(frame, &task.id) {
                Some(called) => {
                    let root = &self.after.frames[called].checked.pipeline().root;
                    self.yielded(called, root, name)
                }
                None => State::same(),
            },
            TaskKind::Branch(branch) => {
                let mut state = State::same();
                for arm in &branch.arms {
                    let mut references = Vec::new();
                    arm.condition.for_each_reference(&mut |reference| references.push(reference));
                    for reference in references {
                        state = state.join(self.reference(frame, reference).at_most_may_differ());
                    }
                    state = state.join(self.yielded(frame, &arm.region, name));
                }
                match &branch.otherwise {
                    Some(region) => state.join(self.yielded(frame, region, name)),
                    None => state,
                }
            }
            TaskKind::Loop(repeat) => self
                .expression(frame, &repeat.items)
                .at_most_may_differ()
                .join(self.yielded(frame, &repeat.body, name)),
            TaskKind::ExitHandler(handler) => self.yielded(frame, &handler.body, name),
            TaskKind::Approval(_) => {
                State { level: Level::MayDiffer, because: format!("`{}` is approved in each run", task.id) }
            }
            TaskKind::Import(import) => self.expression(frame, &import.uri),
        }
    }

    fn yielded(&mut self, frame: usize, region: &'a Region, name: &str) -> State {
        region.yields.get(name).map_or_else(State::same, |value| self.expression(frame, value))
    }

    fn step_output(&mut self, frame: usize, task: &'a Task, name: &str) -> State {
        let Some(idx) = self.after.step(frame, &task.id) else { return State::same() };
        let component = &self.after.all[idx].component;
        let is_artifact =
            component.outputs.get(name).is_some_and(|output| output.r#type.artifact().is_some());
        let has_digest = !matches!(component.implementation, Implementation::Container(_));
        let Effect { step, verdict, .. } = self.effect(idx);
        let (level, because) = match (verdict, is_artifact && !has_digest) {
            (Verdict::StaysCached, _) => return State::same(),
            (Verdict::MayRunAgain, _) => (Level::MayDiffer, format!("`{step}` may run again")),
            (Verdict::RunsAgain, false) => {
                (Level::MayDiffer, format!("`{step}` runs again and may return a different `{name}`"))
            }
            (Verdict::RunsAgain, true) => {
                (Level::Differs, format!("`{step}` runs again and writes a new `{name}`"))
            }
            (Verdict::AlwaysRuns, false) => {
                (Level::MayDiffer, format!("`{step}` always runs and may return a different `{name}`"))
            }
            (Verdict::AlwaysRuns, true) => {
                (Level::Differs, format!("`{step}` always runs and writes a new `{name}`"))
            }
        };
        State { level, because }
    }
}

/// Returns why the results of the step are not cached, or `None` if they are.
fn uncached_reason(step: &Step<'_>) -> Option<String> {
    if step.policy.cache.is_none() {
        return Some("its results are not cached".to_owned());
    }
    let secret = step.component.inputs.iter().find(|(_, input)| *input.r#type.present() == Type::Secret);
    secret.map(|(name, _)| format!("its input `{name}` is a secret, so its results are not cached"))
}

/// Returns what has changed in the step itself that is part of its cache key.
fn own_change(old: &Step<'_>, new: &Step<'_>) -> Option<String> {
    let digest = |step: &Step<'_>| component_digest(step.component, None);
    if digest(old) != digest(new) {
        return Some(format!("its component `{}` has changed", new.component.name));
    }
    if old.policy.environment != new.policy.environment {
        return Some("its environment has changed".to_owned());
    }
    let key = |step: &Step<'_>| match &step.policy.cache {
        Some(Cache::For { key, .. }) => key.clone(),
        _ => None,
    };
    if key(old) != key(new) {
        return Some("its cache key has changed".to_owned());
    }
    let mut names = new.call.arguments.keys().chain(old.call.arguments.keys());
    let name = names.find(|name| old.call.arguments.get(*name) != new.call.arguments.get(*name))?;
    Some(format!("its argument `{name}` has changed"))
}
