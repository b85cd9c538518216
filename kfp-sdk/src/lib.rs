//! Typed machine learning pipelines in Rust.
//!
//! A function with [`#[component]`](component) is a step; a function with [`#[pipeline]`](pipeline) adds steps to
//! a graph. rustc reports the mistakes in the graph that types can catch, and `kfpc` reports the others. The pipeline
//! binary exports its pipelines for `kfpc` and runs the steps in their containers; [`main!`] generates its command
//! line.
//!
//! [`guide`] covers the whole API by example. This crate does not write YAML, check graphs or schedule steps.
//!
//! ```
//! use kfp_sdk::prelude::*;
//!
//! /// Count the words in a string.
//! #[component]
//! fn count_words(text: String) -> i64 {
//!     i64::try_from(text.split_whitespace().count()).unwrap_or(i64::MAX)
//! }
//!
//! /// Print a message.
//! #[component]
//! fn report(message: String) -> Result<()> {
//!     eprintln!("{message}");
//!     Ok(())
//! }
//!
//! /// Count words and report texts that have many.
//! #[pipeline(name = "words")]
//! fn words(p: &Pipeline, text: In<String>, #[default(100)] many: In<i64>) {
//!     let count = p.add(CountWords::new().text(text)).output;
//!     p.when("many", count.gt(many), |p| {
//!         p.add(Report::new().message(text!("{count} words"))).memory("64Mi");
//!     });
//! }
//!
//! let document = Words::definition();
//! assert_eq!(document.pipelines[0].name, "words");
//! ```

// Generated code refers to this crate as `::kfp_sdk`, in its own tests as well.
extern crate self as kfp_sdk;

#[cfg(feature = "builder")]
#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
#[cfg(feature = "builder")]
mod builder;
#[cfg(feature = "builder")]
pub mod guide;
#[cfg(feature = "builder")]
mod handle;
#[cfg(feature = "builder")]
mod notes;
#[cfg(feature = "builder")]
pub mod prelude;
#[cfg(feature = "builder")]
mod program;
pub mod runtime;
#[cfg(feature = "builder")]
mod value;

#[cfg(feature = "builder")]
pub use crate::runtime::FailureClass::{Oom, SpotReclaimed, Timeout};
#[cfg(feature = "builder")]
pub use builder::{
    Before, Call, ExitHandler, Group, Grow, Handles, Imported, IntoCache, IntoCpu, IntoRetry, Items, Loop,
    OnDemand, Outputs, Pipeline, Policy, Provided, Retry, Returned, Returns, Task, TaskOutputs, Tier, When,
    Yield,
};
#[cfg(feature = "builder")]
pub use handle::{
    BooleanKind, CompareWith, Cond, Expr, FinalStatus, FinalStatusFields, Fits, In, IntoCond, IntoInput,
    IntoText, NumberKind, Ordered, Out, Scalar, StringKind,
};
/// Steps in Rust, in a notebook, and in any image:
///
/// ```
/// use kfp_sdk::prelude::*;
///
/// /// Count the rows of a table.
/// #[component(cpu = "100m")]
/// fn count_rows(table: Input<Dataset>) -> Result<i64> {
///     Ok(i64::try_from(table.read_to_string()?.lines().count())?)
/// }
///
/// /// Train a model in a notebook that sets `output` and writes to `model.path`.
/// #[component(notebook = "tests/it/components/train.ipynb", packages = ["pandas==2.2.3"])]
/// fn train(rows: Input<Dataset>, model: Output<Model>, #[default(0.1)] rate: f64) -> f64;
///
/// /// Compress a file.
/// #[component(
///     image = "busybox:1.36",
///     command = ["sh", "-c", "gzip < \"$0\" > \"$1\""],
///     args = ["{inputs.file.path}", "{outputs.small.path}"],
/// )]
/// fn compress(file: Input<Model>, small: Output<Artifact>);
///
/// #[pipeline]
/// fn train_and_compress(p: &Pipeline, rows: In<Dataset>) {
///     p.add(CountRows::new().table(rows));
///     let trained = p.add(Train::new().rows(rows).rate(0.5));
///     p.add(Compress::new().file(trained.model));
/// }
/// # assert!(TrainAndCompress::definition().problems.is_empty());
/// ```
#[cfg(feature = "builder")]
pub use kfp_macros::component;
#[cfg(feature = "builder")]
pub use kfp_macros::{Outputs, Param, pipeline, text};
pub use runtime::{
    Artifact, ArtifactKind, ClassificationMetrics, Dataset, Error, Failure, FailureClass, Html, Input,
    Markdown, Metrics, Mismatch, Model, Output, Param, Result, Secret, State, StepInput, retries,
};
#[cfg(feature = "builder")]
pub use value::{NoFields, Optional, ReturnValue, Value};

/// Generates the `main` function of a pipeline binary, with the commands `export`, `list`, `describe` and `component`.
///
/// List the libraries that define pipelines. The linker drops libraries that the binary does not name, and their
/// pipelines would be missing.
///
/// ```no_run
/// # mod program {
/// kfp_sdk::main!();
/// # }
/// ```
#[cfg(feature = "builder")]
#[macro_export]
macro_rules! main {
    ($($library:ident),* $(,)?) => {
        $(use $library as _;)*

        fn main() -> ::std::process::ExitCode {
            $crate::__private::main(::std::env::args())
        }
    };
}

/// The code that `artifact!` adds without the feature `builder`.
#[cfg(not(feature = "builder"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __artifact_value {
    ($name:ident) => {};
}
