//! Retries.

use kfp_model::{Backoff, FailureClass};

use super::mistake::{Mistake, RETRY, TIER, duration};
use super::note::Note;
use super::tier::Tier;

/// The number and delays of the retries of a failed step.
///
/// ```
/// use kfp_sdk::Retry;
/// let retry = Retry::times(3).backoff("30s", 2.0).cap("10m");
/// ```
///
/// A tier changes the retries after failures of one class:
///
/// ```
/// use kfp_sdk::prelude::*;
/// let retry = Retry::times(3).backoff("30s", 2.0).on(Oom, Grow::memory(2.0)).on(SpotReclaimed, OnDemand);
/// ```
#[derive(Debug, Clone)]
#[must_use = "pass it to `.retry(..)`"]
pub struct Retry {
    pub(super) model: kfp_model::Retry,
    pub(super) notes: Vec<Note>,
}

/// Retries for [`Task::retry`](crate::Task::retry): a number of retries, or a [`Retry`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be used as a number of retries",
    label = "expected a number such as `3`, or `Retry::times(3).backoff(\"30s\", 2.0)`"
)]
pub trait IntoRetry {
    /// Returns the retries.
    fn into_retry(self) -> Retry;
}

#[diagnostic::do_not_recommend]
impl IntoRetry for Retry {
    fn into_retry(self) -> Retry {
        self
    }
}

#[diagnostic::do_not_recommend]
impl IntoRetry for u32 {
    fn into_retry(self) -> Retry {
        Retry::times(self)
    }
}

impl Retry {
    /// Retries up to `limit` times.
    pub fn times(limit: u32) -> Self {
        Self { model: kfp_model::Retry::times(limit), notes: Vec::new() }
    }

    /// Delays each retry. The first delay is `first`, such as `"30s"`; each next one is `factor` times as long.
    #[track_caller]
    pub fn backoff(mut self, first: &str, factor: f64) -> Self {
        match duration(first) {
            Ok(duration) => self.model.backoff = Some(Backoff { duration, factor: Some(factor), cap: None }),
            Err(mistake) => self.notes.push(Note::mistake("retry/backoff", mistake)),
        }
        if !factor.is_finite() {
            let message = format!("invalid backoff factor `{factor}`: expected a number of at least 1");
            self.notes.push(Note::mistake("retry/backoff", Mistake::new(message).code(RETRY)));
        }
        self
    }

    /// Limits the delays, such as to `"10m"`. Call it after [`backoff`](Self::backoff).
    #[track_caller]
    pub fn cap(mut self, limit: &str) -> Self {
        match (duration(limit), &mut self.model.backoff) {
            (Ok(cap), Some(backoff)) => backoff.cap = Some(cap),
            (Ok(_), None) if self.notes.is_empty() => {
                let mistake = Mistake::new("`cap` requires a backoff").code(RETRY);
                let mistake = mistake.help("call `.backoff(..)` before `.cap(..)`");
                self.notes.push(Note::mistake("retry/backoff/cap", mistake));
            }
            (Ok(_), None) => {}
            (Err(mistake), _) => self.notes.push(Note::mistake("retry/backoff/cap", mistake)),
        }
        self
    }

    /// Sets the tier for failures of a class, such as [`Oom`](FailureClass::Oom).
    ///
    /// Data errors and permanent errors are not retried unless they have a tier.
    #[track_caller]
    pub fn on(mut self, class: FailureClass, tier: impl Into<Tier>) -> Self {
        let tier = tier.into();
        self.notes.extend(tier.notes);
        if self.model.tiers.insert(class, tier.model).is_some() {
            let mistake = Mistake::new(format!("duplicate retry tier for failures of class `{class}`"))
                .code(TIER)
                .help("combine both tiers in one `.on(..)`");
            self.notes.push(Note::mistake("retry/tiers", mistake));
        }
        self
    }
}
