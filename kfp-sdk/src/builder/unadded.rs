//! What newcomers call on a call that has not been added to a pipeline: methods and outputs of its task.
//!
//! Generated calls implement [`TaskMethods`] under a condition that none meets, so that rustc reports the condition, and
//! with it what to write instead.

use super::policy::{IntoCache, IntoCpu, Policy};
use super::retry::IntoRetry;

/// A call that is also a task.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has not been added to the pipeline yet",
    label = "only tasks have this method: add the call first, as in `p.add(call).memory(\"2Gi\")`"
)]
pub trait Added: Sized {
    /// Applies a policy to the task.
    fn set(self, policy: Policy) -> Self;
}

/// The methods of tasks.
pub trait TaskMethods: Added {
    /// Names the task.
    fn name(self, name: &str) -> Self {
        let _ = name;
        self
    }

    /// Runs the task after another one.
    fn after<T>(self, other: &T) -> Self {
        let _ = other;
        self
    }

    /// Applies the settings of a policy.
    fn with(self, policy: &Policy) -> Self {
        self.set(policy.clone())
    }

    /// Requests CPU.
    fn cpu(self, quantity: impl IntoCpu) -> Self {
        self.set(Policy::new().cpu(quantity))
    }

    /// Requests memory.
    fn memory(self, quantity: &str) -> Self {
        self.set(Policy::new().memory(quantity))
    }

    /// Requests devices.
    fn gpu(self, resource: &str, count: u32) -> Self {
        self.set(Policy::new().gpu(resource, count))
    }

    /// Retries the step.
    fn retry(self, retry: impl IntoRetry) -> Self {
        self.set(Policy::new().retry(retry))
    }

    /// Limits the duration of each attempt.
    fn timeout(self, limit: &str) -> Self {
        self.set(Policy::new().timeout(limit))
    }

    /// Sets an environment variable.
    fn env(self, name: &str, value: &str) -> Self {
        self.set(Policy::new().env(name, value))
    }

    /// Sets an environment variable from a secret.
    fn env_from_secret(self, name: &str, secret: &str, key: &str) -> Self {
        self.set(Policy::new().env_from_secret(name, secret, key))
    }

    /// Sets an environment variable from a config map.
    fn env_from_config_map(self, name: &str, config_map: &str, key: &str) -> Self {
        self.set(Policy::new().env_from_config_map(name, config_map, key))
    }

    /// Sets a label of the step's pod.
    fn label(self, key: &str, value: &str) -> Self {
        self.set(Policy::new().label(key, value))
    }

    /// Sets an annotation of the step's pod.
    fn annotation(self, key: &str, value: &str) -> Self {
        self.set(Policy::new().annotation(key, value))
    }

    /// Sets whether, or for how long, results are reused.
    fn cache(self, cache: impl IntoCache) -> Self {
        self.set(Policy::new().cache(cache))
    }

    /// Adds a string to the key of cached results.
    fn cache_key(self, key: &str) -> Self {
        self.set(Policy::new().cache_key(key))
    }

    /// Runs the task even if a task before it fails.
    fn ignore_upstream_failure(self) -> Self {
        self
    }

    /// Lets the tasks after this one run even if it fails.
    fn continue_on_failure(self) -> Self {
        self
    }

    /// Limits the depth of a recursion.
    fn max_depth(self, depth: u32) -> Self {
        let _ = depth;
        self
    }
}

/// What generated calls dereference to. rustc lists the field if a field of a call is unknown, such as an output.
#[derive(Debug)]
pub struct NotAdded {
    /// Only its name is used.
    pub outputs_exist_after_p_add: (),
}

impl NotAdded {
    /// The target of all calls.
    pub const CALL: Self = Self { outputs_exist_after_p_add: () };
}
