//! Tasks of a pipeline, and their settings.

use std::mem;
use std::ops::Deref;
use std::panic::Location;

use kfp_model::Trigger;

use super::draft::KindDraft;
use super::group::Before;
use super::handles::{Returns, TaskOutputs};
use super::policy::{IntoCache, IntoCpu, Policy};
use super::retry::IntoRetry;
use super::session;
use crate::notes::TaskRef;
use crate::value::NoFields;

/// A task of a pipeline. Its fields are the handles of its outputs, and its methods change how it runs.
#[derive(Clone, Copy)]
pub struct Task<O> {
    task: TaskRef,
    outputs: O,
}

impl<O> Task<O> {
    pub(super) fn new(task: TaskRef, outputs: O) -> Self {
        Self { task, outputs }
    }

    pub(super) fn task_ref(&self) -> TaskRef {
        self.task
    }
}

impl<O: Copy> Task<O> {
    /// Names the task. By default, it has the name of its component or pipeline.
    pub fn name(self, name: &str) -> Self {
        session::with_task(self.task, |draft| draft.name = Some(name.to_owned()));
        self
    }

    /// Runs the task after another task, a loop, a branch or an exit handler, without using an output of it.
    #[track_caller]
    pub fn after(self, other: &impl Before) -> Self {
        session::add_after(self.task, other.before());
        self
    }

    /// Runs the task even if a task before it fails. The run still fails.
    ///
    /// Every argument that may be absent needs a fallback, `.or(value)`, or an input of an option type.
    ///
    /// ```
    /// use kfp_sdk::prelude::*;
    ///
    /// /// Count the rows of a table.
    /// #[component]
    /// fn count(table: String) -> Result<i64> {
    ///     Ok(i64::try_from(std::fs::read_to_string(table)?.lines().count())?)
    /// }
    ///
    /// /// Print the number of rows.
    /// #[component]
    /// fn report(rows: i64) {
    ///     eprintln!("{rows} rows");
    /// }
    ///
    /// #[pipeline(name = "always-report")]
    /// fn always_report(p: &Pipeline, table: In<String>) {
    ///     let rows = p.add(Count::new().table(table)).output;
    ///     p.add(Report::new().rows(rows.or(-1))).ignore_upstream_failure();
    /// }
    /// # assert_eq!(AlwaysReport::definition().problems, []);
    /// ```
    pub fn ignore_upstream_failure(self) -> Self {
        session::with_task(self.task, |draft| draft.trigger = Trigger::AllDone);
        self
    }

    /// Requests CPU: a number of cores such as `2` or `0.5`, or a string such as `"500m"`.
    #[track_caller]
    pub fn cpu(self, quantity: impl IntoCpu) -> Self {
        self.set(Policy::new().cpu(quantity))
    }

    /// Requests memory, such as `"2Gi"`.
    #[track_caller]
    pub fn memory(self, quantity: &str) -> Self {
        self.set(Policy::new().memory(quantity))
    }

    /// Requests devices, such as one `"nvidia.com/gpu"`.
    #[track_caller]
    pub fn gpu(self, resource: &str, count: u32) -> Self {
        self.set(Policy::new().gpu(resource, count))
    }

    /// Retries the step after failures that a retry can fix: a number of times, or as in a [`Retry`](crate::Retry).
    #[track_caller]
    pub fn retry(self, retry: impl IntoRetry) -> Self {
        self.set(Policy::new().retry(retry))
    }

    /// Limits the duration of each attempt, such as to `"30m"`.
    #[track_caller]
    pub fn timeout(self, limit: &str) -> Self {
        self.set(Policy::new().timeout(limit))
    }

    /// Sets an environment variable.
    #[track_caller]
    pub fn env(self, name: &str, value: &str) -> Self {
        self.set(Policy::new().env(name, value))
    }

    /// Sets an environment variable to the value of a key in a Kubernetes secret.
    #[track_caller]
    pub fn env_from_secret(self, name: &str, secret: &str, key: &str) -> Self {
        self.set(Policy::new().env_from_secret(name, secret, key))
    }

    /// Sets an environment variable to the value of a key in a Kubernetes config map.
    #[track_caller]
    pub fn env_from_config_map(self, name: &str, config_map: &str, key: &str) -> Self {
        self.set(Policy::new().env_from_config_map(name, config_map, key))
    }

    /// Sets a label of the step's pod, such as `team: search`. Local runs have no pods and ignore it.
    #[track_caller]
    pub fn label(self, key: &str, value: &str) -> Self {
        self.set(Policy::new().label(key, value))
    }

