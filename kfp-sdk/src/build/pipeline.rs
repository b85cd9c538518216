//! The builder that pipeline functions are given.

use std::marker::PhantomData;
use std::panic::Location;

use kfp_model::{Approval, Output};

use super::call::Call;
use super::draft::{ArmDraft, ImportDraft, KindDraft, LoopDraft, TaskDraft};
use super::exit::Guard;
use super::handles::{Handles, Outputs};
use super::import::Imported;
use super::repeat::{Items, Loop};
use super::session;
use super::task::{Task, TaskRef};
use super::when::When;
use super::yields::Yield;
use crate::handle::{Expr, IntoCond, IntoInput, Node, Out};
use crate::value::{ArtifactKind, Value};

/// A pipeline that is being built: the first parameter of every pipeline function.
///
/// There is one for each pipeline. What is added goes to the body that the call stands in, whichever `p` is
/// used.
pub struct Pipeline {
    build: u32,
    not_send: PhantomData<*const ()>,
}

impl Pipeline {
    pub(super) fn of(build: u32) -> Self {
        Self { build, not_send: PhantomData }
    }

    /// Adds a task.
    #[track_caller]
    pub fn add<O: Copy>(&self, call: impl Call<Outputs = O>) -> Task<O> {
        let location = Location::caller();
        let (call, outputs) = call.finish();
        let task = self.add_draft(call.into_draft(location));
        Task::new(task, outputs(task))
    }

    /// A constant as a handle, for lists and branches that mix constants and handles.
    #[track_caller]
    pub fn constant<T: Value>(&self, value: impl IntoInput<T>) -> Out<T> {
        let Expr(node) = value.into_input();
        Out::of(node)
    }

