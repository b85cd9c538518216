//! The pipeline model: the data types and the specification of pipelines, shared by the SDK that builds them and the
//! backends that run them.
//!
//! The main type is [`Document`]. The SDK writes documents and [`kfpc`](https://docs.rs/kfpc) reads them; they exchange
//! nothing else. This crate does no I/O and no checking, and does not depend on YAML or Argo.
//!
//! # Specification
//!
//! This page specifies what each node means and which rules a *checked* document satisfies. A document that was only
//! read may violate any of them; `kfp_compiler::check` checks them.
//!
//! ## Document
//! A [`Document`] has a [`schema_version`](Document::schema_version), the [pipelines](Pipeline) that can be compiled,
//! the [components](Component) that they call, and the [locations](Locations) of its nodes in Rust source. Locations
//! are in a separate table, so documents that differ only in locations describe the same pipelines. Errors that the
//! writer found and that cannot be expressed as nodes are listed under [`problems`](Document::problems); a checked
//! document has none. Component ids are names chosen by the writer. The compiler computes the digest of a component,
//! because it covers the image, which only the compiler knows.
//!
//! ## Pipeline
//! A [`Pipeline`] has typed [inputs](Input) with defaults, typed [outputs](Output), [settings](Settings) and one root
//! [`Region`], which yields exactly the pipeline's outputs. A pipeline may call other pipelines of its document, and
//! itself if the call has a maximum depth.
//!
//! ## Region
//! A [`Region`] is a list of [tasks](Task) and *yields*: named expressions whose values are visible outside. Regions
//! nest: a branch has one for each arm, a loop has its body, and an exit handler has two. **There is one scoping rule:
//! a [`Reference`] may name anything in its own region or an enclosing one, and nothing else.** The position of a task
//! in the list has no meaning. The order follows only from references and [`after`](Task::after), and the dependencies
//! within a region contain no cycle.
//!
//! ## Task
//! A [`Task`] has an id that is unique in its pipeline, a name that is unique among the tasks and arms of its region,
//! also in the form that the workflow uses, and one of these [kinds](TaskKind):
//!
//! | kind | meaning | outputs |
//! |---|---|---|
//! | [`Call`] | runs a component or pipeline with one expression for each argument; an input with a default, or of option type, may be left out | those of the callee |
//! | [`Branch`] | runs the first arm whose condition is true; if all are false, runs `otherwise` if it is set | the yields of the arms: all arms yield the same names with compatible types; without `otherwise` each value is an option |
//! | [`Loop`] | runs the body for each item of a list, at most `parallelism` at once | the yields of the body, each as a list with one value per item, in the order of the items |
//! | [`ExitHandler`] | runs `exit` when `body` has ended, whether it succeeded or failed | the yields of the body |
//! | [`Approval`] | waits for an approval | the values entered by the approver |
//! | [`Import`] | creates an artifact that refers to existing data at a URI | `artifact` |
//!
//! A task depends on every task that it references or names in `after`, and runs when all of them succeeded.
//!
//! If a dependency was skipped, the task is skipped too. The exception is a dependency that is not in `after` and whose
//! values the task uses only as options, for inputs of option type, or with a fallback: these values are `null` then. A
//! call whose [`max_depth`](Call::max_depth) is reached is skipped, and its outputs are options. A value that may be
//! absent cannot leave its region: a yielded value is always present, is an option, or has a fallback.
//!
//! If a dependency failed, the task does not run, unless its [`trigger`](Task::trigger) is set accordingly or the
//! dependency is a call with [`continue_on_failure`](Call::continue_on_failure), whose outputs are options that are
//! `null` then. In any case, a region with a failed task fails, and so does the run.
//!
//! The exit region of an exit handler has exactly one task. Only this task may use the [`Reference::Status`] and
//! [`Reference::Guarded`] values of the exit handler, which are options.
//!
//! ## Failures
//! The `failures` of a [final status](status) list each task in the body of the exit handler that itself failed, once,
//! with the message of its last attempt. Tasks that succeeded after a retry are not listed.
//!
//! - `task` is the path of the task within the exit handler: the original names of the enclosing calls, loops, branches
//!   and exit handlers, joined with `/`. A loop is followed by the number of the iteration, counted from 0, and a
//!   branch by the name of the arm or `otherwise`. `all/2/train/load` is the step `load` of the pipeline that the task
//!   `train` calls in the third iteration of the loop `all`. The exit task of an exit handler is `exit.` and its name.
//! - The list is sorted by path; iterations are sorted by number.
//! - At most [`LISTED_FAILURES`](status::LISTED_FAILURES) tasks are listed. If there are more, a last entry has the
//!   task [`UNLISTED`](status::UNLISTED) and a message such as `37 more failures are not listed`.
//! - Messages are truncated to [`message_characters`](status::message_characters), and paths to
//!   [`PATH_CHARACTERS`](status::PATH_CHARACTERS).
//! - `exit_code` and `class` are set if the step exited on its own. The class is the one that the step reported, or
//!   else the one of its exit code.
//!
//! ## Retries
//! A failed attempt of a step has a [`FailureClass`], the first one in the list that applies. A [`Retry`] sets the
//! maximum number of retries, and a [`Tier`] overrides it for one class. Both count all attempts, regardless of why
//! they failed: memory growth and the switch to on-demand machines depend only on the number of the attempt. A tier
//! with memory growth requires a memory request; a backend that does not allocate machines to steps only counts its
//! attempts. A step with retries receives the number of previous attempts in [`RETRIES_VARIABLE`].
//!
//! ## Expressions and conditions
//! An [`Expression`] computes a value from constants and references, without side effects. A [`Condition`] computes a
//! boolean. Two integers are compared exactly, an integer and a float as float64, and strings and booleans only for
//! equality. An option can be used in a condition only through [`Condition::Present`] or [`Expression::FirstPresent`].
//! Secrets cannot be used in expressions or conditions.
//!
//! ## Types and values
//! A [`Type`] describes JSON values with at most 127 nested lists and objects: local runs reject deeper arguments, and on
//! Argo the first Rust step that reads one fails. [`Type::accepts`] is the only compatibility rule for types, and
//! [`Type::accepts_value`] is its counterpart for values. Artifacts are values like any other: tasks pass a JSON object
//! that contains the location of the artifact. [`value::encode`] is the only text encoding of values.
//!
//! # Example
//! ```
//! use kfp_model::{Document, SCHEMA_VERSION};
//! let document = Document::from_json(r#"{"schema_version": 1, "pipelines": [], "components": {}}"#)?;
//! assert_eq!(document.schema_version, SCHEMA_VERSION);
//! assert_eq!(Document::from_json(&document.to_json())?, document);
//! # Ok::<(), kfp_model::ReadError>(())
//! ```

