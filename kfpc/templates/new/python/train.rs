//! Training fits a line to the examples.

use kfp_sdk::prelude::*;

/// Fits a line to the data and returns the R² score of the fit.
///
/// `kfpc bind components/train.py:train_model` prints this signature. Packages from PyPI are declared here as
/// `packages = ["scikit-learn==1.5.2"]`, and modules in the same folder as `modules = ["helpers.py"]`.
#[component(python = "components/train.py", cpu = "500m")]
pub fn train_model(
    /// A table with the columns `x` and `y`.
    data: Input<Dataset>,
    /// The slope and the intercept of the line, as JSON.
    model: Output<Model>,
) -> f64;
