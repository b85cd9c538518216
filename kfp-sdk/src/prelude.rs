//! The items that components and pipelines usually need: `use kfp_sdk::prelude::*;`.

pub use crate::builder::{Grow, OnDemand, Outputs, Pipeline, Policy, Retry, Task, Tier};
pub use crate::handle::{Cond, FinalStatus, In, Out};
pub use crate::runtime::FailureClass::{Oom, SpotReclaimed, Timeout};
pub use crate::runtime::{
    Artifact, ClassificationMetrics, Dataset, Error, Failure, FailureClass, Html, Input, Markdown, Metrics,
    Model, Output, Param, Result, Secret, State,
};
pub use kfp_macros::{Outputs, Param, component, pipeline, text};

// Methods that are errors with advice.
pub use crate::builder::{KfpMethods as _, TaskMethods as _};
