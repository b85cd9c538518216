//! The number of retries of a step.

use std::cell::Cell;
use std::env;

use kfp_wire::RETRIES_VARIABLE;

thread_local! {
    /// The number for a step that a test runs on this thread: the steps of a test share one environment.
    static OVERRIDE: Cell<Option<u32>> = const { Cell::new(None) };
}

/// Returns the number of times that the current step has been retried: 0 in the first attempt.
///
/// In a [`Harness`](https://docs.rs/kfp-runner), call it on the thread that runs the step; other threads get 0.
///
/// ```
/// use kfp_sdk::prelude::*;
///
/// /// Train with half of the data in each retry.
/// #[component]
/// fn train(#[default(1024)] rows: i64) -> i64 {
///     rows >> kfp_sdk::retries()
/// }
/// # assert_eq!(kfp_sdk::retries(), 0);
/// ```
#[must_use]
pub fn retries() -> u32 {
    let from_environment = || env::var(RETRIES_VARIABLE).ok()?.parse().ok();
    OVERRIDE.get().or_else(from_environment).unwrap_or(0)
}

/// Runs `body`, in which [`retries`] returns this number.
pub(super) fn with_retries<T>(retries: u32, body: impl FnOnce() -> T) -> T {
    /// Restores the previous number, even if the body panics.
    struct Restore(Option<u32>);
    impl Drop for Restore {
        fn drop(&mut self) {
            OVERRIDE.set(self.0);
        }
    }
    let _restore = Restore(OVERRIDE.replace(Some(retries)));
    body()
}
