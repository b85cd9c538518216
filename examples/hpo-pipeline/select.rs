//! Selects the best model of a grid.

use std::fs;

use kfp_sdk::prelude::*;

/// The hyperparameters and accuracy of the best model.
#[derive(Outputs, Debug, Clone, Copy, PartialEq)]
pub(crate) struct Best {
    /// The accuracy of the model.
    pub(crate) accuracy: f64,
    /// The learning rate that it was trained with.
    pub(crate) learning_rate: f64,
    /// The depth of its trees.
    pub(crate) depth: u32,
}

/// Selects the model with the highest accuracy. If several are equal, the first one wins.
#[component(cpu = "100m", memory = "64Mi")]
pub(crate) fn select_best(
    /// The learning rates, one per row of accuracies and models.
    learning_rates: Vec<f64>,
    /// The depths, one per column.
    depths: Vec<u32>,
    /// The accuracies.
    accuracies: Vec<Vec<f64>>,
    /// The models.
    models: Vec<Vec<Input<Model>>>,
    /// The best model.
    best_model: Output<Model>,
) -> Result<Best> {
    let mut best: Option<(Best, &Input<Model>)> = None;
    let rows = learning_rates.iter().zip(accuracies.iter().zip(&models));
    for (&learning_rate, (accuracies, models)) in rows {
        for (&depth, (&accuracy, model)) in depths.iter().zip(accuracies.iter().zip(models)) {
            if best.is_none_or(|(best, _)| accuracy > best.accuracy) {
                best = Some((Best { accuracy, learning_rate, depth }, model));
            }
        }
    }
    let (best, model) = best.ok_or_else(|| Error::data("there are no models to choose from"))?;
    fs::copy(model.path(), best_model.path()).map_err(Error::data)?;
    best_model.metadata("accuracy", best.accuracy);
    best_model.metadata("learning_rate", best.learning_rate);
    best_model.metadata("depth", best.depth);
    Ok(best)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_equal_models_is_selected() {
        let folder = tempfile::tempdir().unwrap();
        let model = |name: &str| {
            let path = folder.path().join(name);
            fs::write(&path, name).unwrap();
            Input::from_path(path)
        };
        let models = vec![vec![model("a"), model("b")], vec![model("c"), model("d")]];
        let accuracies = vec![vec![0.5, 0.75], vec![0.875, 0.875]];
        let path = folder.path().join("best");
        let best =
            select_best(vec![0.1, 0.2], vec![3, 4], accuracies, models, Output::to_path(&path)).unwrap();
        assert_eq!(best, Best { accuracy: 0.875, learning_rate: 0.2, depth: 3 });
        assert_eq!(fs::read_to_string(path).unwrap(), "c");
    }

    #[test]
    fn empty_grids_are_an_error() {
        let error = select_best(vec![], vec![], vec![], vec![], Output::to_path("best")).unwrap_err();
        assert_eq!(error.to_string(), "there are no models to choose from");
    }
}
