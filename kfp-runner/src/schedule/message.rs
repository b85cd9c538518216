//! What the dispatcher is told by others.

use crate::Answer;
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
    /// Somebody has answered.
    Answered(QuestionId, Answer),
    /// Somebody wants the run to end.
    Cancel,
}
