//! Documents with what the builder has no words for: the nodes are changed by hand.

use kfp_model::{Document, Region, Task, TaskId};

/// The document after a change of the root region of the pipeline of that name.
pub(crate) fn edited(mut document: Document, name: &str, change: impl FnOnce(&mut Region)) -> Document {
    let pipeline = document.pipelines.iter_mut().find(|pipeline| pipeline.name == name);
    change(&mut pipeline.expect("the document has the pipeline").root);
    document
}

/// Lets a task wait for another one of the region, whatever that is.
pub(crate) fn put_after(region: &mut Region, task: &str, before: &str) {
    let before = id(region, before);
    named(region, task).after.push(before);
}

/// The id of the task of that name.
pub(crate) fn id(region: &mut Region, name: &str) -> TaskId {
    named(region, name).id.clone()
}

/// The task of that name; a branch is called like its first arm.
pub(crate) fn named<'r>(region: &'r mut Region, name: &str) -> &'r mut Task {
    let task = region.tasks.iter_mut().find(|task| task.name == name);
    task.unwrap_or_else(|| panic!("there is no task `{name}`"))
}
