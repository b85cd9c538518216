//! A step that has been started, from its first attempt to its last.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

#[cfg(feature = "store")]
use kfp_model::Cache;
use kfp_model::{Component, Policy, Task};
use rustix::process::Signal;
use serde_json::Value;

use super::frame::FrameId;
use crate::cache::CacheKey;
use crate::claim::Claim;
use crate::step::{AttemptResult, Group};
use crate::store::Cached;
use crate::{Failure, FailureClass, State};

/// A step that has been started.
pub(super) struct Job<'r> {
    pub(super) frame: FrameId,
    pub(super) task: &'r Task,
    pub(super) component: &'r Component,
    pub(super) policy: &'r Policy,
    pub(super) path: String,
    pub(super) inputs: BTreeMap<String, Value>,
    pub(super) cache_key: Option<CacheKey>,
    /// Prevents other runs from computing the same result.
    pub(super) claim: Option<Claim>,
    /// Whether it has been reported that the job waits for another one with the same result.
    pub(super) reported_wait: bool,
    /// The number of the current attempt, including attempts before an interruption.
    pub(super) attempt: u32,
    /// The number of attempts in this part of the run.
    pub(super) attempts: u32,
    pub(super) stage: JobStage,
    /// Why the current attempt is being ended.
    pub(super) reason: Option<StopReason>,
}

/// The stage of a job.
pub(super) enum JobStage {
    /// Waiting in the queue.
    Queued,
    /// Waiting for the retry delay to end.
    Delayed { until: Instant },
    /// Waiting for another task or run that computes the same result.
    Waiting { until: Instant },
    /// The files of a cached result are being verified and restored.
    Restoring(Cached),
    /// The step has succeeded, and its files are being stored in the cache until `stop` is set.
    Storing { outputs: BTreeMap<String, Value>, stop: Arc<AtomicBool> },
    /// An attempt is running.
    Running {
        group: Arc<Group>,
        terminate_at: Option<Instant>,
        kill_at: Option<Instant>,
        held: Option<HeldResult>,
    },
}

/// The result of a simulated attempt, held back until the virtual clock has advanced.
pub(super) struct HeldResult {
    /// The time at which the attempt ends; `None` if it runs until it is ended.
    pub(super) until: Option<Instant>,
    pub(super) result: AttemptResult,
}

/// Why an attempt is being ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StopReason {
    /// It exceeded its timeout.
    TimedOut,
    /// The run is being ended.
    Cancelled,
}

impl Job<'_> {
    /// Returns the key of the result as text, if the result may be reused.
    pub(super) fn key(&self) -> Option<&str> {
        self.cache_key.as_ref().map(|key| key.digest.as_str())
    }

    /// Returns the maximum age in seconds of a cached result, if results are cached.
    #[cfg(feature = "store")]
    pub(super) fn max_age(&self) -> Option<u64> {
        match &self.policy.cache {
            Some(Cache::For { max_age, .. }) => Some(max_age.seconds()),
            Some(Cache::Off) | None => None,
        }
    }

    /// Terminates the processes of the job, and sets the time at which they are killed.
    pub(super) fn terminate(&mut self, why: StopReason, kill: Instant) {
        let JobStage::Running { group, terminate_at, kill_at, .. } = &mut self.stage else { return };
        group.end(Signal::TERM);
        *terminate_at = None;
        kill_at.get_or_insert(kill);
        self.reason.get_or_insert(why);
    }

    /// Returns the next time at which the job needs attention.
    pub(super) fn due(&self) -> Option<Instant> {
        match &self.stage {
            JobStage::Queued | JobStage::Restoring(_) | JobStage::Storing { .. } => None,
            JobStage::Delayed { until } | JobStage::Waiting { until } => Some(*until),
            JobStage::Running { terminate_at, kill_at, held, .. } => {
                let held = held.iter().filter_map(|held| held.until.as_ref());
                terminate_at.iter().chain(kill_at.iter()).chain(held).min().copied()
            }
        }
    }

    pub(super) fn failure_of(&self, reason: StopReason) -> Option<Failure> {
        let timeout = self.policy.timeout?;
        (reason == StopReason::TimedOut).then(|| Failure {
            state: State::Failed,
            class: FailureClass::Timeout,
            message: format!("the step ran longer than its timeout of {timeout}"),
            exit_code: None,
        })
    }
}
