//! Retries become a retry strategy of the leaf, and what their tiers change of the machine settings of its pod.
//!
//! Argo knows how often it tried and how the last attempt ended, and no more: hence tiers count attempts.

use kfp_model::{Class, Policy, Retry};

use crate::growth;
use kfp_argo::{
    Affinity, Backoff, NodeAffinity, NodePreference, NodeSelectorRequirement, PreferredNodes, RetryStrategy,
};

/// Data errors (10) and permanent ones (11) are final; everything else is tried again.
///
/// The exit code is text in Argo's language, so it is made a number first.
const EXPRESSION: &str = "lastRetry.status == 'Error' || !(asInt(lastRetry.exitCode) in [10, 11])";

/// The classes that are told by what happened around the step, and how Argo's messages and exit codes tell them.
/// A step cannot write such a message, as Argo puts its own words before those of a step.
const MACHINE: [(Class, &str); 3] = [
    (
        Class::Timeout,
        "lastRetry.message matches '^Pod was active on the node longer than the specified deadline'",
    ),
    (
        Class::SpotReclaimed,
        "lastRetry.message matches '^pod deleted|^Pod was terminated in response to imminent node shutdown' \
         || asInt(lastRetry.exitCode) == 143",
    ),
    (Class::Oom, "asInt(lastRetry.exitCode) == 137"),
];

/// How clouds and Karpenter label the machines that may be taken away.
const SPOT_LABELS: [(&str, &str); 4] = [
    ("karpenter.sh/capacity-type", "spot"),
    ("cloud.google.com/gke-spot", "true"),
    ("eks.amazonaws.com/capacityType", "SPOT"),
    ("kubernetes.azure.com/scalesetpriority", "spot"),
];

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
        expression: expression(retry),
    }
}

