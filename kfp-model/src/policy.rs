//! Policies, which control how a step runs, but not what it computes.

use std::ops::{Deref, DerefMut};
use std::sync::LazyLock;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::{Duration, Retry};

/// How a step runs. All settings are optional; those of a task override those of its component.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Whether results are cached, and for how long.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache: Option<Cache>,
    /// Whether and how a failed step is retried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry: Option<Retry>,
    /// The maximum duration of one attempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<Duration>,
    /// The resources that the step requests.
    #[serde(default, skip_serializing_if = "Resources::is_empty")]
    pub resources: Resources,
    /// The environment variables, by name.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub environment: IndexMap<String, EnvironmentValue>,
    /// The labels of the step's pod, by key. Backends without pods ignore them.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub labels: IndexMap<String, String>,
    /// The annotations of the step's pod, by key. Backends without pods ignore them.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub annotations: IndexMap<String, String>,
}

/// The policy of a task. An empty policy, which most tasks have, is stored without an allocation to keep large
/// pipelines small.
///
/// ```
/// # use kfp_model::{Duration, Policy, TaskPolicy};
/// let mut policy = TaskPolicy::default();
/// assert_eq!(policy.timeout, None);
/// policy.timeout = Some(Duration::from_seconds(60));
/// assert_eq!(policy, Policy { timeout: Some(Duration::from_seconds(60)), ..Policy::default() }.into());
/// ```
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(from = "Policy", into = "Policy")]
pub struct TaskPolicy(Option<Box<Policy>>);

impl TaskPolicy {
    /// Whether nothing is set.
    pub fn is_empty(&self) -> bool {
        self.0.as_ref().is_none_or(|policy| policy.is_empty())
    }
}

impl From<Policy> for TaskPolicy {
    fn from(policy: Policy) -> Self {
        Self((!policy.is_empty()).then(|| Box::new(policy)))
    }
}

impl From<TaskPolicy> for Policy {
    fn from(policy: TaskPolicy) -> Self {
        policy.0.map(|policy| *policy).unwrap_or_default()
    }
}

impl Deref for TaskPolicy {
    type Target = Policy;

    fn deref(&self) -> &Policy {
        static EMPTY: LazyLock<Policy> = LazyLock::new(Policy::default);
        self.0.as_deref().unwrap_or(&EMPTY)
    }
}

impl DerefMut for TaskPolicy {
    fn deref_mut(&mut self) -> &mut Policy {
        self.0.get_or_insert_default()
    }
}

impl PartialEq for TaskPolicy {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

/// Whether and for how long calls with the same arguments reuse the result of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Cache {
    /// Not cached, even if an enclosing group, call or pipeline sets a cache.
    Off,
    /// Cached for a time.
    For {
        /// The maximum age of a result that is reused.
        max_age: Duration,
        /// A string that is part of the cache key.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        key: Option<String>,
        /// The author's version of the component, which is part of its digest; change it to invalidate cached results.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        version: Option<String>,
    },
}

/// The resources that a step requests, as Kubernetes quantities.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Resources {
    /// CPU cores, such as `2` or `500m`; used as request and limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu: Option<String>,
    /// Memory, such as `2Gi`; used as request and limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<String>,
    /// Accelerator devices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accelerator: Option<Accelerator>,
}

/// A number of accelerator devices of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Accelerator {
    /// The name of the extended resource, such as `nvidia.com/gpu`.
    pub resource: String,
    /// The number of devices.
    pub count: u32,
}

/// The source of the value of an environment variable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum EnvironmentValue {
    /// A literal value.
    Literal(String),
    /// A key of a Kubernetes secret.
    Secret(KeyReference),
    /// A key of a Kubernetes config map.
    ConfigMap(KeyReference),
}

/// A key of a Kubernetes secret or config map.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct KeyReference {
    /// The name of the secret or config map.
    pub name: String,
    /// The key in the secret or config map.
    pub key: String,
}

