//! The tiers of a retry are consistent with the retry and their failure classes.

use kfp_diag::{Diagnostic, codes};
use kfp_model::{FailureClass, Growth, Place, Policy, Retry, Tier};

use super::resources::memory_problem;

/// The smallest allowed growth factor. With a smaller one, memory would not grow noticeably for many attempts.
const SMALLEST_FACTOR: f64 = 1.1;

pub(super) fn check(policy: &Policy, place: &Place, found: &mut Vec<Diagnostic>) {
    let Some(retry) = &policy.retry else { return };
    let place = place.key("retry").key("tiers");
    for (class, tier) in &retry.tiers {
        let place = place.key(class.as_str());
        found.extend(limit_problem(retry, *class, tier, &place.key("limit")));
        if tier.on_demand && *class != FailureClass::SpotReclaimed {
            let message = format!("`on_demand` is set for failure class `{class}`");
            found.push(
                Diagnostic::error(codes::TIER, &place.key("on_demand"), message)
                    .label("allowed for class `spot_reclaimed` only"),
            );
        }
        if let Some(growth) = &tier.memory {
            growth_problems(*class, growth, &place.key("memory"), found);
        }
    }
}

fn limit_problem(retry: &Retry, class: FailureClass, tier: &Tier, place: &Place) -> Option<Diagnostic> {
    let limit = tier.limit?;
    if limit == 0 {
        let message = format!("the limit of the tier for class `{class}` is 0");
        return Some(Diagnostic::error(codes::TIER, place, message).label("expected at least 1"));
    }
    (limit > retry.limit && retry.limit > 0).then(|| {
        let message = format!(
            "the limit {limit} of the tier for class `{class}` is greater than the retry limit {}",
            retry.limit
        );
        Diagnostic::error(codes::TIER, place, message).label(format!("expected at most {}", retry.limit))
    })
}

fn growth_problems(class: FailureClass, growth: &Growth, place: &Place, found: &mut Vec<Diagnostic>) {
    if class != FailureClass::Oom {
        let message = format!("memory growth is set for failure class `{class}`");
        found.push(Diagnostic::error(codes::TIER, place, message).label("allowed for class `oom` only"));
    }
    if !growth.factor.is_finite() || growth.factor < SMALLEST_FACTOR {
        let message = format!("invalid memory growth factor `{}`", growth.factor);
        found.push(
            Diagnostic::error(codes::TIER, &place.key("factor"), message)
                .label(format!("expected at least {SMALLEST_FACTOR}")),
        );
    }
    found.extend(growth.cap.as_deref().and_then(|cap| memory_problem(cap, &place.key("cap"))));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::check::testing::{check_with, load};

    #[test]
    fn tiers_are_consistent() {
        let tiers = json!({
            "oom": {"limit": 0, "memory": {"factor": 1.0, "cap": "8GB"}, "on_demand": true},
            "data": {"limit": 1},
            "permanent": {},
            "timeout": {"limit": 4, "memory": {"factor": 2.0}},
            "spot_reclaimed": {"on_demand": true},
        });
        let policy = json!({"resources": {"memory": "1Gi"}, "retry": {"limit": 3, "tiers": tiers}});
        check_with(
            &[("tasks", json!([load()])), ("tasks/0/policy", policy)],
            &[
                "KFP0709 tasks/0/policy/retry/tiers/oom/limit: the limit of the tier for class `oom` is 0",
                "KFP0701 tasks/0/policy/retry/tiers/oom/memory/cap: invalid memory quantity `8GB`",
                "KFP0709 tasks/0/policy/retry/tiers/oom/memory/factor: invalid memory growth factor `1`",
                "KFP0709 tasks/0/policy/retry/tiers/oom/on_demand: `on_demand` is set for failure class `oom`",
                "KFP0709 tasks/0/policy/retry/tiers/timeout/limit: the limit 4 of the tier for class `timeout` is \
                 greater than the retry limit 3",
                "KFP0709 tasks/0/policy/retry/tiers/timeout/memory: memory growth is set for failure class \
                 `timeout`",
            ],
        );
    }
}
