//! Values: what travels between tasks, as Rust types.
//!
//! The traits here say which Rust types a pipeline can carry and how they are read from and written as JSON.
//! Nothing here knows of graphs or of files.

mod any;
mod artifact;
mod collections;
mod mismatch;
mod param;
mod scalars;
mod secret;
mod status;
mod traits;

pub use artifact::{
    Artifact, ArtifactKind, ClassificationMetrics, Dataset, Html, Markdown, Metrics, Model, artifact_type,
};
pub use mismatch::Mismatch;
pub use param::Param;
pub use secret::Secret;
pub use status::{Failure, FailureClass, FinalStatus, FinalStatusFields, State};
pub use traits::{NoFields, Optional, Value};
