//! Tasks that have been added to a pipeline.

use std::mem;
use std::ops::Deref;
use std::panic::Location;

use kfp_model::Trigger;

use super::draft::KindDraft;
use super::group::Before;
use super::handles::{Returns, TaskOutputs};
use super::policy::{IntoCache, Policy};
use super::retry::Retry;
use super::session;
use crate::notes::TaskRef;
use crate::value::NoFields;

/// A task of a pipeline: its outputs are its fields, and its methods say how it is run.
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
    /// Names the task; without a name it is called like its component.
    pub fn name(self, name: &str) -> Self {
        session::with_task(self.task, |draft| draft.given = Some(name.to_owned()));
        self
    }

    /// Runs the task after another one, or after a loop, branch or group, although it takes no value of it.
    #[track_caller]
    pub fn after(self, other: &impl Before) -> Self {
        session::add_after(self.task, other.before());
        self
    }

    /// Runs the task also when something before it failed. Every value that may be missing then needs a
    /// fallback: `.or(value)`, or an input of option type. The run has failed all the same.
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
    /// /// Tell somebody.
    /// #[component]
    /// fn tell(rows: i64) {
    ///     eprintln!("{rows} rows");
    /// }
    ///
    /// #[pipeline(name = "told-anyway")]
    /// fn told_anyway(p: &Pipeline, table: In<String>) {
    ///     let rows = p.add(Count::new().table(table)).output;
    ///     p.add(Tell::new().rows(rows.or(-1))).ignore_upstream_failure();
    /// }
    /// # assert_eq!(ToldAnyway::definition().problems, []);
    /// ```
    pub fn ignore_upstream_failure(self) -> Self {
        session::with_task(self.task, |draft| draft.trigger = Trigger::AllDone);
        self
    }

    /// Processor cores, as `"2"` or `"500m"`.
    #[track_caller]
    pub fn cpu(self, quantity: &str) -> Self {
        self.set(Policy::new().cpu(quantity))
    }

    /// Memory, as `"2Gi"`.
    #[track_caller]
    pub fn memory(self, quantity: &str) -> Self {
        self.set(Policy::new().memory(quantity))
    }

    /// Devices, as `"nvidia.com/gpu"` and their number.
    #[track_caller]
    pub fn gpu(self, resource: &str, count: u32) -> Self {
        self.set(Policy::new().gpu(resource, count))
    }

    /// Tries again when the step failed and trying again can help.
    #[track_caller]
    pub fn retry(self, retry: Retry) -> Self {
        self.set(Policy::new().retry(retry))
    }

    /// The longest that one attempt may run, as `"30m"`.
    #[track_caller]
    pub fn timeout(self, longest: &str) -> Self {
        self.set(Policy::new().timeout(longest))
    }

    /// An environment variable.
    #[track_caller]
    pub fn env(self, name: &str, value: &str) -> Self {
        self.set(Policy::new().env(name, value))
    }

    /// An environment variable with the value of a key of a Kubernetes secret.
    #[track_caller]
    pub fn env_from_secret(self, name: &str, secret: &str, key: &str) -> Self {
        self.set(Policy::new().env_from_secret(name, secret, key))
    }

    /// An environment variable with the value of a key of a Kubernetes config map.
    #[track_caller]
    pub fn env_from_config_map(self, name: &str, config_map: &str, key: &str) -> Self {
        self.set(Policy::new().env_from_config_map(name, config_map, key))
    }

    /// A label of the step's pod, as `"team"` and `"search"`. On this machine there are no pods, and nothing
    /// happens.
    #[track_caller]
    pub fn label(self, key: &str, value: &str) -> Self {
        self.set(Policy::new().label(key, value))
    }

    /// An annotation of the step's pod, as `"example.com/owner"` and any text. On this machine nothing happens.
    #[track_caller]
    pub fn annotation(self, key: &str, value: &str) -> Self {
        self.set(Policy::new().annotation(key, value))
    }

    /// Whether results are reused, or how long: `true` (30 days), `false` or a duration such as `"24h"`.
    ///
    /// See [`Policy::cache`] for what results depend on. A task with
    /// [`env_from_secret`](Self::env_from_secret) is cached only if it, or its component, sets this itself.
    #[track_caller]
    pub fn cache(self, cache: impl IntoCache) -> Self {
        let location = Location::caller();
        self.change(|policy| policy.cache_at(cache, location))
    }

    /// A text that is part of the key of cached results; switches the cache on.
    #[track_caller]
    pub fn cache_key(self, key: &str) -> Self {
        let location = Location::caller();
        self.change(|policy| policy.cache_key_at(key, location))
    }

    /// Takes over all that a policy sets.
    pub fn with(self, policy: &Policy) -> Self {
        self.change(|own| own.with(policy))
    }

    /// Lets the tasks after this one run also when it fails. Its outputs become options, which are absent then.
    /// The run has failed all the same.
    ///
    /// Tasks that do not run because something *before* this one failed stay as they are.
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
    /// /// Tell somebody.
    /// #[component]
    /// fn tell(rows: Option<i64>) {
    ///     eprintln!("{rows:?} rows");
    /// }
    ///
    /// #[pipeline(name = "may-fail")]
    /// fn may_fail(p: &Pipeline, table: In<String>) {
    ///     let rows: Out<Option<i64>> = p.add(Count::new().table(table)).continue_on_failure().output;
    ///     p.add(Tell::new().rows(rows));
    ///     p.when("many", rows.or(0).gt(1_000), |p| p.add(Tell::new().rows(rows)).name("tell-again"));
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

    /// Bounds how often a pipeline calls itself. Once the bound is reached, the call is skipped, so its outputs are
    /// options: use [`.or(value)`](crate::Out::or) to set what a recursion returns then.
    ///
    /// ```
    /// use kfp_sdk::prelude::*;
    ///
    /// /// Halves a number.
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
