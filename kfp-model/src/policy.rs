//! Policies: how a step is run, as opposed to what it computes.

use std::ops::{Deref, DerefMut};
use std::sync::LazyLock;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::{Duration, Retry};

/// How a step is run. Everything is optional; what a task sets wins over what its component sets.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Whether and how long results are reused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache: Option<Cache>,
    /// Whether a failed step is tried again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry: Option<Retry>,
    /// The longest that one attempt may run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<Duration>,
    /// What the step needs of its machine.
    #[serde(default, skip_serializing_if = "Resources::is_empty")]
    pub resources: Resources,
    /// Environment variables by name.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub environment: IndexMap<String, EnvironmentValue>,
    /// Labels of the step's pod, by key; a backend without pods has no use for them.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub labels: IndexMap<String, String>,
    /// Annotations of the step's pod, by key; a backend without pods has no use for them.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub annotations: IndexMap<String, String>,
}

/// The policy of a task. Most tasks say nothing, and then it takes no room: pipelines of thousands of tasks are walked
/// through many times.
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
        static NOTHING: LazyLock<Policy> = LazyLock::new(Policy::default);
        self.0.as_deref().unwrap_or(&NOTHING)
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

/// Whether and how long the result of a step is reused by calls with the same arguments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Cache {
    /// Never, also where something around the task says otherwise.
    Off,
    /// For this long.
    For {
        /// How long a result is good; 30 days where the author wrote `true`.
        max_age: Duration,
        /// A text that is part of the cache's key.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        key: Option<String>,
        /// The author's version of the component, part of its digest: raise it to invalidate.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        version: Option<String>,
    },
}

/// What a step needs of its machine, in Kubernetes' quantities.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Resources {
    /// Processor cores, as `2` or `500m`; requested and limited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu: Option<String>,
    /// Memory, as `2Gi`; requested and limited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<String>,
    /// Devices, as one `nvidia.com/gpu`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accelerator: Option<Accelerator>,
}

/// A number of devices of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Accelerator {
    /// The name of the extended resource, as `nvidia.com/gpu`.
    pub resource: String,
    /// How many.
    pub count: u32,
}

/// Where the value of an environment variable comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum EnvironmentValue {
    /// From the definition.
    Literal(String),
    /// From a key of a Kubernetes secret.
    Secret(KeyReference),
    /// From a key of a Kubernetes config map.
    ConfigMap(KeyReference),
}

/// A key of a Kubernetes secret or config map.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct KeyReference {
    /// The name of the object.
    pub name: String,
    /// The key in it.
    pub key: String,
}

impl Policy {
    /// Whether nothing is set.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What of a call's or group's policy holds for the steps inside that say nothing themselves: cache,
    /// retries and timeout.
    #[must_use]
    pub fn handed_down(&self) -> Self {
        let Self { cache, retry, timeout, .. } = self.clone();
        Self { cache, retry, timeout, ..Self::default() }
    }

    /// Returns the policy that a step runs under: the task's, else the component's, else what it inherits from groups,
    /// calls and pipelines around it. Its cache is `None` where results are not reused.
    ///
    /// A step that reads a secret through its environment inherits no cache: the key of its results does not depend on
    /// what the secret contains, so the task or the component has to ask for it.
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

    /// Whether a variable of the environment has its value from a secret.
    pub fn reads_secrets(&self) -> bool {
        self.environment.values().any(|value| matches!(value, EnvironmentValue::Secret(_)))
    }

    /// This policy where it says something, else `fallback`; environments, labels and annotations are joined.
    #[must_use]
    pub fn or(&self, fallback: &Self) -> Self {
        Self {
            cache: self.cache.clone().or_else(|| fallback.cache.clone()),
            retry: self.retry.clone().or_else(|| fallback.retry.clone()),
            timeout: self.timeout.or(fallback.timeout),
            resources: self.resources.or(&fallback.resources),
            environment: joined(&self.environment, &fallback.environment),
            labels: joined(&self.labels, &fallback.labels),
            annotations: joined(&self.annotations, &fallback.annotations),
        }
    }
}

fn joined<V: Clone>(own: &IndexMap<String, V>, fallback: &IndexMap<String, V>) -> IndexMap<String, V> {
    let mut all = fallback.clone();
    all.extend(own.clone());
    all
}

impl Resources {
    /// Whether nothing is asked for.
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
    fn a_task_wins_over_its_component_and_maps_are_joined() {
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
