//! Methods of tasks in the KFP SDK, which report what to write instead.
//!
//! Every type has them under a condition that none meets; rustc reports the condition.

use super::policy::Policy;

/// Defines a trait with methods of the KFP SDK for each setting, and the condition with its advice.
macro_rules! methods {
    ($(
        $(#[$doc:meta])*
        $methods:ident if $condition:ident, use $advice:literal {
            $($(#[$method_doc:meta])* fn $method:ident($($argument:ident: $type:ty),*);)*
        }
    )*) => {$(
        $(#[$doc])*
        #[diagnostic::on_unimplemented(
            message = "tasks have no method of the KFP SDK with this name",
            label = $advice
        )]
        pub trait $condition: Sized {
            /// Applies the setting.
            fn set(self, policy: &Policy) -> Self;
        }

        $(#[$doc])*
        pub trait $methods: Sized {
            $($(#[$method_doc])* fn $method(self, $($argument: $type),*) -> Self;)*
        }

        impl<T: $condition> $methods for T {
            $(fn $method(self, $($argument: $type),*) -> Self {
                $(let _ = $argument;)*
                self.set(&Policy::new())
            })*
        }
    )*};
}

methods! {
    /// Memory.
    MemoryMethods if MemoryMethod, use "use `.memory(\"2Gi\")`" {
        /// Limits the memory.
        fn set_memory_limit(limit: &str);
        /// Requests memory.
        fn set_memory_request(request: &str);
    }

    /// CPU.
    CpuMethods if CpuMethod, use "use `.cpu(\"2\")`" {
        /// Limits the CPU.
        fn set_cpu_limit(limit: &str);
        /// Requests CPU.
        fn set_cpu_request(request: &str);
    }

    /// Devices.
    AcceleratorMethods if AcceleratorMethod, use "use `.gpu(\"nvidia.com/gpu\", 1)`" {
        /// Sets the type of devices.
        fn set_accelerator_type(accelerator: &str);
        /// Sets the number of devices.
        fn set_accelerator_limit(limit: u32);
        /// Sets the number of devices.
        fn set_gpu_limit(limit: u32);
    }

    /// Caching.
    CachingMethods if CachingMethod, use "use `.cache(true)`, `.cache(false)` or `.cache(\"24h\")`" {
        /// Sets whether results are reused.
        fn set_caching_options(enable_caching: bool);
    }

    /// Retries.
    RetryMethods if RetryMethod, use "use `.retry(Retry::times(3))`" {
        /// Sets the number of retries.
        fn set_retry(num_retries: u32);
    }

    /// Environment variables.
    EnvironmentMethods if EnvironmentMethod, use "use `.env(\"NAME\", \"value\")`" {
        /// Sets an environment variable.
        fn set_env_variable(name: &str, value: &str);
    }

    /// Names.
    NameMethods if NameMethod, use "use `.name(\"…\")`" {
        /// Names the task.
        fn set_display_name(name: &str);
    }

    /// Timeouts.
    TimeoutMethods if TimeoutMethod, use "use `.timeout(\"30m\")`" {
        /// Limits the duration.
        fn set_timeout(seconds: u32);
    }
}
