//! How often a step was tried before.

use std::cell::Cell;
use std::env;

use kfp_wire::RETRIES_VARIABLE;

thread_local! {
    /// The number for a step that a test plays on this thread, as several steps share the environment of a test.
    static PLAYED: Cell<Option<u32>> = const { Cell::new(None) };
}

/// How often the step that calls this was tried before: 0 at its first try, and for a step that has no retries.
///
/// In a [`Harness`](https://docs.rs/kfp-runner), only the thread that the step was called on is told.
///
/// ```
/// use kfp_sdk::prelude::*;
///
/// /// Train with half as much of the data at each new try.
/// #[component]
/// fn train(#[default(1024)] rows: i64) -> i64 {
///     rows >> kfp_sdk::retries()
/// }
/// # assert_eq!(kfp_sdk::retries(), 0);
/// ```
#[must_use]
pub fn retries() -> u32 {
    let told = || env::var(RETRIES_VARIABLE).ok()?.parse().ok();
    PLAYED.get().or_else(told).unwrap_or(0)
}

/// Calls `play`, in which [`retries`] gives this number.
pub(super) fn with_retries<T>(retries: u32, play: impl FnOnce() -> T) -> T {
    /// Takes the number back, whatever happens.
    struct Restore(Option<u32>);
    impl Drop for Restore {
        fn drop(&mut self) {
            PLAYED.set(self.0);
        }
    }
    let _restore = Restore(PLAYED.replace(Some(retries)));
    play()
}
