//! The part of Argo's Workflow resource that is emitted, and nothing more.
//!
//! The main type is [`Workflow`]. Field names are Argo's; fields are in the order in which people expect to
//! read them. The types know nothing of pipelines and check nothing.

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
