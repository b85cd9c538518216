//! Prints retries as a retry strategy of the step, and tiers as settings of its pod.
//!
//! Tiers count attempts, because Argo only knows the number of attempts and the result of the last one.

use kfp_argo::expression::Expression;
use kfp_argo::text::Text;
use kfp_argo::{
    Affinity, Backoff, NodeAffinity, NodePreference, NodeSelectorRequirement, PreferredNodes, RetryStrategy,
};
use kfp_model::{FailureClass, Policy, Retry};

use crate::growth;
use crate::lower::plan::splice::Splice;

/// Returns the default retry condition: data errors (10) and permanent errors (11) are final; everything else is
/// retried.
fn default_condition() -> Expression {
    let last = || Expression::name("lastRetry");
    let is_final = exit_code().is_in(Expression::list([10.into(), 11.into()]));
    last().field("status").equal("Error".into()).or(is_final.not())
}

/// Returns the exit code of the last attempt, which is a string in Argo's language.
fn exit_code() -> Expression {
    Expression::call("asInt", [Expression::path("lastRetry", ["exitCode"])])
}

/// Returns the failure classes with an external cause, with conditions on Argo's message or the exit code. A step
/// cannot forge these messages, because Argo adds a prefix to the messages of steps.
fn external_causes() -> [(FailureClass, Expression); 3] {
    let message = || Expression::path("lastRetry", ["message"]);
    [
        (
            FailureClass::Timeout,
            message().matches("^Pod was active on the node longer than the specified deadline"),
        ),
        (
            FailureClass::SpotReclaimed,
            message()
                .matches("^pod deleted|^Pod was terminated in response to imminent node shutdown")
                .or(exit_code().equal(143.into())),
        ),
        (FailureClass::Oom, exit_code().equal(137.into())),
    ]
}

/// The labels of spot machines of cloud providers and Karpenter.
const SPOT_LABELS: [(&str, &str); 4] = [
    ("karpenter.sh/capacity-type", "spot"),
    ("cloud.google.com/gke-spot", "true"),
    ("eks.amazonaws.com/capacityType", "SPOT"),
    ("kubernetes.azure.com/scalesetpriority", "spot"),
];

