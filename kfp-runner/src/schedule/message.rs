//! What the dispatcher is told by others.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::Answer;
use crate::cache::{Filed, Loss};
use crate::process::Identity;
use crate::step::Ended;

/// The number of a job: jobs that were started later have higher ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct JobId(pub(super) usize);

/// The number of a question that somebody was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct QuestionId(pub(super) usize);

/// Something that the dispatcher has to react to.
#[derive(Debug)]
pub(crate) enum Message {
    /// The process of a job has started.
    Started(JobId, Identity),
    /// The attempt of a job has ended.
    Ended(JobId, Ended),
    /// The files of a cached result were put in their places, or cannot be used.
    Restored(JobId, Result<BTreeMap<String, Value>, Loss>),
    /// The files of a result were put into the cache, or will not be kept.
    Filed(JobId, Filed),
    /// The digest of an imported artifact was taken.
    Imported(JobId, Value),
    /// Somebody has answered.
    Answered(QuestionId, Answer),
    /// Somebody wants the run to end.
    Cancel,
}
