//! The emitted subset of Argo's Workflow resource.
//!
//! The main type is [`Workflow`]. Field names are Argo's; fields are in the conventional order. The types do not depend
//! on pipelines and do not validate.

mod affinity;
mod container;
mod dag;
mod statistics;
mod template;
mod workflow;

pub use affinity::{Affinity, NodeAffinity, NodePreference, NodeSelectorRequirement, PreferredNodes};
pub use container::{
    Container, EnvironmentSource, EnvironmentVariable, KeySelector, ResourceRequirements, Volume, VolumeMount,
};
pub use dag::{Dag, DagTask};
pub use statistics::Statistics;
pub use template::{
    Archive, Artifact, Backoff, Empty, Inputs, Memoize, MemoizeCache, NameReference, Outputs, Parameter,
    PodMetadata, RetryStrategy, S3, Suspend, Template, ValueFrom,
};
pub use workflow::{Arguments, Hook, Hooks, Metadata, Workflow, WorkflowSpec};
