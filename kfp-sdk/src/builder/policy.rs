//! Policies: resources, retries, caching and other settings of steps.

use std::panic::Location;

use kfp_model::{Accelerator, Cache, Duration, DurationError, EnvironmentValue, KeyReference};

use super::mistake::{Mistake, duration};
use super::note::Note;
use super::retry::IntoRetry;

/// The default maximum age of cached results.
const MAX_AGE: Duration = Duration::from_seconds(30 * 24 * 60 * 60);

/// Resources, retries and other settings that tasks can share with `.with(&policy)`.
///
/// ```
/// use kfp_sdk::Policy;
/// let large = Policy::new().cpu(8).memory("32Gi").retry(2);
/// ```
#[derive(Debug, Clone, Default)]
#[must_use = "apply it to a task with `.with(&policy)`"]
pub struct Policy {
    pub(super) model: kfp_model::Policy,
    notes: Vec<Note>,
}

impl Policy {
    /// Returns an empty policy.
    pub fn new() -> Self {
        Self::default()
    }

    /// Requests CPU: a number of cores such as `2` or `0.5`, or a string such as `"500m"`.
    #[track_caller]
    pub fn cpu(mut self, quantity: impl IntoCpu) -> Self {
        self.model.resources.cpu = Some(quantity.quantity());
        self.noted("resources/cpu", None)
    }

    /// Requests memory, such as `"2Gi"`.
    #[track_caller]
    pub fn memory(mut self, quantity: &str) -> Self {
        self.model.resources.memory = Some(quantity.to_owned());
        self.noted("resources/memory", None)
    }

    /// Requests devices, such as one `"nvidia.com/gpu"`.
    #[track_caller]
    pub fn gpu(mut self, resource: &str, count: u32) -> Self {
        self.model.resources.accelerator = Some(Accelerator { resource: resource.to_owned(), count });
        self.noted("resources/accelerator", None)
    }

    /// Retries the step after failures that a retry can fix: a number of times, or as in a [`Retry`](crate::Retry).
    #[track_caller]
    pub fn retry(mut self, retry: impl IntoRetry) -> Self {
        let retry = retry.into_retry();
        self.model.retry = Some(retry.model);
        self.notes.push(Note::new("retry", None));
        self.notes.extend(retry.notes);
        self
    }

    /// Limits the duration of each attempt, such as to `"30m"`.
    #[track_caller]
    pub fn timeout(mut self, limit: &str) -> Self {
        let parsed = duration(limit);
        self.model.timeout = parsed.as_ref().ok().copied();
        self.noted("timeout", parsed.err())
    }

    /// Sets an environment variable.
    #[track_caller]
    pub fn env(self, name: &str, value: &str) -> Self {
        self.variable(name, EnvironmentValue::Literal(value.to_owned()))
    }

    /// Sets an environment variable to the value of a key in a Kubernetes secret.
    #[track_caller]
    pub fn env_from_secret(self, name: &str, secret: &str, key: &str) -> Self {
        self.variable(name, EnvironmentValue::Secret(key_reference(secret, key)))
    }

    /// Sets an environment variable to the value of a key in a Kubernetes config map.
    #[track_caller]
    pub fn env_from_config_map(self, name: &str, config_map: &str, key: &str) -> Self {
        self.variable(name, EnvironmentValue::ConfigMap(key_reference(config_map, key)))
    }

    /// Sets a label of the step's pod, such as `team: search`. Labels select pods, for example for quotas, cost reports
    /// or network policies.
    ///
    /// ```
    /// use kfp_sdk::Policy;
    /// let policy = Policy::new().label("team", "search").annotation("example.com/owner", "ml@example.com");
    /// ```
    #[track_caller]
    pub fn label(mut self, key: &str, value: &str) -> Self {
        self.model.labels.insert(key.to_owned(), value.to_owned());
        self.noted("labels", None)
    }

    /// Sets an annotation of the step's pod, such as `example.com/owner` with any string. Other tools read annotations.
    #[track_caller]
    pub fn annotation(mut self, key: &str, value: &str) -> Self {
        self.model.annotations.insert(key.to_owned(), value.to_owned());
        self.noted("annotations", None)
    }

    /// Sets whether, or for how long, results are reused: `true` (30 days), `false` or a duration such as `"24h"`.
    ///
    /// A result is reused for calls with the same component, environment and inputs. Secrets and config maps in the
    /// environment count by name, not by content. So a step that reads a secret through its environment does not
    /// inherit a cache setting from exit handlers, calls and pipelines around it: its results are reused only if the
    /// task or its component sets `cache`.
    ///
    /// Inputs count by value: a path counts as a string, whatever the file contains. Import files as artifacts instead.
    #[track_caller]
    pub fn cache(self, cache: impl IntoCache) -> Self {
        self.cache_at(cache, Location::caller())
    }

    pub(super) fn cache_at(mut self, cache: impl IntoCache, location: &'static Location<'static>) -> Self {
        let mistake = match cache.max_age() {
            Ok(None) => {
                self.model.cache = Some(Cache::Off);
                None
            }
            Ok(Some(age)) => {
                *self.cached().0 = age;
                None
            }
            Err(error) => Some(Mistake::from(error)),
        };
        self.notes.push(Note::at("cache", mistake, location));
        self
    }

    /// Adds a string to the key of cached results, and turns the cache on.
    #[track_caller]
    pub fn cache_key(self, key: &str) -> Self {
        self.cache_key_at(key, Location::caller())
    }

    pub(super) fn cache_key_at(mut self, key: &str, location: &'static Location<'static>) -> Self {
        *self.cached().1 = Some(key.to_owned());
        self.notes.push(Note::at("cache", None, location));
        self
    }

