//! Branches.
#![expect(
    clippy::return_self_not_must_use,
    reason = "each arm is recorded at once, so a branch is complete after any call"
)]

use std::panic::Location;

use super::draft::{ArmDraft, KindDraft, TaskDraft};
use super::group::{Before, Group};
use super::pipeline::Pipeline;
use super::session;
use super::yields::{Producer, Yield};
use crate::handle::IntoCond;
use crate::notes::TaskRef;

/// A branch, which [`Pipeline::when`] returns. Its methods add more arms and return the value of the arm that ran.
pub struct When<'p, R> {
    pipeline: &'p Pipeline,
    task: TaskRef,
    /// The regions of the arms, and the values that their bodies returned.
    arms: Vec<(usize, R)>,
}

impl Pipeline {
    /// Adds a branch, which runs `body` if the condition is true. `name` is the name of the branch and of this arm.
    #[track_caller]
    pub fn when<R>(
        &self,
        name: &str,
        condition: impl IntoCond,
        body: impl FnOnce(&Self) -> R,
    ) -> When<'_, R> {
        let location = Location::caller();
        let branch = KindDraft::Branch { arms: Vec::new(), otherwise: None };
        let task = self.add_draft(TaskDraft::new(name, branch), location);
        When::new(self, task).arm(name, condition, body)
    }
}

impl<'p, R> When<'p, R> {
    fn new(pipeline: &'p Pipeline, task: TaskRef) -> Self {
        Self { pipeline, task, arms: Vec::new() }
    }

    /// Runs `body` if the condition is true and all earlier ones are false.
    #[track_caller]
    pub fn elif(self, name: &str, condition: impl IntoCond, body: impl FnOnce(&Pipeline) -> R) -> Self {
        self.arm(name, condition, body)
    }

    /// Runs `body` if all conditions are false, and returns the value of the arm that ran.
    pub fn otherwise(mut self, body: impl FnOnce(&Pipeline) -> R) -> R::Outside
    where
        R: Yield,
    {
        let region = self.pipeline.new_region();
        session::with_task(self.task, |draft| {
            if let KindDraft::Branch { otherwise, .. } = &mut draft.kind {
                *otherwise = Some(region);
            }
        });
        let values = self.pipeline.in_region(region, || body(self.pipeline));
        self.arms.push((region, values));
        self.record();
        R::outside(&Producer::outputs_of(self.task), "value")
    }

    /// Returns the value of the arm that ran as an option, which is absent if no arm ran.
    pub fn or_none(self) -> R::Optional
    where
        R: Yield,
    {
        self.record();
        R::optional(&Producer::outputs_of(self.task), "value")
    }

    /// Returns the branch as a value for `.after(..)`.
    pub fn group(&self) -> Group {
        Group::of(self.task)
    }

    /// Evaluates the conditions after a task, without using an output of the task.
    #[track_caller]
    pub fn after(self, other: &impl Before) -> Self {
        session::add_after(self.task, other.before());
        self
    }

    #[track_caller]
    fn arm(mut self, name: &str, condition: impl IntoCond, body: impl FnOnce(&Pipeline) -> R) -> Self {
        let location = Location::caller();
        let region = self.pipeline.new_region();
        let condition = condition.into_cond().raw();
        let arm = ArmDraft { name: name.to_owned(), condition, region, location };
        session::with_task(self.task, |draft| {
            if let KindDraft::Branch { arms, .. } = &mut draft.kind {
                arms.push(arm);
            }
        });
        let values = self.pipeline.in_region(region, || body(self.pipeline));
        self.arms.push((region, values));
        self
    }

    fn record(&self)
    where
        R: Yield,
    {
        for (region, values) in &self.arms {
            self.pipeline.record(*region, values);
        }
    }
}

impl<R> Before for When<'_, R> {
    fn before(&self) -> TaskRef {
        self.task
    }
}
