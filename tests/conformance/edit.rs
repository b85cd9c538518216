//! Documents with what the builder has no words for: the nodes are changed by hand.

use kfp_model::{Document, Region, Task};

/// The document after a change of the root region of the pipeline of that name.
pub(crate) fn edited(mut document: Document, name: &str, change: impl FnOnce(&mut Region)) -> Document {
    let pipeline = document.pipelines.iter_mut().find(|pipeline| pipeline.name == name);
    change(&mut pipeline.expect("the document has the pipeline").root);
    document
}

/// The task of that name; a branch is called like its first arm.
pub(crate) fn named<'r>(region: &'r mut Region, name: &str) -> &'r mut Task {
    let task = region.tasks.iter_mut().find(|task| task.name == name);
    task.unwrap_or_else(|| panic!("there is no task `{name}`"))
}
