//! Retries become a retry strategy of the leaf.

use kfp_model::Retry;

use crate::argo::{Backoff, RetryStrategy};

/// Data errors (10) and permanent ones (11) are final; everything else is tried again.
///
/// The exit code is text in Argo's language, so it is made a number first.
const EXPRESSION: &str = "lastRetry.status == 'Error' || !(asInt(lastRetry.exitCode) in [10, 11])";

/// The retry strategy of a leaf.
pub(super) fn strategy(retry: &Retry) -> RetryStrategy {
    RetryStrategy {
        limit: retry.limit.to_string(),
        retry_policy: "Always",
        backoff: retry.backoff.as_ref().map(|backoff| Backoff {
            duration: backoff.duration.to_string(),
            factor: backoff.factor.map(|factor| factor.to_string()),
            cap: backoff.cap.map(|cap| cap.to_string()),
        }),
        expression: EXPRESSION.to_owned(),
    }
}
