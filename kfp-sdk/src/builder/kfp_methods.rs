//! Methods of tasks in the KFP SDK, which report what to write instead.
//!
//! Each has a condition that no type meets; rustc reports the condition. They are written out, because rustc would also
//! show a macro that defines them.

use super::task::Task;

/// Memory of a task.
#[diagnostic::on_unimplemented(
    message = "tasks have no method of the KFP SDK with this name",
    label = "use `.memory(\"2Gi\")`"
)]
pub trait MemoryMethod {}

/// CPU of a task.
#[diagnostic::on_unimplemented(
    message = "tasks have no method of the KFP SDK with this name",
    label = "use `.cpu(2)`"
)]
pub trait CpuMethod {}

/// Devices of a task.
#[diagnostic::on_unimplemented(
    message = "tasks have no method of the KFP SDK with this name",
    label = "use `.gpu(\"nvidia.com/gpu\", 1)`"
)]
pub trait AcceleratorMethod {}

/// Caching of a task.
#[diagnostic::on_unimplemented(
    message = "tasks have no method of the KFP SDK with this name",
    label = "use `.cache(false)`"
)]
pub trait CachingMethod {}

/// Retries of a task.
#[diagnostic::on_unimplemented(
    message = "tasks have no method of the KFP SDK with this name",
    label = "use `.retry(3)`"
)]
pub trait RetryMethod {}

/// Environment variables of a task.
#[diagnostic::on_unimplemented(
    message = "tasks have no method of the KFP SDK with this name",
    label = "use `.env(\"NAME\", \"value\")`"
)]
pub trait EnvironmentMethod {}

/// Name of a task.
#[diagnostic::on_unimplemented(
    message = "tasks have no method of the KFP SDK with this name",
    label = "use `.name(\"name\")`"
)]
pub trait NameMethod {}

/// Timeout of a task.
#[diagnostic::on_unimplemented(
    message = "tasks have no method of the KFP SDK with this name",
    label = "use `.timeout(\"30m\")`"
)]
pub trait TimeoutMethod {}

/// The methods.
pub trait KfpMethods: Sized {
    /// Limits the memory.
    fn set_memory_limit<A>(self, limit: A) -> Self
    where
        Self: MemoryMethod,
    {
        let _ = limit;
        self
    }

    /// Requests memory.
    fn set_memory_request<A>(self, request: A) -> Self
    where
        Self: MemoryMethod,
    {
        let _ = request;
        self
    }

    /// Limits the CPU.
    fn set_cpu_limit<A>(self, limit: A) -> Self
    where
        Self: CpuMethod,
    {
        let _ = limit;
        self
    }

    /// Requests CPU.
    fn set_cpu_request<A>(self, request: A) -> Self
    where
        Self: CpuMethod,
    {
        let _ = request;
        self
    }

    /// Sets the type of devices.
    fn set_accelerator_type<A>(self, accelerator: A) -> Self
    where
        Self: AcceleratorMethod,
    {
        let _ = accelerator;
        self
    }

    /// Sets the number of devices.
    fn set_accelerator_limit<A>(self, limit: A) -> Self
    where
        Self: AcceleratorMethod,
    {
        let _ = limit;
        self
    }

    /// Sets the number of devices.
    fn set_gpu_limit<A>(self, limit: A) -> Self
    where
        Self: AcceleratorMethod,
    {
        let _ = limit;
        self
    }

    /// Sets whether results are reused.
    fn set_caching_options<A>(self, enable_caching: A) -> Self
    where
        Self: CachingMethod,
    {
        let _ = enable_caching;
        self
    }

    /// Sets the number of retries.
    fn set_retry<A>(self, num_retries: A) -> Self
    where
        Self: RetryMethod,
    {
        let _ = num_retries;
        self
    }

    /// Sets an environment variable.
    fn set_env_variable<A, B>(self, name: A, value: B) -> Self
    where
        Self: EnvironmentMethod,
    {
        let _ = (name, value);
        self
    }

    /// Names the task.
    fn set_display_name<A>(self, name: A) -> Self
    where
        Self: NameMethod,
    {
        let _ = name;
        self
    }

    /// Limits the duration.
    fn set_timeout<A>(self, seconds: A) -> Self
    where
        Self: TimeoutMethod,
    {
        let _ = seconds;
        self
    }
}

impl<O> KfpMethods for Task<O> {}
