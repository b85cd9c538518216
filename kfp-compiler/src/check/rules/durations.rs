//! Durations are at least one second.

use kfp_diag::{Diagnostic, codes};
use kfp_model::{Cache, Duration, Place, Policy, Settings};

pub(super) fn check(policy: &Policy, place: &Place, found: &mut Vec<Diagnostic>) {
    found.extend(zero(policy.timeout, "the timeout", &place.key("timeout")));
    found.extend(cache(policy.cache.as_ref(), &place.key("cache")));
    if let Some(backoff) = policy.retry.as_ref().and_then(|retry| retry.backoff.as_ref()) {
        let place = place.key("retry").key("backoff");
        found.extend(zero(Some(backoff.duration), "the initial delay", &place.key("duration")));
        found.extend(zero(backoff.cap, "the maximum delay", &place.key("cap")));
    }
}

/// Checks the durations in the settings of a pipeline.
pub(super) fn check_settings(settings: &Settings, place: &Place, found: &mut Vec<Diagnostic>) {
    found.extend(zero(settings.timeout, "the timeout", &place.key("timeout")));
    found.extend(cache(settings.cache.as_ref(), &place.key("cache")));
}

fn cache(cache: Option<&Cache>, place: &Place) -> Option<Diagnostic> {
    let Some(Cache::For { max_age, .. }) = cache else { return None };
    let diagnostic =
        zero(Some(*max_age), "the maximum age of cached results", &place.key("for").key("max_age"))?;
    Some(diagnostic.help("disable the cache with `off` to reuse no results"))
}

fn zero(duration: Option<Duration>, what: &str, place: &Place) -> Option<Diagnostic> {
    let message = format!("{what} is 0 seconds");
    (duration?.seconds() == 0)
        .then(|| Diagnostic::error(codes::DURATION, place, message).label("expected at least `1s`"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::check::testing::{check_with, load};

    #[test]
    fn durations_are_positive() {
        let retry = json!({"limit": 1, "backoff": {"duration": "0s", "cap": "1m"}});
        check_with(
            &[
                ("tasks", json!([load()])),
                ("tasks/0/policy", json!({"timeout": "0m", "retry": retry})),
                ("/components/load/policy", json!({"cache": {"for": {"max_age": "0s"}}})),
                ("/pipelines/0/settings", json!({"timeout": "0s"})),
            ],
            &[
                "KFP0702 /components/load/policy/cache/for/max_age: the maximum age of cached results is 0 seconds",
                "KFP0702 tasks/0/policy/retry/backoff/duration: the initial delay is 0 seconds",
                "KFP0702 tasks/0/policy/timeout: the timeout is 0 seconds",
                "KFP0702 /pipelines/0/settings/timeout: the timeout is 0 seconds",
            ],
        );
    }
}
