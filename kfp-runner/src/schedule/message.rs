//! Messages to the dispatcher.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::Answer;
use crate::cache::{RestoreError, StoredFiles};
use crate::step::{AttemptResult, StepEvent};

/// The number of a job, in the order in which jobs are created.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct JobId(pub(super) usize);

/// The number of an approval question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct QuestionId(pub(super) usize);

/// An event that the dispatcher handles.
#[derive(Debug)]
pub(crate) enum Message {
    /// Something has happened in the attempt of a job.
    Step(JobId, StepEvent),
    /// The attempt of a job has ended.
    Ended(JobId, AttemptResult),
    /// The files of a cached result have been restored, or cannot be used.
    Restored(JobId, Result<BTreeMap<String, Value>, RestoreError>),
    /// The files of a result have been stored in the cache, or could not be stored.
    Stored(JobId, StoredFiles),
    /// The digest of an imported artifact has been computed.
    Imported(JobId, Value),
    /// An approver has answered.
    Answered(QuestionId, Answer),
    /// The end of the run was requested.
    Cancel,
}
