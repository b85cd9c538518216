//! The tiers of a retry fit the retry and their classes.

use kfp_diag::{Diagnostic, codes};
use kfp_model::{FailureClass, Growth, Place, Policy, Retry, Tier};

use super::resources::memory_problem;

/// What memory is multiplied with at least: with less it would not be more for many tries.
const SMALLEST_FACTOR: f64 = 1.1;

pub(super) fn check(policy: &Policy, place: &Place, found: &mut Vec<Diagnostic>) {
    let Some(retry) = &policy.retry else { return };
    let place = place.key("retry").key("tiers");
    for (class, tier) in &retry.tiers {
        let place = place.key(class.as_str());
        found.extend(limit_problem(retry, *class, tier, &place.key("limit")));
        if tier.on_demand && *class != FailureClass::SpotReclaimed {
            let message = format!("machines are changed after failures of class `{class}`");
            found.push(
                Diagnostic::error(codes::TIER, &place.key("on_demand"), message)
                    .label("for class `spot_reclaimed` only"),
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
        let message = format!("the tier for class `{class}` has a limit of 0");
        return Some(Diagnostic::error(codes::TIER, place, message).label("at least 1"));
    }
    (limit > retry.limit && retry.limit > 0).then(|| {
        let message =
            format!("the tier for class `{class}` has a limit of {limit}, its retry one of {}", retry.limit);
        Diagnostic::error(codes::TIER, place, message).label(format!("at most {}", retry.limit))
    })
}

fn growth_problems(class: FailureClass, growth: &Growth, place: &Place, found: &mut Vec<Diagnostic>) {
    if class != FailureClass::Oom {
        let message = format!("memory grows after failures of class `{class}`");
        found.push(Diagnostic::error(codes::TIER, place, message).label("for class `oom` only"));
    }
    if !growth.factor.is_finite() || growth.factor < SMALLEST_FACTOR {
        let message = format!("memory grows by a factor of {}", growth.factor);
        found.push(
            Diagnostic::error(codes::TIER, &place.key("factor"), message)
                .label(format!("at least {SMALLEST_FACTOR}")),
        );
    }
    found.extend(growth.cap.as_deref().and_then(|cap| memory_problem(cap, &place.key("cap"))));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::check::testing::{check_with, load};

    #[test]
    fn tiers_fit_their_retry_and_class() {
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
                "KFP0709 tasks/0/policy/retry/tiers/oom/limit: the tier for class `oom` has a limit of 0",
                "KFP0701 tasks/0/policy/retry/tiers/oom/memory/cap: `8GB` is no amount of memory",
                "KFP0709 tasks/0/policy/retry/tiers/oom/memory/factor: memory grows by a factor of 1",
                "KFP0709 tasks/0/policy/retry/tiers/oom/on_demand: machines are changed after failures of class \
                 `oom`",
                "KFP0709 tasks/0/policy/retry/tiers/timeout/limit: the tier for class `timeout` has a limit of 4, \
                 its retry one of 3",
                "KFP0709 tasks/0/policy/retry/tiers/timeout/memory: memory grows after failures of class \
                 `timeout`",
            ],
        );
    }
}
