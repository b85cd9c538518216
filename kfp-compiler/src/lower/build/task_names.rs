//! Names of DAG tasks for tasks of the pipeline that are lowered to several.

use kfp_model::{Branch, Task};

use crate::lower::analyse::names;

/// The output of a branch's template that contains whether any arm ran.
pub(in crate::lower) const TAKEN: &str = "kfp-taken";

/// Returns the names of the tasks that call the arms; the last one is that of `otherwise`, if it exists.
pub(in crate::lower) fn arms(task: &Task, branch: &Branch) -> Vec<String> {
    let arms = branch.arms.iter().map(|arm| names::task(&arm.name));
    let otherwise = branch.otherwise.iter().map(|_| format!("{}-otherwise", names::task(&task.name)));
    arms.chain(otherwise).collect()
}

/// Returns the name of the exit task of the exit handler with that name.
pub(in crate::lower) fn exit(handler: &str) -> String {
    format!("{handler}-exit")
}
