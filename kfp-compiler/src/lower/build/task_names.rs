//! Names of Argo's tasks where a task of the pipeline becomes several.

use kfp_model::{Branch, Task};

use crate::lower::analyse::names;

/// The output of a branch's template that reports whether any of its arms ran.
pub(in crate::lower) const TAKEN: &str = "kfp-taken";

/// The names of the tasks that call the arms; the last one is that of `otherwise`, where there is one.
pub(in crate::lower) fn arms(task: &Task, branch: &Branch) -> Vec<String> {
    let arms = branch.arms.iter().map(|arm| names::task(&arm.name));
    let otherwise = branch.otherwise.iter().map(|_| format!("{}-otherwise", names::task(&task.name)));
    arms.chain(otherwise).collect()
}

/// The name of the task that is the exit of the exit handler of that name.
pub(in crate::lower) fn exit(handler: &str) -> String {
    format!("{handler}-exit")
}
