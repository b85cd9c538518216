//! Retries.

use kfp_model::{Backoff, FailureClass};

use super::duration::duration;
use super::tier::Tier;

/// How often and when a failed step is tried again.
///
/// ```
/// use kfp_sdk::Retry;
/// let patient = Retry::times(3).backoff("30s", 2.0).cap("10m");
/// ```
///
/// Failures of some classes may be answered otherwise:
///
/// ```
/// use kfp_sdk::prelude::*;
/// let careful = Retry::times(3).backoff("30s", 2.0).on(Oom, Grow::memory(2.0)).on(SpotReclaimed, OnDemand);
/// ```
#[derive(Debug, Clone)]
#[must_use = "give it to `.retry(..)`"]
pub struct Retry {
    pub(super) model: kfp_model::Retry,
    pub(super) problems: Vec<String>,
}

impl Retry {
    /// So many tries after the first one.
    pub fn times(limit: u32) -> Self {
        Self { model: kfp_model::Retry::times(limit), problems: Vec::new() }
    }

    /// A pause before each try: `first`, as `"30s"`, then `factor` times as long each time.
    pub fn backoff(mut self, first: &str, factor: f64) -> Self {
        match duration(first) {
            Ok(duration) => self.model.backoff = Some(Backoff { duration, factor: Some(factor), cap: None }),
            Err(problem) => self.problems.push(problem),
        }
        if !factor.is_finite() {
            self.problems.push(format!("`{factor}` is no factor of a backoff: at least 1 is allowed"));
        }
        self
    }

    /// The longest pause, as `"10m"`, after `.backoff(..)`.
    pub fn cap(mut self, longest: &str) -> Self {
        match (duration(longest), &mut self.model.backoff) {
            (Ok(cap), Some(backoff)) => backoff.cap = Some(cap),
            (Ok(_), None) if self.problems.is_empty() => {
                self.problems.push("a cap is for a backoff: put `.backoff(..)` before `.cap(..)`".to_owned());
            }
            (Ok(_), None) => {}
            (Err(problem), _) => self.problems.push(problem),
        }
        self
    }

    /// What is different for failures of a class: [`Oom`](FailureClass::Oom), [`SpotReclaimed`](FailureClass::SpotReclaimed),
    /// [`Timeout`](FailureClass::Timeout) or one of [`FailureClass`](crate::FailureClass).
    ///
    /// Data errors and permanent ones are tried again only where a tier says so.
    pub fn on(mut self, class: impl Into<FailureClass>, tier: impl Into<Tier>) -> Self {
        let (class, tier) = (class.into(), tier.into());
        self.problems.extend(tier.problems);
        if self.model.tiers.insert(class, tier.model).is_some() {
            self.problems.push(format!("the retry has two tiers for failures of class `{class}`"));
        }
        self
    }
}