    /// Sets the author's version of a component, and turns the cache on. A new version invalidates cached results.
    #[track_caller]
    pub fn cache_version(mut self, version: &str) -> Self {
        *self.cached().2 = Some(version.to_owned());
        self.noted("cache", None)
    }

    /// Applies the settings of another policy, which override those of this one.
    pub fn with(mut self, other: &Self) -> Self {
        self.model = other.model.or(&self.model);
        self.notes.extend(other.notes.iter().cloned());
        self
    }

    /// Returns the parts of the cache setting. Turns the cache on if it was off.
    fn cached(&mut self) -> (&mut Duration, &mut Option<String>, &mut Option<String>) {
        if !matches!(self.model.cache, Some(Cache::For { .. })) {
            self.model.cache = Some(Cache::For { max_age: MAX_AGE, key: None, version: None });
        }
        match &mut self.model.cache {
            Some(Cache::For { max_age, key, version }) => (max_age, key, version),
            _ => unreachable!("the cache was turned on above"),
        }
    }

    #[track_caller]
    fn variable(mut self, name: &str, value: EnvironmentValue) -> Self {
        self.model.environment.insert(name.to_owned(), value);
        self.noted("environment", None)
    }

    #[track_caller]
    fn noted(mut self, path: &'static str, mistake: Option<Mistake>) -> Self {
        self.notes.push(Note::new(path, mistake));
        self
    }

    pub(super) fn notes(&self) -> &[Note] {
        &self.notes
    }
}

/// A cache setting for [`Policy::cache`]: `true`, `false` or a duration.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be used as a cache setting",
    label = "expected `true`, `false` or a duration such as `\"24h\"`"
)]
pub trait IntoCache {
    /// Returns the maximum age of results, or `None` if they are not reused.
    ///
    /// # Errors
    /// The string is not a valid duration.
    fn max_age(self) -> Result<Option<Duration>, DurationError>;
}

#[diagnostic::do_not_recommend]
impl IntoCache for bool {
    fn max_age(self) -> Result<Option<Duration>, DurationError> {
        Ok(self.then_some(MAX_AGE))
    }
}

#[diagnostic::do_not_recommend]
impl IntoCache for &str {
    fn max_age(self) -> Result<Option<Duration>, DurationError> {
        self.parse().map(Some)
    }
}

/// A CPU quantity for [`Policy::cpu`]: a number of cores, or a string such as `"500m"`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be used as a CPU quantity",
    label = "expected a number of cores such as `2` or `0.5`, or a string such as `\"500m\"`"
)]
pub trait IntoCpu {
    /// Returns the CPU quantity.
    fn quantity(self) -> String;
}

macro_rules! into_cpu {
    ($($type:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl IntoCpu for $type {
            fn quantity(self) -> String {
                self.to_string()
            }
        }
    )*};
}

into_cpu!(&str, &String, u32, f64);

fn key_reference(name: &str, key: &str) -> KeyReference {
    KeyReference { name: name.to_owned(), key: key.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Retry;
    use crate::builder::mistake::RETRY;

    #[track_caller]
    fn mistakes(policy: Policy) -> Vec<Mistake> {
        policy.notes.into_iter().filter_map(|note| note.mistake).collect()
    }

    #[test]
    fn later_settings_override_earlier_ones() {
        let shared = Policy::new().cpu("8").env("A", "1");
        let policy = Policy::new().cpu("1").memory("1Gi").env("B", "2").with(&shared);
        assert_eq!(policy.model.resources.cpu.as_deref(), Some("8"));
        assert_eq!(policy.model.resources.memory.as_deref(), Some("1Gi"));
        assert_eq!(policy.model.environment.keys().collect::<Vec<_>>(), ["B", "A"]);
    }

    #[test]
    fn parts_of_a_cache_setting_are_kept() {
        let policy = Policy::new().cache_version("2").cache("24h").cache_key("k");
        let max_age = Duration::from_seconds(24 * 60 * 60);
        let (key, version) = (Some("k".to_owned()), Some("2".to_owned()));
        assert_eq!(policy.model.cache, Some(Cache::For { max_age, key, version }));
        assert_eq!(policy.cache(false).model.cache, Some(Cache::Off));
    }

    #[test]
    fn numbers_are_accepted_like_strings() {
        let cpu = |policy: Policy| policy.model.resources.cpu;
        assert_eq!(cpu(Policy::new().cpu(2)), cpu(Policy::new().cpu("2")));
        let half = String::from("0.5");
        assert_eq!(cpu(Policy::new().cpu(0.5)), cpu(Policy::new().cpu(&half)));
        assert_eq!(cpu(Policy::new().cpu(4.0)).as_deref(), Some("4"));
        assert_eq!(Policy::new().retry(3).model, Policy::new().retry(Retry::times(3)).model);
    }

    #[test]
    fn durations_without_unit_are_mistakes() {
        let unit = duration("5").unwrap_err();
        assert_eq!(mistakes(Policy::new().timeout("5")), std::slice::from_ref(&unit));
        assert_eq!(mistakes(Policy::new().cache("5")), std::slice::from_ref(&unit));
        assert_eq!(mistakes(Policy::new().retry(Retry::times(1).backoff("5", 2.0).cap("1h"))), [unit]);
        let cap = Mistake::new("`cap` requires a backoff").code(RETRY);
        let cap = cap.help("call `.backoff(..)` before `.cap(..)`");
        assert_eq!(mistakes(Policy::new().retry(Retry::times(1).cap("1h"))), [cap]);
    }
}
