//! Whether and when a failed step is retried.

use std::time::Duration;

use kfp_model::{Backoff, Retry};

use crate::Failure;

/// Returns the delay before the next attempt, if there is one after this number of attempts.
pub(super) fn delay(retry: Option<&Retry>, failure: &Failure, attempts: u32) -> Option<Duration> {
    let retry = retry?;
    if attempts > retry.limit_for(failure.class) {
        return None;
    }
    Some(retry.backoff.as_ref().map_or(Duration::ZERO, |backoff| backoff_delay(backoff, attempts)))
}

fn backoff_delay(backoff: &Backoff, attempts: u32) -> Duration {
    /// Longer than any run, and within the range of every clock.
    const MAX_SECONDS: f64 = 10.0 * 365.0 * 86_400.0;
    let factor = backoff.factor.unwrap_or(1.0).max(1.0);
    let exponent = i32::try_from(attempts.saturating_sub(1)).unwrap_or(i32::MAX);
    let first = Duration::from_secs(backoff.duration.seconds()).as_secs_f64();
    let cap = backoff.cap.map_or(MAX_SECONDS, |cap| Duration::from_secs(cap.seconds()).as_secs_f64());
    Duration::from_secs_f64((first * factor.powi(exponent)).min(cap).min(MAX_SECONDS))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::{FailureClass, State};

    #[test]
    fn delays_grow_up_to_their_cap_and_some_failures_are_final() {
        let growing = json!({"limit": 3, "backoff": {"duration": "2s", "factor": 3.0, "cap": "10s"}});
        let endless = json!({"limit": 30, "backoff": {"duration": "2s", "factor": 10.0}});
        let tiers =
            json!({"limit": 3, "tiers": {"oom": {"limit": 1, "memory": {"factor": 2.0}}, "permanent": {}}});
        for (retry, class, attempts, expect) in [
            (Value::Null, FailureClass::Transient, 1, None),
            (json!({"limit": 2}), FailureClass::Unknown, 1, Some(0)),
            (json!({"limit": 2}), FailureClass::Transient, 2, Some(0)),
            (json!({"limit": 2}), FailureClass::Transient, 3, None),
            (json!({"limit": 2}), FailureClass::Data, 1, None),
            (json!({"limit": 2}), FailureClass::Permanent, 1, None),
            (tiers.clone(), FailureClass::Permanent, 1, Some(0)),
            (tiers.clone(), FailureClass::Oom, 1, Some(0)),
            (tiers.clone(), FailureClass::Oom, 2, None),
            (tiers.clone(), FailureClass::Transient, 3, Some(0)),
            (tiers, FailureClass::Data, 1, None),
            (growing.clone(), FailureClass::Unknown, 1, Some(2)),
            (growing.clone(), FailureClass::Unknown, 2, Some(6)),
            (growing, FailureClass::Unknown, 3, Some(10)),
            (endless.clone(), FailureClass::Unknown, 8, Some(20_000_000)),
            (endless, FailureClass::Unknown, 10, Some(10 * 365 * 86_400)),
        ] {
            let retry: Option<Retry> = serde_json::from_value(retry).unwrap();
            let failure = Failure { state: State::Failed, class, message: String::new(), exit_code: None };
            let expect = expect.map(Duration::from_secs);
            assert_eq!(delay(retry.as_ref(), &failure, attempts), expect, "{class} after {attempts}");
        }
    }
}
