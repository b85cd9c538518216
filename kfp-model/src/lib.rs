//! The pipeline model: what a pipeline *is*, between the code that describes it and the backends that
//! execute it.
//!
//! The main type is [`Document`]. The SDK builds one, [`kfpc`](https://docs.rs/kfpc) reads one, and nothing
//! else is exchanged between the two. This crate does no I/O, knows no YAML, checks nothing and has never
//! heard of Argo.
//!
//! # Specification
//!
//! This page says what each node means and what holds for a *checked* document. A document that was merely
//! read may break every rule below; `kfp_compiler::check` is what establishes them.
//!
//! ## Document
//! A [`Document`] has a [`schema_version`](Document::schema_version), the [pipelines](Pipeline) that can be
//! compiled, the [components](Component) they call, once each, and the [locations](Locations) of its nodes
//! in Rust source, in a table *beside* the nodes: two documents that differ in locations only describe the
//! same pipelines. What its author got wrong and no node can express is listed under
//! [`problems`](Document::problems); a checked document has none. Component ids are names chosen by the writer; a component's digest is computed by the
//! compiler, as it covers the image that only the compiler is told.
//!
//! ## Pipeline
//! A [`Pipeline`] has typed [inputs](Input) with defaults, typed [outputs](Output), [settings](Settings) and
//! one root [`Region`]. The root region yields exactly the pipeline's outputs. A pipeline may call another
//! one of its document, and itself where the call has a bound on its depth.
//!
//! ## Region
//! A [`Region`] is a list of [tasks](Task) and what it *yields*: named expressions by which values leave it.
//! Regions nest: a branch has one for each arm, a loop one for its body, a guard two. **Scoping is one rule:
//! a [`Reference`] may name anything in its own or an enclosing region, and nothing else.**
//! The position of a task in its list has no meaning; order follows from references and from
//! [`after`](Task::after) alone, and the tasks of a region form no cycle.
//!
//! ## Task
//! A [`Task`] has an id that is unique in its pipeline, a name that is unique among the tasks and arms of
//! its region, and one of these [kinds](TaskKind):
//!
//! | kind | meaning | outputs |
//! |---|---|---|
//! | [`Call`] | runs a component or pipeline with one expression for each argument; an input with a default, or of option type, may be left out | those of the callee |
//! | [`Branch`] | the first arm whose condition holds runs; if none does, `otherwise` does, where there is one | what the arms yield: all arms yield the same names with compatible types; without `otherwise` each value is an option |
//! | [`Loop`] | the body runs for each item of a list, at most `parallelism` at once | what the body yields, each as the list of its values in the order of the items |
//! | [`ExitHandler`] | `exit` runs when `body` has ended, however it ended | what the body yields |
//! | [`Approval`] | waits until somebody approves | the values they gave |
//! | [`Import`] | makes an artifact of what lies at a URI | `artifact` |
//!
//! A task runs when everything it refers to and everything in `after` succeeded. If one of them was skipped,
//! it is skipped, unless it is not in `after` and the task takes no more of it than options, values for inputs that are
//! options, and values with a fallback: these are `null` then. A call whose
//! [`max_depth`](Call::max_depth) is reached is skipped, and its outputs are options. A value that may be absent does
//! not leave its region: what a region yields is an option or has a fallback. If one failed, it does not run, unless its
//! [`trigger`](Task::trigger) says otherwise, or what failed is a call that
//! [continues](Call::continue_on_failure): its outputs are options, which are `null` then. Whatever runs after a
//! failure, the region with a task that failed has failed, and so has the run. The exit region of a guard has exactly one task; it alone may
//! read the guard's [`Reference::Status`] and [`Reference::Guarded`] values, which are options.
//!
//! ## Failures
//! The `failures` of a [final status](status) list every task in the body of the guard that failed by itself, once,
//! with the message of its last attempt. A task that succeeded at a later attempt is not listed.
//!
//! - `task` is the path of the task within the guard, with names as the author wrote them and `/` between: the names
//!   of the calls, loops, branches and guards around it, after a loop the number of the iteration, counted from 0,
//!   and after a branch the name of the arm or `otherwise`. `all/2/train/load` is the step `load` of the pipeline
//!   that the task `train` calls in the third iteration of the loop `all`. The exit task of a guard is `exit.` and
//!   its name.
//! - The list is sorted by path, iterations by number.
//! - It names the first [`LISTED_FAILURES`](status::LISTED_FAILURES). Where there are more, a last entry has the task
//!   [`UNLISTED`](status::UNLISTED) and a message such as `37 more failures are not listed`.
//! - Messages are shortened to [`message_characters`](status::message_characters), paths to
//!   [`PATH_CHARACTERS`](status::PATH_CHARACTERS).
//! - `exit_code` is set where a step ended by itself, and so is `class`: what the step reported, or what its exit
//!   code says.
//!
//! ## Retries
//! A failed attempt of a step has a [`FailureClass`], the first of their list that fits. A [`Retry`] says how many tries
//! may follow the first one, and a [`Tier`] what is different for one class. Both count attempts, whatever these
//! failed of: memory grows, and machines that may be taken away are left, by the number of the attempt. A tier
//! with growth is for a step that asks for memory; a backend that gives steps no machines of their own counts
//! its attempts only. A step that has retries finds in [`RETRIES_VARIABLE`] how often it was tried before.
//!
//! ## Expressions and conditions
//! An [`Expression`] computes a value from constants and references, without side effects. A [`Condition`]
//! is a truth value. Comparison is exact between integers, by float64 between an integer and a float, by
//! equality between texts and between booleans; an option takes part only through
//! [`Condition::Present`] or [`Expression::FirstPresent`]. Secrets take part in neither.
//!
//! ## Types and values
//! A [`Type`] describes JSON values; [`Type::accepts`] is the one compatibility rule and
//! [`Type::accepts_value`] its counterpart for values. Artifacts are values like any other: what travels is
//! a JSON object that says where the artifact lies. Values are written as text by [`value::encode`] only.
//!
//! # Example
//! ```
//! use kfp_model::{Document, SCHEMA_VERSION};
//! let document = Document::from_json(r#"{"schema_version": 1, "pipelines": [], "components": {}}"#)?;
//! assert_eq!(document.schema_version, SCHEMA_VERSION);
//! assert_eq!(Document::from_json(&document.to_json())?, document);
//! # Ok::<(), kfp_model::ReadError>(())
//! ```

mod class;
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

pub use class::FailureClass;
pub use component::{
    Component, ContainerStep, Implementation, Input, NotebookStep, Output, PythonStep, RustStep,
};
pub use condition::{Comparison, Condition, Operator};
pub use document::{Document, Problem, ReadError, SCHEMA_VERSION};
#[cfg(feature = "json-schema")]
pub use document_schema::{document_schema, of as schema_of};
pub use duration::{Duration, DurationError};
pub use expression::{ConcatPart, Expression, FieldAccess, OutputReference, Reference};
pub use kfp_wire::{
    MASKED_VARIABLES, Mask, MaskStream, RETRIES_VARIABLE, SECRET_PREFIX, secret_variable, value,
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