impl Policy {
    /// Whether nothing is set.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Returns the part of a call's or group's policy that steps inside inherit: cache, retries and timeout.
    #[must_use]
    pub fn inheritable(&self) -> Self {
        let Self { cache, retry, timeout, .. } = self.clone();
        Self { cache, retry, timeout, ..Self::default() }
    }

    /// Returns the policy of a step. The settings of the task override those of the component, which override those
    /// that are inherited from enclosing groups, calls and pipelines. The cache is `None` if results are not cached.
    ///
    /// A step that reads a secret through its environment does not inherit a cache, because the cache key does not
    /// depend on the content of the secret. The task or the component can set one.
    ///
    /// ```
    /// # use kfp_model::{Cache, Duration, EnvironmentValue, KeyReference, Policy};
    /// let max_age = Duration::from_seconds(3600);
    /// let hour = Policy { cache: Some(Cache::For { max_age, key: None, version: None }), ..Policy::default() };
    /// let mut task = Policy::default();
    /// assert!(Policy::of_step(&task, &Policy::default(), &hour).cache.is_some());
    /// let token = KeyReference { name: "hub".to_owned(), key: "token".to_owned() };
    /// task.environment.insert("TOKEN".to_owned(), EnvironmentValue::Secret(token));
    /// assert!(Policy::of_step(&task, &Policy::default(), &hour).cache.is_none());
    /// assert!(Policy::of_step(&task, &hour, &Policy::default()).cache.is_some());
    /// ```
    #[must_use]
    pub fn of_step(task: &Self, component: &Self, inherited: &Self) -> Self {
        let own = task.or(component);
        let mut policy = own.or(inherited);
        if own.cache.is_none() && policy.reads_secrets() {
            policy.cache = None;
        }
        policy.cache = policy.cache.filter(|cache| *cache != Cache::Off);
        policy
    }

    /// Whether an environment variable is read from a secret.
    pub fn reads_secrets(&self) -> bool {
        self.environment.values().any(|value| matches!(value, EnvironmentValue::Secret(_)))
    }

    /// Returns this policy with unset values taken from `fallback`. Environments, labels and annotations are merged.
    #[must_use]
    pub fn or(&self, fallback: &Self) -> Self {
        Self {
            cache: self.cache.clone().or_else(|| fallback.cache.clone()),
            retry: self.retry.clone().or_else(|| fallback.retry.clone()),
            timeout: self.timeout.or(fallback.timeout),
            resources: self.resources.or(&fallback.resources),
            environment: merged(&self.environment, &fallback.environment),
            labels: merged(&self.labels, &fallback.labels),
            annotations: merged(&self.annotations, &fallback.annotations),
        }
    }
}

fn merged<V: Clone>(own: &IndexMap<String, V>, fallback: &IndexMap<String, V>) -> IndexMap<String, V> {
    let mut all = fallback.clone();
    all.extend(own.clone());
    all
}

impl Resources {
    /// Whether no resources are requested.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn or(&self, fallback: &Self) -> Self {
        Self {
            cpu: self.cpu.clone().or_else(|| fallback.cpu.clone()),
            memory: self.memory.clone().or_else(|| fallback.memory.clone()),
            accelerator: self.accelerator.clone().or_else(|| fallback.accelerator.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_overrides_its_component_and_maps_are_merged() {
        let literal = |text: &str| EnvironmentValue::Literal(text.to_owned());
        let task = Policy { timeout: Some(Duration::from_seconds(5)), ..Policy::default() };
        let mut component = Policy { timeout: Some(Duration::from_seconds(9)), ..Policy::default() };
        component.environment.insert("A".to_owned(), literal("1"));
        component.labels =
            IndexMap::from([("team".to_owned(), "a".to_owned()), ("tier".to_owned(), "1".to_owned())]);
        let task = Policy { labels: IndexMap::from([("team".to_owned(), "b".to_owned())]), ..task };
        let merged = task.or(&component);
        assert_eq!((merged.labels["team"].as_str(), merged.labels["tier"].as_str()), ("b", "1"));
        assert_eq!(merged.timeout, Some(Duration::from_seconds(5)));
        assert_eq!(merged.environment["A"], literal("1"));
    }
}
