//! Tasks that are open without a job: loops and approvals.

use kfp_model::{Approval, Task};
use serde_json::Value;

use super::frame::{FrameId, Outputs};
use crate::State;

/// A loop that has been started.
pub(super) struct LoopRun {
    pub(super) items: Vec<Value>,
    /// The label of each item.
    pub(super) labels: Vec<String>,
    /// The index of the next item.
    pub(super) next: usize,
    /// The number of running iterations.
    pub(super) active: usize,
    pub(super) limit: usize,
    pub(super) results: Vec<Outputs>,
    /// The state of the loop if an iteration did not succeed.
    pub(super) failed: Option<State>,
}

/// A task that waits for an answer.
pub(super) struct Waiting<'r> {
    pub(super) frame: FrameId,
    pub(super) task: &'r Task,
    pub(super) approval: &'r Approval,
}
