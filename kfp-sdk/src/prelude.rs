//! All that code with components and pipelines usually names: `use kfp_sdk::prelude::*;`.

pub use crate::build::{Grow, OnDemand, Outputs, Pipeline, Policy, Retry, Task, Tier};
pub use crate::handle::{Cond, In, Out};
pub use crate::step::{Error, Input, Output, Result};
pub use crate::value::{
    Artifact, ClassificationMetrics, Dataset, Failure, FailureClass, FinalStatus, Html, Markdown, Metrics,
    Model, Param, Secret, State,
};
pub use kfp_macros::{Outputs, Param, component, pipeline, text};
pub use kfp_model::Class::{Oom, SpotReclaimed, Timeout};
