//! Retry limits are at least 1, and backoff delays do not shrink.

use kfp_diag::{Diagnostic, codes};
use kfp_model::{Place, Policy};

pub(super) fn check(policy: &Policy, place: &Place, found: &mut Vec<Diagnostic>) {
    let Some(retry) = &policy.retry else { return };
    let place = place.key("retry");
    let mut report = |place: &Place, message: String, label: String| {
        found.push(Diagnostic::error(codes::RETRY, place, message).label(label));
    };
    if retry.limit == 0 {
        report(&place.key("limit"), "the retry limit is 0".to_owned(), "expected at least 1".to_owned());
    }
    let Some(backoff) = &retry.backoff else { return };
    let place = place.key("backoff");
    if let Some(factor) = backoff.factor
        && (!factor.is_finite() || factor < 1.0)
    {
        report(
            &place.key("factor"),
            format!("the backoff factor `{factor}` is less than 1, so delays would shrink"),
            "expected at least 1".to_owned(),
        );
    }
    if let Some(cap) = backoff.cap
        && cap < backoff.duration
        && cap.seconds() > 0
    {
        let message =
            format!("the maximum delay `{cap}` is less than the initial delay `{}`", backoff.duration);
        report(&place.key("cap"), message, format!("expected at least `{}`", backoff.duration));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::check::testing::{check_with, load};

    #[test]
    fn retries_and_delays_are_valid() {
        let backoff = json!({"duration": "30s", "factor": 0.5, "cap": "10s"});
        check_with(
            &[
                ("tasks", json!([load()])),
                ("tasks/0/policy", json!({"retry": {"limit": 0, "backoff": backoff}})),
            ],
            &[
                "KFP0703 tasks/0/policy/retry/backoff/cap: the maximum delay `10s` is less than the initial delay `30s`",
                "KFP0703 tasks/0/policy/retry/backoff/factor: the backoff factor `0.5` is less than 1, so delays would \
               shrink",
                "KFP0703 tasks/0/policy/retry/limit: the retry limit is 0",
            ],
        );
    }
}