mod component;
mod condition;
mod document;
#[cfg(feature = "json-schema")]
mod document_schema;
mod duration;
mod expression;
mod location;
mod pipeline;
mod policy;
mod rehearsal;
mod retry;
pub mod schema;
mod source_map;
pub mod status;
mod task;
mod types;
mod value_mismatch;

pub use component::{
    Component, ContainerStep, Implementation, Input, NotebookStep, Output, PythonStep, RustStep,
};
pub use condition::{Comparison, Condition, Operator};
pub use document::{Document, Problem, ReadError, Replacement, SCHEMA_VERSION};
#[cfg(feature = "json-schema")]
pub use document_schema::{document_schema, of as schema_of};
pub use duration::{Duration, DurationError};
pub use expression::{ConcatPart, Expression, FieldAccess, OutputReference, Reference};
pub use kfp_wire::{
    DIGEST_LIMIT_VARIABLE, FailureClass, MASKED_VARIABLES, Mask, MaskStream, RETRIES_VARIABLE, SECRET_PREFIX,
    secret_variable, split_credentials, value, without_credentials,
};
pub use location::{Location, Place};
pub use pipeline::{Pipeline, Settings};
pub use policy::{Accelerator, Cache, EnvironmentValue, KeyReference, Policy, Resources, TaskPolicy};
pub use rehearsal::{Rehearsal, Runnable, Signature, StandIn, StepFailure, StepInput};
pub use retry::{Backoff, Growth, Retry, Tier};
pub use source_map::Locations;
pub use task::{
    Approval, Arm, Branch, Call, Callee, ComponentId, ExitHandler, Import, Loop, Region, Task, TaskId,
    TaskKind, Trigger,
};
pub use types::{ArtifactType, EnumType, SECRET_PATTERN, StructField, StructType, Type};
pub use value_mismatch::{ValueMismatch, ValuePath};
