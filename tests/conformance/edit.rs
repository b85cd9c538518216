//! Documents with what the builder has no words for: the nodes are changed or added by hand.

use kfp_model::{Document, Region, Task, TaskId, TaskKind};

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

/// A task with a kind that the builder has no method for.
pub(crate) fn task(name: &str, kind: TaskKind) -> Task {
    Task {
        id: TaskId(name.to_owned()),
        name: name.to_owned(),
        kind,
        after: Vec::new(),
        policy: kfp_model::Policy::default(),
        trigger: kfp_model::Trigger::default(),
    }
}
