//! Retries try at least once more, and pauses do not shrink.

use kfp_diag::{Diagnostic, codes};
use kfp_model::{Place, Policy};

pub(super) fn check(policy: &Policy, place: &Place, found: &mut Vec<Diagnostic>) {
    let Some(retry) = &policy.retry else { return };
    let place = place.key("retry");
    let mut report = |place: &Place, message: String, label: &str| {
        found.push(Diagnostic::error(codes::RETRY, place, message).label(label));
    };
    if retry.limit == 0 {
        report(&place.key("limit"), "a retry with a limit of 0 never tries again".to_owned(), "at least 1");
    }
    let Some(backoff) = &retry.backoff else { return };
    let place = place.key("backoff");
    if let Some(factor) = backoff.factor
        && (!factor.is_finite() || factor < 1.0)
    {
        report(
            &place.key("factor"),
            format!("the pauses of a backoff shrink by a factor of {factor}"),
            "at least 1",
        );
    }
    if let Some(cap) = backoff.cap
        && cap < backoff.duration
        && cap.seconds() > 0
    {
        let message = format!("the longest pause is {cap}, the first one {}", backoff.duration);
        report(&place.key("cap"), message, "at least as long as the first one");
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::check::testing::{check_with, load};

    #[test]
    fn retries_make_sense() {
        let backoff = json!({"duration": "30s", "factor": 0.5, "cap": "10s"});
        check_with(
            &[
                ("tasks", json!([load()])),
                ("tasks/0/policy", json!({"retry": {"limit": 0, "backoff": backoff}})),
            ],
            &[
                "KFP0703 tasks/0/policy/retry/backoff/cap: the longest pause is 10s, the first one 30s",
                "KFP0703 tasks/0/policy/retry/backoff/factor: the pauses of a backoff shrink by a factor of 0.5",
                "KFP0703 tasks/0/policy/retry/limit: a retry with a limit of 0 never tries again",
            ],
        );
    }
}
