//! Memory that grows with each retry starts from a request and stays within what machines have.

use kfp_argo::kubernetes::bytes;
use kfp_diag::{Diagnostic, codes};
use kfp_model::{Call, Callee, FailureClass, Growth, Place, Policy, Task, TaskKind};

use super::phrases::named;
use crate::check::ctx::Ctx;
use crate::growth::sizes;

/// More memory than any machine has: one exbibyte.
const TOO_MUCH: f64 = 1_152_921_504_606_846_976.0;

pub(super) fn check(ctx: &Ctx<'_>, found: &mut Vec<Diagnostic>) {
    for entry in ctx.scopes.entries.values() {
        let own = tier_place(&entry.task.policy, &entry.place);
        if let TaskKind::Call(Call { callee: Callee::Component(id), .. }) = &entry.task.kind {
            let Some(component) = ctx.document.components.get(id) else { continue };
            let inherited = || tier_place(&component.policy, &Place::root().key("components").key(&id.0));
            let place = if entry.task.policy.retry.is_some() { own } else { inherited() };
            let policy = entry.task.policy.or(&component.policy);
            found.extend(place.and_then(|place| step_problem(entry.task, &policy, &entry.place, &place)));
        } else if let Some(place) = own {
            let message = format!("memory growth is not allowed for {}", named(entry.task));
            found.push(
                Diagnostic::error(codes::TIER, &place, message)
                    .label("allowed for steps only")
                    .help("set the retry on the steps in it"),
            );
        }
    }
}

/// Returns the place of the memory growth in the policy of a task or component.
fn tier_place(policy: &Policy, place: &Place) -> Option<Place> {
    policy.retry.as_ref()?.memory_growth()?;
    Some(place.key("policy").key("retry").key("tiers").key(FailureClass::Oom.as_str()).key("memory"))
}

fn step_problem(task: &Task, policy: &Policy, task_place: &Place, tier: &Place) -> Option<Diagnostic> {
    let retry = policy.retry.as_ref()?;
    let growth = retry.memory_growth()?;
    let name = named(task);
    let report = |message: String, label: String| {
        let place = if tier.as_str().starts_with(task_place.as_str()) { tier } else { task_place };
        let diagnostic = Diagnostic::error(codes::TIER, place, message).label(label);
        if place == tier { diagnostic } else { diagnostic.also(tier, "the growth is set here") }
    };
    let Some(memory) = &policy.resources.memory else {
        return Some(
            report(
                format!("the memory of {name} grows, but no memory is requested"),
                "requires a memory request".to_owned(),
            )
            .help("set the memory of the first attempt, for example `.memory(\"4Gi\")`"),
        );
    };
    let first = bytes(memory)?;
    if let Some(cap) = &growth.cap
        && bytes(cap)? < first
    {
        let message = format!("the memory of {name} grows up to `{cap}`, but starts at `{memory}`");
        return Some(report(message, format!("expected at least `{memory}`")));
    }
    let last = largest(memory, growth, retry.limit_for(FailureClass::Oom));
    (last >= TOO_MUCH).then(|| {
        let message = format!("the memory of {name} grows beyond 1Ei");
        report(message, "too large".to_owned()).help("set a limit, for example `.up_to(\"64Gi\")`")
    })
}

/// Returns the memory of the last attempt. Another rule rejects invalid factors.
fn largest(memory: &str, growth: &Growth, retries: u32) -> f64 {
    /// Enough retries to exceed `TOO_MUCH` with the smallest factor.
    const RETRIES: u32 = 500;
    sizes(memory, growth, retries.min(RETRIES)).last().and_then(|size| bytes(size)).unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::check::testing::{check_with, load};

    #[track_caller]
    fn check(memory: Option<&str>, growth: Value, limit: u32, expect: &[&str]) {
        let resources = memory.map_or_else(|| json!({}), |memory| json!({"memory": memory}));
        let policy =
            json!({"resources": resources, "retry": {"limit": limit, "tiers": {"oom": {"memory": growth}}}});
        check_with(&[("tasks", json!([load()])), ("tasks/0/policy", policy)], expect);
    }

    #[test]
    fn memory_grows_from_the_request() {
        check(Some("2Gi"), json!({"factor": 2.0, "cap": "8Gi"}), 3, &[]);
        check(
            None,
            json!({"factor": 2.0}),
            3,
            &[
                "KFP0709 tasks/0/policy/retry/tiers/oom/memory: the memory of task `load` grows, but no memory is requested",
            ],
        );
        check(
            Some("2Gi"),
            json!({"factor": 2.0, "cap": "2G"}),
            3,
            &[
                "KFP0709 tasks/0/policy/retry/tiers/oom/memory: the memory of task `load` grows up to `2G`, but \
               starts at `2Gi`",
            ],
        );
        check(
            Some("2Gi"),
            json!({"factor": 2.0}),
            99,
            &["KFP0709 tasks/0/policy/retry/tiers/oom/memory: the memory of task `load` grows beyond 1Ei"],
        );
    }

    #[test]
    fn the_growth_of_a_component_starts_from_the_memory_of_the_task() {
        let retry = json!({"retry": {"limit": 2, "tiers": {"oom": {"memory": {"factor": 2.0}}}}});
        let component = ("/components/load/policy", retry.clone());
        check_with(
            &[("tasks", json!([load()])), component.clone()],
            &["KFP0709 tasks/0: the memory of task `load` grows, but no memory is requested"],
        );
        let memory = json!({"resources": {"memory": "1Gi"}});
        check_with(&[("tasks", json!([load()])), component, ("tasks/0/policy", memory)], &[]);
    }
}
