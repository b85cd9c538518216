//! Publishing hands the model to whatever serves it.

use kfp_sdk::prelude::*;

/// Publishes the model.
#[component(python = "components/publish.py", cpu = "100m", memory = "64Mi")]
pub fn publish_model(
    /// The model.
    model: Input<Model>,
    /// The score that is published with the model.
    score: f64,
    /// What was published, as text.
    receipt: Output<Artifact>,
);
