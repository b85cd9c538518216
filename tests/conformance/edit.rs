//! Edits documents by hand, for features that the builder cannot express.

use kfp_model::{Document, Region, Task};

/// Returns the document after a change to the root region of the named pipeline.
pub(crate) fn edited(mut document: Document, name: &str, change: impl FnOnce(&mut Region)) -> Document {
    let pipeline = document.pipelines.iter_mut().find(|pipeline| pipeline.name == name);
    change(&mut pipeline.expect("the document contains the pipeline").root);
    document
}

/// Returns the named task; a branch has the name of its first arm.
pub(crate) fn named<'r>(region: &'r mut Region, name: &str) -> &'r mut Task {
    let task = region.tasks.iter_mut().find(|task| task.name == name);
    task.unwrap_or_else(|| panic!("no task `{name}`"))
}