/// More memory for each attempt, where it grows.
///
/// What is pasted into the patch was checked to be quantities. Braces that close stand apart, as two of them
/// would end a tag.
pub(super) fn pod_spec_patch(policy: &Policy) -> Option<String> {
    let (retry, memory) = (policy.retry.as_ref()?, policy.resources.memory.as_ref()?);
    let sizes = growth::sizes(memory, retry.memory_growth()?, retry.limit_for(Class::Oom));
    let (last, earlier) = sizes.split_last()?;
    let attempts = earlier.iter().enumerate().rev();
    let size = attempts.fold(format!("'{last}'"), |rest, (idx, size)| {
        let rest = if rest.starts_with('\'') { rest } else { format!("({rest})") };
        format!("asInt(retries) == {idx} ? '{size}' : {rest}")
    });
    let memory = format!(r#"{{"memory":"{{{{={size}}}}}"}}"#);
    Some(format!(
        r#"{{"containers":[{{"name":"main","resources":{{"requests":{memory},"limits":{memory} }} }}] }}"#
    ))
}

/// Machines that may be taken away are preferred by the first attempt and avoided by the others, where the retry
/// leaves them.
pub(super) fn affinity(retry: &Retry) -> Option<Affinity> {
    let preferred = |(key, value): (&str, &str)| PreferredNodes {
        weight: 100,
        preference: NodePreference {
            match_expressions: vec![NodeSelectorRequirement {
                key: key.to_owned(),
                operator: "{{=asInt(retries) == 0 ? 'In' : 'NotIn'}}".to_owned(),
                values: vec![value.to_owned()],
            }],
        },
    };
    retry.leaves_spot().then(|| Affinity {
        node_affinity: NodeAffinity { preferred: SPOT_LABELS.into_iter().map(preferred).collect() },
    })
}

/// Whether there is another attempt.
fn expression(retry: &Retry) -> String {
    let rest = retry.limit_for(Class::Unknown);
    let codes = by_exit_code(retry, rest);
    let machine = by_machine(retry, rest);
    if machine.is_empty() && rest == retry.limit && codes == [(vec![10, 11], 0)] {
        return EXPRESSION.to_owned();
    }
    let of_codes = |(codes, limit): (Vec<i32>, u32)| {
        (format!("lastRetry.status == 'Failed' && asInt(lastRetry.exitCode) in {codes:?}"), limit)
    };
    let of_machine = |(condition, limit): (&str, u32)| (condition.to_owned(), limit);
    let cases: Vec<(String, u32)> =
        machine.into_iter().map(of_machine).chain(codes.into_iter().map(of_codes)).collect();
    cases.into_iter().rev().fold(answer(rest, retry), |rest, (condition, limit)| {
        let rest = if rest.contains(" ? ") { format!("({rest})") } else { rest };
        match (answer(limit, retry).as_str(), rest.as_str()) {
            ("false", "true") => format!("!({condition})"),
            (answer, rest) => format!("({condition}) ? {answer} : {rest}"),
        }
    })
}

/// The exit codes whose failures are answered otherwise than the rest, those together that are answered alike.
fn by_exit_code(retry: &Retry, rest: u32) -> Vec<(Vec<i32>, u32)> {
    let mut cases: Vec<(Vec<i32>, u32)> = Vec::new();
    for class in [Class::Data, Class::Permanent, Class::Transient] {
        let (Some(code), limit) = (class.exit_code(), retry.limit_for(class)) else { continue };
        if limit == rest {
            continue;
        }
        match cases.iter_mut().find(|(_, other)| *other == limit) {
            Some((codes, _)) => codes.push(code),
            None => cases.push((vec![code], limit)),
        }
    }
    cases
}

/// The conditions of the classes around the step that are answered otherwise than the rest, and of those before
/// them that the same exit code could be taken for.
fn by_machine(retry: &Retry, rest: u32) -> Vec<(&'static str, u32)> {
    let mut cases: Vec<(&str, u32)> = Vec::new();
    for (class, condition) in MACHINE.into_iter().rev() {
        let limit = retry.limit_for(class);
        if limit != rest || cases.iter().any(|(_, other)| *other != limit) {
            cases.insert(0, (condition, limit));
        }
    }
    cases
}

/// Whether there is another attempt, if so many retries may be made after such a failure.
fn answer(limit: u32, retry: &Retry) -> String {
    match limit {
        0 => "false".to_owned(),
        limit if limit == retry.limit => "true".to_owned(),
        limit => format!("asInt(retries) < {limit}"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn retry(tiers: &Value) -> Retry {
        serde_json::from_value(json!({"limit": 3, "tiers": tiers})).unwrap()
    }

    #[test]
    fn only_what_differs_is_asked_for() {
        let [(_, timeout), (_, spot), (_, oom)] = MACHINE;
        let failed =
            |codes: &str| format!("(lastRetry.status == 'Failed' && asInt(lastRetry.exitCode) in {codes})");
        let (none, all) = (failed("[10, 11]"), failed("[10, 11, 75]"));
        let oom_twice =
            format!("({timeout}) ? true : (({spot}) ? true : (({oom}) ? asInt(retries) < 2 : !{none}))");
        for (tiers, expect) in [
            (json!({}), EXPRESSION.to_owned()),
            (
                json!({"oom": {"memory": {"factor": 2}}, "spot_reclaimed": {"on_demand": true}}),
                EXPRESSION.to_owned(),
            ),
            (json!({"oom": {"limit": 2}}), oom_twice),
            (json!({"timeout": {"limit": 1}}), format!("({timeout}) ? asInt(retries) < 1 : !{none}")),
            (json!({"data": {}, "permanent": {"limit": 3}}), "true".to_owned()),
            (
                json!({"unknown": {"limit": 1}, "data": {"limit": 2}, "transient": {"limit": 2}, "permanent": {"limit": 2},
                    "timeout": {"limit": 1}, "spot_reclaimed": {"limit": 1}, "oom": {"limit": 1}}),
                format!("{all} ? asInt(retries) < 2 : asInt(retries) < 1"),
            ),
        ] {
            assert_eq!(expression(&retry(&tiers)), expect, "{tiers}");
        }
    }

    #[test]
    fn memory_grows_by_the_number_of_the_attempt() {
        let retry = retry(&json!({"oom": {"limit": 2, "memory": {"factor": 2, "cap": "80Mi"}}}));
        let mut policy = Policy { retry: Some(retry), ..Policy::default() };
        assert_eq!(pod_spec_patch(&policy), None);
        policy.resources.memory = Some("32Mi".to_owned());
        let size = "{{=asInt(retries) == 0 ? '32Mi' : (asInt(retries) == 1 ? '64Mi' : '80Mi')}}";
        let memory = format!(r#"{{"memory":"{size}"}}"#);
        let patch = pod_spec_patch(&policy).unwrap();
        assert_eq!(
            patch,
            format!(
                r#"{{"containers":[{{"name":"main","resources":{{"requests":{memory},"limits":{memory} }} }}] }}"#
            )
        );
        assert!(serde_json::from_str::<Value>(&patch).is_ok(), "{patch}");
    }
}
