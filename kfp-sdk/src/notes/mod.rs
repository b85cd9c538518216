//! Notes: the records of operations on handles while the function of a pipeline runs.
//!
//! Handles and tasks are numbers that refer to notes. The [builder](crate::builder) turns notes into documents.

mod node;
mod raw;
mod store;
mod task_ref;

pub(crate) use node::{ConditionNode, Node, TextPiece};
pub use raw::Raw;
pub(crate) use store::{
    Notes, Record, add_task, close_build, note, note_condition, note_of_task, open_build, replace,
};
pub use task_ref::TaskRef;
