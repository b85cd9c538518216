//! Building pipelines: what the functions of users call, the notes that these calls leave, and the document
//! that is made of the notes.
//!
//! Nothing is checked here that the compiler checks; only what a document cannot express is reported.

mod approval;
mod call;
mod component;
mod definition;
mod describe;
mod document;
mod draft;
mod duration;
mod emit;
mod exit;
mod group;
mod handles;
mod import;
mod names;
mod pipeline;
mod policy;
mod regions;
mod registry;
mod rehearse;
mod repeat;
mod retry;
mod session;
mod task;
mod tier;
mod when;
mod yields;

pub use call::{Call, CallData, Given};
pub use component::{ComponentBuilder, Described};
pub use definition::{ComponentDefinition, PipelineDefinition};
pub use describe::{Interface, PipelineBuilder};
pub(crate) use document::{document_of, rehearsal_of};
pub use exit::ExitHandler;
pub use group::{Before, Group};
pub use handles::{Handles, Outputs, Returned, Returns, TaskOutputs, distinct, yield_named, yields_of};
pub use import::Imported;
pub use pipeline::Pipeline;
pub use policy::{IntoCache, Policy};
pub(crate) use registry::Registry;
pub use registry::{RegisteredComponent, RegisteredPipeline};
pub use rehearse::stand_in;
pub use repeat::{Items, Loop};
pub use retry::Retry;
pub use task::Task;
pub use tier::{Grow, OnDemand, Tier};
pub use when::When;
pub use yields::Yield;
