//! The steps of a pipeline with those of the pipelines that it calls, by the calls that lead to them.

use std::collections::BTreeMap;
use std::rc::Rc;

use kfp_model::{Call, Callee, Component, Policy, Region, Task, TaskId, TaskKind};

use crate::check::Checked;
use crate::lower::ordered_tasks;

/// One call of a pipeline, or the pipeline that nothing calls.
pub(super) struct Frame<'a> {
    pub(super) checked: Rc<Checked<'a>>,
    /// The frame and the task that call it.
    pub(super) caller: Option<(usize, &'a Task)>,
    path: String,
}

/// A call of a component.
pub(super) struct Step<'a> {
    pub(super) frame: usize,
    pub(super) path: String,
    pub(super) call: &'a Call,
    pub(super) component: &'a Component,
    /// The policy that holds, with what calls and groups around it hand down.
    pub(super) policy: Policy,
}

/// All frames and steps. What a pipeline calls of itself is not followed again.
pub(super) struct Steps<'a> {
    pub(super) frames: Vec<Frame<'a>>,
    /// In an order in which they may run.
    pub(super) all: Vec<Step<'a>>,
    calls: BTreeMap<(usize, &'a TaskId), usize>,
    by_task: BTreeMap<(usize, &'a TaskId), usize>,
}

impl<'a> Steps<'a> {
    pub(super) fn of(checked: &Checked<'a>) -> Self {
        let mut steps =
            Self { frames: Vec::new(), all: Vec::new(), calls: BTreeMap::new(), by_task: BTreeMap::new() };
        let document = checked.document();
        let root = crate::check::check(document, checked.pipeline()).checked;
        if let Some(root) = root {
            steps.enter(Rc::new(root), None, String::new(), &Policy::default());
        }
        steps
    }

    /// The frame that a task of the frame calls; nothing where that would go round in a circle.
    pub(super) fn called(&self, frame: usize, task: &TaskId) -> Option<usize> {
        self.calls.iter().find(|((caller, id), _)| *caller == frame && *id == task).map(|(_, called)| *called)
    }

    /// The step that the task of the frame is.
    pub(super) fn step(&self, frame: usize, task: &'a TaskId) -> Option<usize> {
        self.by_task.get(&(frame, task)).copied()
    }

    fn enter(
        &mut self,
        checked: Rc<Checked<'a>>,
        caller: Option<(usize, &'a Task)>,
        path: String,
        shared: &Policy,
    ) -> usize {
        let idx = self.frames.len();
        let mut shared = shared.clone();
        if shared.cache.is_none() {
            shared.cache.clone_from(&checked.pipeline().settings.cache);
        }
        self.frames.push(Frame { checked: Rc::clone(&checked), caller, path });
        self.region(idx, &checked.pipeline().root, &shared);
        idx
    }

    fn region(&mut self, frame: usize, region: &'a Region, shared: &Policy) {
        let checked = Rc::clone(&self.frames[frame].checked);
        for task in ordered_tasks(&checked, region) {
            self.task(frame, task, shared);
        }
    }

    fn task(&mut self, frame: usize, task: &'a Task, shared: &Policy) {
        let path = format!("{}{}", self.frames[frame].path, task.id);
        match &task.kind {
            TaskKind::Call(call) => match &call.callee {
                Callee::Component(id) => {
                    let component = self.frames[frame].checked.component(id);
                    let policy = Policy::of_step(&task.policy, &component.policy, shared);
                    self.by_task.insert((frame, &task.id), self.all.len());
                    self.all.push(Step { frame, path, call, component, policy });
                }
                Callee::Pipeline(name) => {
                    if self.is_within(frame, name) {
                        return;
                    }
                    let callee = Rc::new(self.frames[frame].checked.called(name));
                    let mut own = task.policy.handed_down();
                    if own.cache.is_none() {
                        own.cache.clone_from(&callee.pipeline().settings.cache);
                    }
                    let called = self.enter(callee, Some((frame, task)), path + "/", &own.or(shared));
                    self.calls.insert((frame, &task.id), called);
                }
            },
            TaskKind::Guard(guard) => {
                self.region(frame, &guard.body, &task.policy.handed_down().or(shared));
                self.region(frame, &guard.exit, shared);
            }
            _ => {
                let inner = task.policy.handed_down().or(shared);
                for region in task.regions() {
                    self.region(frame, region, &inner);
                }
            }
        }
    }

    /// Whether the frame, or one that leads to it, is a call of the pipeline.
    fn is_within(&self, mut frame: usize, name: &str) -> bool {
        loop {
            if self.frames[frame].checked.pipeline().name == name {
                return true;
            }
            match self.frames[frame].caller {
                Some((caller, _)) => frame = caller,
                None => return false,
            }
        }
    }
}