/// Returns the retry strategy of a step.
pub(in crate::lower) fn strategy(retry: &Retry) -> RetryStrategy {
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

/// Returns the pod patch that increases the memory for each attempt.
///
/// The inserted values are checked to be quantities.
pub(in crate::lower) fn pod_spec_patch(policy: &Policy) -> Option<Text> {
    let (retry, memory) = (policy.retry.as_ref()?, policy.resources.memory.as_ref()?);
    let sizes = growth::sizes(memory, retry.memory_growth()?, retry.limit_for(FailureClass::Oom));
    let (last, earlier) = sizes.split_last()?;
    let size = earlier.iter().enumerate().rev().fold(Expression::text(last), |rest, (idx, size)| {
        retries().equal(i64::try_from(idx).unwrap_or(i64::MAX).into()).then_else(Expression::text(size), rest)
    });
    let memory = || Splice::object([("memory", Splice::String(size.clone().into()))]);
    let resources = Splice::object([("requests", memory()), ("limits", memory())]);
    let container = Splice::object([("name", Splice::constant("main")), ("resources", resources)]);
    Some(Splice::object([("containers", Splice::List(vec![container]))]).write())
}

/// Returns the number of previous attempts.
fn retries() -> Expression {
    Expression::call("asInt", [Expression::name("retries")])
}

/// Returns the affinity with which the first attempt prefers spot machines and retries avoid them.
pub(in crate::lower) fn affinity(retry: &Retry) -> Option<Affinity> {
    let preferred = |(key, value): (&str, &str)| PreferredNodes {
        weight: 100,
        preference: NodePreference {
            match_expressions: vec![NodeSelectorRequirement {
                key: key.to_owned(),
                operator: retries().equal(0.into()).then_else("In".into(), "NotIn".into()).into(),
                values: vec![value.to_owned()],
            }],
        },
    };
    retry.retries_on_demand().then(|| Affinity {
        node_affinity: NodeAffinity { preferred: SPOT_LABELS.into_iter().map(preferred).collect() },
    })
}

/// Returns the condition for another attempt.
fn expression(retry: &Retry) -> Expression {
    let rest = retry.limit_for(FailureClass::Unknown);
    let codes = by_exit_code(retry, rest);
    let external = by_external_cause(retry, rest);
    if external.is_empty() && rest == retry.limit && codes == [(vec![10, 11], 0)] {
        return default_condition();
    }
    let of_codes = |(codes, limit): (Vec<i32>, u32)| {
        let codes = Expression::list(codes.into_iter().map(|code| i64::from(code).into()));
        let failed = Expression::path("lastRetry", ["status"]).equal("Failed".into());
        (failed.and(exit_code().is_in(codes)), Answer::of(limit, retry))
    };
    let of_external = |(condition, limit): (Expression, u32)| (condition, Answer::of(limit, retry));
    let cases: Vec<(Expression, Answer)> =
        external.into_iter().map(of_external).chain(codes.into_iter().map(of_codes)).collect();
    let mut rest = Case::Answer(Answer::of(rest, retry));
    for (condition, answer) in cases.into_iter().rev() {
        rest = Case::Computed(match (answer, rest) {
            (Answer::No, Case::Answer(Answer::Yes)) => condition.not(),
            (answer, rest) => condition.then_else(answer.expression(), rest.expression()),
        });
    }
    rest.expression()
}

/// Whether there is another attempt after a failure of a class.
#[derive(Clone, Copy)]
enum Answer {
    No,
    Yes,
    /// Only if there were fewer retries.
    Below(u32),
}

/// The answer for all remaining failures.
enum Case {
    Answer(Answer),
    Computed(Expression),
}

impl Answer {
    /// Returns the answer for a limit of retries.
    fn of(limit: u32, retry: &Retry) -> Self {
        match limit {
            0 => Self::No,
            limit if limit == retry.limit => Self::Yes,
            limit => Self::Below(limit),
        }
    }

    fn expression(self) -> Expression {
        match self {
            Self::No => Expression::boolean(false),
            Self::Yes => Expression::boolean(true),
            Self::Below(limit) => retries().less(i64::from(limit).into()),
        }
    }
}

impl Case {
    fn expression(self) -> Expression {
        match self {
            Self::Answer(answer) => answer.expression(),
            Self::Computed(expression) => expression,
        }
    }
}

/// Returns the exit codes whose limit differs from the rest, grouped by limit.
fn by_exit_code(retry: &Retry, rest: u32) -> Vec<(Vec<i32>, u32)> {
    let mut cases: Vec<(Vec<i32>, u32)> = Vec::new();
    for class in [FailureClass::Data, FailureClass::Permanent, FailureClass::Transient] {
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

/// Returns the conditions of the classes with an external cause whose limit differs from the rest, and of the classes
/// before them that may have the same exit code.
fn by_external_cause(retry: &Retry, rest: u32) -> Vec<(Expression, u32)> {
    let mut cases: Vec<(Expression, u32)> = Vec::new();
    for (class, condition) in external_causes().into_iter().rev() {
        let limit = retry.limit_for(class);
        if limit != rest || cases.iter().any(|(_, other)| *other != limit) {
            cases.insert(0, (condition, limit));
        }
    }
    cases
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn retry(tiers: &Value) -> Retry {
        serde_json::from_value(json!({"limit": 3, "tiers": tiers})).unwrap()
    }

    #[test]
    fn only_differing_classes_are_tested() {
        let [(_, timeout), (_, spot), (_, oom)] = external_causes();
        let failed =
            |codes: &str| format!("lastRetry.status == 'Failed' && asInt(lastRetry.exitCode) in {codes}");
        let (none, all) = (failed("[10, 11]"), failed("[10, 11, 75]"));
        let plain = "lastRetry.status == 'Error' || !(asInt(lastRetry.exitCode) in [10, 11])";
        let oom_twice = format!("{timeout} ? true : {spot} ? true : {oom} ? asInt(retries) < 2 : !({none})");
        for (tiers, expect) in [
            (json!({}), plain.to_owned()),
            (
                json!({"oom": {"memory": {"factor": 2}}, "spot_reclaimed": {"on_demand": true}}),
                plain.to_owned(),
            ),
            (json!({"oom": {"limit": 2}}), oom_twice),
            (json!({"timeout": {"limit": 1}}), format!("{timeout} ? asInt(retries) < 1 : !({none})")),
            (json!({"data": {}, "permanent": {"limit": 3}}), "true".to_owned()),
            (
                json!({"unknown": {"limit": 1}, "data": {"limit": 2}, "transient": {"limit": 2}, "permanent": {"limit": 2},
                    "timeout": {"limit": 1}, "spot_reclaimed": {"limit": 1}, "oom": {"limit": 1}}),
                format!("{all} ? asInt(retries) < 2 : asInt(retries) < 1"),
            ),
        ] {
            assert_eq!(expression(&retry(&tiers)).to_string(), expect, "{tiers}");
        }
    }

    #[test]
    fn memory_depends_on_the_number_of_the_attempt() {
        let retry = retry(&json!({"oom": {"limit": 2, "memory": {"factor": 2, "cap": "80Mi"}}}));
        let mut policy = Policy { retry: Some(retry), ..Policy::default() };
        assert_eq!(pod_spec_patch(&policy), None);
        policy.resources.memory = Some("32Mi".to_owned());
        let size = "{{=asInt(retries) == 0 ? '32Mi' : asInt(retries) == 1 ? '64Mi' : '80Mi'}}";
        let memory = format!(r#"{{"memory":"{size}"}}"#);
        let patch = pod_spec_patch(&policy).unwrap().to_string();
        assert_eq!(
            patch,
            format!(
                r#"{{"containers":[{{"name":"main","resources":{{"requests":{memory},"limits":{memory} }} }}]}}"#
            )
        );
        assert!(serde_json::from_str::<Value>(&patch).is_ok(), "{patch}");
    }
}
