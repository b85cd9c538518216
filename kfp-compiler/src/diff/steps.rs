//! The steps of a pipeline and of the pipelines that it calls, by the names on the path to them.

use std::collections::BTreeMap;

use kfp_model::{Call, Callee, Component, Policy, Region, Task, TaskId, TaskKind};

use super::labels::labels;
use crate::check::{Checked, InstanceId, Program};
use crate::lower::ordered_tasks;

/// One call of a pipeline, or the root pipeline.
pub(super) struct Frame<'a> {
    pub(super) checked: &'a Checked<'a>,
    instance: InstanceId,
    /// The calling frame and task; `None` for the root.
    pub(super) caller: Option<(usize, &'a Task)>,
    path: String,
    labels: BTreeMap<&'a TaskId, String>,
}

/// A call of a component.
pub(super) struct Step<'a> {
    pub(super) frame: usize,
    pub(super) path: String,
    pub(super) call: &'a Call,
    pub(super) component: &'a Component,
    /// The policy, including what it inherits from enclosing calls and groups.
    pub(super) policy: &'a Policy,
}

/// All frames and steps. Recursive calls are not followed.
pub(super) struct Steps<'a> {
    program: &'a Program<'a>,
    pub(super) frames: Vec<Frame<'a>>,
    /// In an order in which they may run.
    pub(super) all: Vec<Step<'a>>,
    calls: BTreeMap<(usize, &'a TaskId), usize>,
    by_task: BTreeMap<(usize, &'a TaskId), usize>,
}

impl<'a> Steps<'a> {
    pub(super) fn of(program: &'a Program<'a>) -> Self {
        let (frames, all, calls, by_task) = (Vec::new(), Vec::new(), BTreeMap::new(), BTreeMap::new());
        let mut steps = Self { program, frames, all, calls, by_task };
        steps.enter(program.root_instance(), None, String::new());
        steps
    }

    /// Returns the frame that a task of the frame calls; `None` for a recursive call.
    pub(super) fn called(&self, frame: usize, task: &TaskId) -> Option<usize> {
        self.calls.iter().find(|((caller, id), _)| *caller == frame && *id == task).map(|(_, called)| *called)
    }

    /// Returns the step of a task of the frame.
    pub(super) fn step(&self, frame: usize, task: &'a TaskId) -> Option<usize> {
        self.by_task.get(&(frame, task)).copied()
    }

    fn enter(&mut self, instance: InstanceId, caller: Option<(usize, &'a Task)>, path: String) -> usize {
        let idx = self.frames.len();
        let checked = self.program.of_instance(instance);
        let labels = labels(checked.pipeline());
        self.frames.push(Frame { checked, instance, caller, path, labels });
        self.region(idx, &checked.pipeline().root);
        idx
    }

    fn region(&mut self, frame: usize, region: &'a Region) {
        for task in ordered_tasks(self.frames[frame].checked, region) {
            self.task(frame, task);
        }
    }

    fn task(&mut self, frame: usize, task: &'a Task) {
        let Frame { checked, instance, path, labels, .. } = &self.frames[frame];
        let (checked, instance, path) = (*checked, *instance, format!("{path}{}", labels[&task.id]));
        let TaskKind::Call(call) = &task.kind else {
            for region in task.regions() {
                self.region(frame, region);
            }
            return;
        };
        match &call.callee {
            Callee::Component(id) => {
                let (component, policy) = (checked.component(id), self.program.policy(instance, &task.id));
                self.by_task.insert((frame, &task.id), self.all.len());
                self.all.push(Step { frame, path, call, component, policy });
            }
            Callee::Pipeline(name) => {
                if !self.is_within(frame, name) {
                    let callee = self.program.called(instance, &task.id);
                    let called = self.enter(callee, Some((frame, task)), path + "/");
                    self.calls.insert((frame, &task.id), called);
                }
            }
        }
    }

    /// Whether the frame or one of its callers is a call of the pipeline.
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
