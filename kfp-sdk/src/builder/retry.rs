//! Retries.

use kfp_model::{Backoff, FailureClass};

use super::duration::duration;
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
    pub(super) problems: Vec<String>,
}

impl Retry {
    /// Retries up to `limit` times.
    pub fn times(limit: u32) -> Self {
        Self { model: kfp_model::Retry::times(limit), problems: Vec::new() }
    }

    /// Delays each retry. The first delay is `first`, such as `"30s"`; each next one is `factor` times as long.
    pub fn backoff(mut self, first: &str, factor: f64) -> Self {
        match duration(first) {
            Ok(duration) => self.model.backoff = Some(Backoff { duration, factor: Some(factor), cap: None }),
            Err(problem) => self.problems.push(problem),
        }
        if !factor.is_finite() {
            self.problems.push(format!("invalid backoff factor `{factor}`: expected a number of at least 1"));
        }
        self
    }

    /// Limits the delays, such as to `"10m"`. Call it after [`backoff`](Self::backoff).
    pub fn cap(mut self, limit: &str) -> Self {
        match (duration(limit), &mut self.model.backoff) {
            (Ok(cap), Some(backoff)) => backoff.cap = Some(cap),
            (Ok(_), None) if self.problems.is_empty() => {
                let problem = "`cap` requires a backoff: call `.backoff(..)` before `.cap(..)`";
                self.problems.push(problem.to_owned());
            }
            (Ok(_), None) => {}
            (Err(problem), _) => self.problems.push(problem),
        }
        self
    }

    /// Sets the tier for failures of a class: [`Oom`](FailureClass::Oom),
    /// [`SpotReclaimed`](FailureClass::SpotReclaimed), [`Timeout`](FailureClass::Timeout) or a
    /// [`FailureClass`](crate::FailureClass) of the SDK.
    ///
    /// Data errors and permanent errors are not retried unless they have a tier.
    pub fn on(mut self, class: impl Into<FailureClass>, tier: impl Into<Tier>) -> Self {
        let (class, tier) = (class.into(), tier.into());
        self.problems.extend(tier.problems);
        if self.model.tiers.insert(class, tier.model).is_some() {
            self.problems.push(format!("duplicate retry tier for failures of class `{class}`"));
        }
        self
    }
}
