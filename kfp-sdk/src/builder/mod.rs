//! Building pipelines: the API that pipeline functions call, which records notes, and the document made from the
//! notes.
//!
//! Only problems that a document cannot express are reported here; the compiler checks everything else.

mod approval;
mod call;
mod component;
mod definition;
mod describe;
mod document;
mod draft;
mod emit;
mod exit_handler;
mod group;
mod handles;
mod import;
mod in_process;
mod kfp_methods;
mod loops;
mod mistake;
mod names;
mod note;
mod pipeline;
mod policy;
mod regions;
mod registry;
mod retry;
mod session;
mod task;
mod tier;
mod unadded;
mod when;
mod yields;

pub use call::{Call, CallData, Provided};
pub use component::{ComponentBuilder, Described};
pub use definition::{ComponentDefinition, PipelineDefinition};
pub use describe::{Interface, PipelineBuilder};
pub(crate) use document::{document_of, rehearsal_of};
pub use exit_handler::ExitHandler;
pub use group::{Before, Group};
pub use handles::{Handles, Outputs, Returned, Returns, TaskOutputs, distinct, yield_named, yields_of};
pub use import::Imported;
pub use in_process::stand_in;
pub use kfp_methods::{
    AcceleratorMethod, CachingMethod, CpuMethod, EnvironmentMethod, KfpMethods, MemoryMethod, NameMethod,
    RetryMethod, TimeoutMethod,
};
pub use loops::{Items, Loop};
pub use pipeline::Pipeline;
pub use policy::{IntoCache, IntoCpu, Policy};
pub(crate) use registry::Registry;
pub use registry::{RegisteredComponent, RegisteredPipeline};
pub use retry::{IntoRetry, Retry};
pub use task::Task;
pub use tier::{Grow, OnDemand, Tier};
pub use unadded::{Added, NotAdded, TaskMethods};
pub use when::When;
pub use yields::Yield;
