//! What comes from outside of a run is checked by a task of its own.
//!
//! Where an expression of an output refuses a value, Argo does not see what depends on the DAG any more, and the
//! run would never end. Where an argument refuses it, the task is an error, and so is the DAG around it.

use kfp_argo::depends::{Depends, Outcome};

use crate::lower::plan::{self, Argument};

/// The name of such a task.
const CHECK: &str = "check";

/// The task that refuses values, after the task that gives them, if there is one. `nothing` is a task that calls
/// the template which does nothing, and `values` are tags that fail where a value is refused.
pub(in crate::lower) fn task(nothing: plan::Task, after: Option<&str>, values: Vec<Argument>) -> plan::Task {
    plan::Task {
        name: CHECK.to_owned(),
        depends: after.map(|task| Depends::ended(task, Some(Outcome::Succeeded))),
        arguments: values,
        ..nothing
    }
}
