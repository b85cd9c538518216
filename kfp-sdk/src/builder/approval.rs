//! Tasks that wait for an approval.

use std::panic::Location;

use kfp_model::{Approval, Output, Type};

use super::draft::{KindDraft, TaskDraft};
use super::handles::{Handles as _, Outputs};
use super::pipeline::Pipeline;
use super::task::Task;

impl Pipeline {
    /// Adds a task that waits for an approval and returns the values that the approver enters.
    ///
    /// `R` is `()` for no values, a parameter, or a struct with `#[derive(Outputs)]`. The approver sees `message`.
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
        let output =
            |(r#type, description): (Type, &str)| Output { r#type, description: description.to_owned() };
        let outputs = names.zip(types.map(output)).collect();
        let approval = KindDraft::Approval(Approval { message: message.to_owned(), outputs });
        let task = self.add_draft(TaskDraft::new("approval", approval), Location::caller());
        Task::new(task, R::Handles::of_task(task))
    }
}
