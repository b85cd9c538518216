//! Tests of pipelines in `cargo test`, without a cluster and without a C compiler.
//!
//! [`Harness`] runs a pipeline inside the test, with mocks, injected faults and a simulated clock. [`assert_workflow!`]
//! compares the compiled workflow with a snapshot. This crate does not access the network or start processes.
//!
//! ```
//! use kfp_sdk::prelude::*;
//! use kfp_testing::Harness;
//!
//! /// Count the words in a string.
//! #[component]
//! fn count_words(text: String) -> i64 {
//!     i64::try_from(text.split_whitespace().count()).unwrap_or(i64::MAX)
//! }
//!
//! /// Print a message.
//! #[component]
//! fn report(message: String) {
//!     eprintln!("{message}");
//! }
//!
//! /// Count words and report texts that have many.
//! #[pipeline(name = "words")]
//! fn words(p: &Pipeline, text: In<String>, #[default(100)] limit: In<i64>) {
//!     let count = p.add(CountWords::new().text(text)).output;
//!     p.when("many", count.gt(limit), |p| {
//!         p.add(Report::new().message(text!("{count} words")));
//!     });
//! }
//!
//! let run = Harness::new().mock::<CountWords>(|_| Ok(101)).run(Words::new().text("…"));
//! assert!(run.succeeded());
//! assert_eq!(run.task("report").input("message"), "101 words");
//! # let _ = || {
//! kfp_testing::assert_workflow!(Words);
//! # };
//! ```

mod sources;
mod workflow;

#[doc(hidden)]
pub use insta;
pub use kfp_compiler::lower::Options;
pub use kfp_runner::{
    Attempts, Failure, FailureClass, Fault, Harness, Kind, State, TestAttempt, TestRun, TestTask, always,
    nth, times,
};
pub use workflow::workflow;

// The code in the documentation compiles.
#[cfg(doctest)]
#[doc = include_str!("../guide.md")]
struct Guide;

#[cfg(doctest)]
#[doc = include_str!("../caching.md")]
struct Caching;

/// Compares the compiled workflow of a pipeline with a snapshot.
///
/// The argument is the type that `#[pipeline]` generates. Options of the compiler can follow; by default, they are those
/// of [`workflow()`]. The snapshot is named after the pipeline, in the folder `snapshots` next to the test, as with
/// [insta](https://insta.rs). The first run of a test fails, and so does one after a change of the workflow. To write the
/// snapshots, set `INSTA_UPDATE=always`, or use `cargo insta review`.
///
/// The snapshot is the workflow without the program that runs Python steps, which changes with the version of kfpc.
///
/// ```no_run
/// use kfp_sdk::prelude::*;
/// use kfp_testing::{Options, assert_workflow};
///
/// /// Print a message.
/// #[component]
/// fn report(message: String) {
///     eprintln!("{message}");
/// }
///
/// #[pipeline]
/// fn greeting(p: &Pipeline) {
///     p.add(Report::new().message("hello"));
/// }
///
/// assert_workflow!(Greeting);
/// assert_workflow!(Greeting, Options { service_account: Some("ml".to_owned()), ..Options::default() });
/// ```
///
/// # Panics
/// The workflow differs from the snapshot, or the pipeline is invalid. The message then contains the errors as `kfpc
/// check` prints them.
#[macro_export]
macro_rules! assert_workflow {
    ($pipeline:ty $(,)?) => {
        $crate::assert_workflow!($pipeline, $crate::Options::default())
    };
    ($pipeline:ty, $options:expr $(,)?) => {{
        let name = <$pipeline>::DEFINITION.name;
        let workflow = match $crate::workflow(&<$pipeline>::definition(), name, $options) {
            ::core::result::Result::Ok(workflow) => workflow,
            ::core::result::Result::Err(problem) => ::core::panic!("{problem}"),
        };
        $crate::insta::with_settings!({ omit_expression => true }, {
            $crate::insta::assert_snapshot!(name, workflow);
        });
    }};
}