    /// Runs `body` if a condition holds. `name` is what people see of this branch.
    #[track_caller]
    pub fn when<R>(
        &self,
        name: &str,
        condition: impl IntoCond,
        body: impl FnOnce(&Self) -> R,
    ) -> When<'_, R> {
        let location = Location::caller();
        let branch = KindDraft::Branch { arms: Vec::new(), otherwise: None };
        let task = self.add_draft(TaskDraft::new(name, branch, location));
        When::new(self, task).arm(name, condition, body)
    }

    /// Repeats a body for each item of a list.
    #[track_caller]
    pub fn parallel_for<T: Value, I: Items<T>>(&self, items: I) -> Loop<'_, T> {
        let Expr(items) = items.into_items();
        let body = self.new_region();
        let repeat = LoopDraft { items, parallelism: None, max_items: None, body };
        let task = self.add_draft(TaskDraft::new("for-each", KindDraft::Loop(repeat), Location::caller()));
        Loop::new(self, task, body)
    }

    /// Runs a body whose end, however it comes, is told to an exit task.
    #[track_caller]
    pub fn exit_handler<R: Yield>(&self, body: impl FnOnce(&Self) -> R) -> Guard<'_, R> {
        let regions = (self.new_region(), self.new_region());
        let guard = KindDraft::Guard { body: regions.0, exit: regions.1 };
        let task = self.add_draft(TaskDraft::new("exit-handler", guard, Location::caller()));
        let values = self.in_region(regions.0, || body(self));
        self.record(regions.0, &values);
        Guard::new(self, task, regions.1)
    }

    /// Makes an artifact of what lies at a URI, which is not copied. What may be read depends on the place that
    /// the pipeline runs in: files here, and what lies below the pipeline root on a cluster.
    ///
    /// ```
    /// # use kfp_sdk::prelude::*;
    /// # #[component]
    /// # fn count_rows(rows: Input<Dataset>) -> Result<()> {
    /// #     let _ = rows;
    /// #     Ok(())
    /// # }
    /// #[pipeline]
    /// fn count(p: &Pipeline, year: In<i64>) {
    ///     let rows = p.import::<Dataset>("s3://bucket/data/rows.csv").metadata("origin", "a survey");
    ///     p.add(CountRows::new().rows(rows.artifact));
    ///     let more = p.import::<Dataset>(text!("lake://rows/{year}.csv"));
    ///     p.add(CountRows::new().rows(more.artifact));
    /// }
    /// # assert!(Count::definition().problems.is_empty());
    /// ```
    #[track_caller]
    pub fn import<T: ArtifactKind>(&self, uri: impl IntoInput<String>) -> Task<Imported<T>> {
        let Expr(uri) = uri.into_input();
        let import = ImportDraft { uri, r#type: T::value_type(), metadata: Vec::new() };
        let task = self.add_draft(TaskDraft::new("import", KindDraft::Import(import), Location::caller()));
        Task::new(task, Imported { artifact: task.output("artifact") })
    }

    /// Waits until somebody approves, and gives the values that they supply: `()` for none, a parameter, or a
    /// struct with `#[derive(Outputs)]`. `message` is what they are asked.
    ///
    /// ```
    /// # use kfp_sdk::prelude::*;
    /// # #[component]
    /// # fn deploy(version: String) {
    /// #     let _ = version;
    /// # }
    /// #[derive(Outputs)]
    /// pub struct Decision {
    ///     /// Whether the model goes to production.
    ///     pub deploy: bool,
    ///     pub version: String,
    /// }
    ///
    /// #[pipeline]
    /// fn release(p: &Pipeline) {
    ///     let decision = p.approval::<Decision>("Deploy the model?");
    ///     p.when("approved", decision.deploy, |p| {
    ///         p.add(Deploy::new().version(decision.version));
    ///     });
    /// }
    /// # assert!(Release::definition().problems.is_empty());
    /// ```
    #[track_caller]
    pub fn approval<R: Outputs>(&self, message: &str) -> Task<R::Handles> {
        let names = R::Handles::NAMES.iter().map(|name| (*name).to_owned());
        let types = R::Handles::types().into_iter();
        let output = |(r#type, description): (kfp_model::Type, &str)| Output {
            r#type,
            description: description.to_owned(),
        };
        let outputs = names.zip(types.map(output)).collect();
        let approval = KindDraft::Approval(Approval { message: message.to_owned(), outputs });
        let task = self.add_draft(TaskDraft::new("approval", approval, Location::caller()));
        Task::new(task, R::Handles::of_task(task))
    }

    fn add_draft(&self, task: TaskDraft) -> TaskRef {
        session::with_build(self.build, |build| build.add(task)).unwrap_or(TaskRef::DEAD)
    }

    pub(super) fn add_arm(&self, task: TaskRef, arm: ArmDraft) {
        session::with_task(task, |draft| {
            if let KindDraft::Branch { arms, .. } = &mut draft.kind {
                arms.push(arm);
            }
        });
    }

    pub(super) fn new_region(&self) -> usize {
        session::with_build(self.build, super::draft::Build::new_region).unwrap_or_default()
    }

    /// Runs `body` with the region as the one that tasks are added to, and closes the region also where the
    /// body panics.
    pub(super) fn in_region<R>(&self, region: usize, body: impl FnOnce() -> R) -> R {
        struct Leave(u32);
        impl Drop for Leave {
            fn drop(&mut self) {
                session::with_build(self.0, |build| build.open.pop());
            }
        }
        session::with_build(self.build, |build| build.open.push(region));
        let _leave = Leave(self.build);
        body()
    }

    /// Notes what a body returned as what its region yields.
    pub(super) fn record<R: Yield>(&self, region: usize, values: &R) {
        let mut yields = Vec::new();
        values.record("value", &mut yields);
        session::with_build(self.build, |build| build.regions[region].yields = yields);
    }

    /// A value that the run of the pipeline supplies.
    pub(super) fn node<T: Value>(&self, task: TaskRef, node: Node) -> Out<T> {
        Out::from_raw(session::note_of_task(task, node))
    }
}

/// The handle of a parameter of the pipeline that is being built.
#[track_caller]
pub fn input<T: Value>(name: &'static str) -> Out<T> {
    Out::of(Node::Input(name))
}