    /// Sets an annotation of the step's pod, such as `example.com/owner` with any string. Local runs ignore it.
    #[track_caller]
    pub fn annotation(self, key: &str, value: &str) -> Self {
        self.set(Policy::new().annotation(key, value))
    }

    /// Sets whether, or for how long, results are reused: `true` (30 days), `false` or a duration such as `"24h"`.
    ///
    /// See [`Policy::cache`] for what results depend on. A task with
    /// [`env_from_secret`](Self::env_from_secret) is cached only if the task or its component sets `cache`.
    #[track_caller]
    pub fn cache(self, cache: impl IntoCache) -> Self {
        let location = Location::caller();
        self.change(|policy| policy.cache_at(cache, location))
    }

    /// Adds a string to the key of cached results, and turns the cache on.
    #[track_caller]
    pub fn cache_key(self, key: &str) -> Self {
        let location = Location::caller();
        self.change(|policy| policy.cache_key_at(key, location))
    }

    /// Applies the settings of a policy, which override earlier ones.
    pub fn with(self, policy: &Policy) -> Self {
        self.change(|own| own.with(policy))
    }

    /// Lets the tasks after this one run even if it fails. Its outputs become options, which are absent after a
    /// failure. The run still fails.
    ///
    /// If a task *before* this one fails, this task and the tasks after it do not run.
    ///
    /// ```
    /// use kfp_sdk::prelude::*;
    ///
    /// /// Count the rows of a table.
    /// #[component]
    /// fn count(table: String) -> Result<i64> {
    ///     Ok(i64::try_from(std::fs::read_to_string(table)?.lines().count())?)
    /// }
    ///
    /// /// Print the number of rows.
    /// #[component]
    /// fn report(rows: Option<i64>) {
    ///     eprintln!("{rows:?} rows");
    /// }
    ///
    /// #[pipeline(name = "may-fail")]
    /// fn may_fail(p: &Pipeline, table: In<String>) {
    ///     let rows: Out<Option<i64>> = p.add(Count::new().table(table)).continue_on_failure().output;
    ///     p.add(Report::new().rows(rows));
    ///     p.when("many", rows.or(0).gt(1_000), |p| p.add(Report::new().rows(rows)).name("report-many"));
    /// }
    /// # assert_eq!(MayFail::definition().problems, []);
    /// ```
    pub fn continue_on_failure(self) -> Task<O::Optional>
    where
        O: TaskOutputs,
    {
        session::with_task(self.task, |draft| {
            if let KindDraft::Call(call) = &mut draft.kind {
                call.continue_on_failure = true;
            }
        });
        Task::new(self.task, O::optional(self.task))
    }

    /// Limits the depth of a recursion. At the maximum depth, the call is skipped, so its outputs are options: use
    /// [`.or(value)`](crate::Out::or) to set the value that the recursion returns there.
    ///
    /// ```
    /// use kfp_sdk::prelude::*;
    ///
    /// /// Halve a number.
    /// #[component]
    /// fn halve(number: i64) -> i64 {
    ///     number / 2
    /// }
    ///
    /// #[pipeline(name = "halves")]
    /// fn halves(p: &Pipeline, number: In<i64>) -> Out<i64> {
    ///     let half = p.add(Halve::new().number(number)).output;
    ///     p.when("more", half.gt(1), |p| p.add(Halves::new().number(half)).max_depth(8).output.or(half))
    ///         .otherwise(|_| half)
    /// }
    /// # assert_eq!(Halves::definition().problems, []);
    /// ```
    #[track_caller]
    pub fn max_depth(self, depth: u32) -> Task<O::Optional>
    where
        O: TaskOutputs,
    {
        let location = Location::caller();
        session::with_task(self.task, |draft| {
            if let KindDraft::Call(call) = &mut draft.kind {
                call.max_depth = Some((depth, location));
            }
        });
        Task::new(self.task, O::optional(self.task))
    }

    fn set(self, policy: Policy) -> Self {
        self.with(&policy)
    }

    fn change(self, change: impl FnOnce(Policy) -> Policy) -> Self {
        session::with_task(self.task, |draft| draft.policy = change(mem::take(&mut draft.policy)));
        self
    }
}

impl<O> Deref for Task<O> {
    type Target = O;

    fn deref(&self) -> &O {
        &self.outputs
    }
}

impl<O> Returns for Task<O> {
    type Handles = NoFields;

    fn into_handles(self) -> NoFields {
        NoFields
    }
}

impl<O> Before for Task<O> {
    fn before(&self) -> TaskRef {
        self.task
    }
}
