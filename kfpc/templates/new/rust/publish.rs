//! Publishing hands the model to whatever serves it.

use kfp_sdk::prelude::*;

/// Publishes the model: replace the body by an upload to your model registry.
#[component(cpu = "100m", memory = "64Mi")]
pub fn publish_model(
    /// The model.
    model: Input<Model>,
    /// The score that is published with the model.
    score: f64,
    /// What was published, as text.
    receipt: Output<Artifact>,
) -> Result<()> {
    let model = model.read_to_string()?;
    println!("Publishing a model with a score of {score}");
    receipt.write(format!("score {score}\nmodel {model}\n"))
}
