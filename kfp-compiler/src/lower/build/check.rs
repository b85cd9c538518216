//! A separate task checks values from outside the run.
//!
//! If the expression of an output fails, Argo loses track of the tasks that depend on the DAG, and the run never ends.
//! If an argument fails, the task fails, and so does its DAG.

use kfp_argo::depends::{Depends, Outcome};

use crate::lower::plan::{self, Argument};

/// The name of the task.
const CHECK: &str = "check";

/// Returns the task that checks values, after the task that produces them. `noop` is a task that calls the no-op
/// template, and `values` are tags that fail for invalid values.
pub(in crate::lower) fn task(noop: plan::Task, after: Option<&str>, values: Vec<Argument>) -> plan::Task {
    plan::Task {
        name: CHECK.to_owned(),
        depends: after.map(|task| Depends::ended(task, Some(Outcome::Succeeded))),
        arguments: values,
        ..noop
    }
}
