//! Selection: the best model of a grid.

use std::fs;

use kfp_sdk::prelude::*;

/// What is known about the best model.
#[derive(Outputs, Debug, Clone, Copy, PartialEq)]
pub(crate) struct Best {
    /// Its accuracy.
    pub(crate) accuracy: f64,
    /// Its learning rate.
    pub(crate) learning_rate: f64,
    /// The depth of its trees.
    pub(crate) depth: u32,
}

/// Choose the model with the highest accuracy; of several, the first one.
#[component(cpu = "100m", memory = "64Mi")]
pub(crate) fn select_best(
    /// The learning rates: one for each row of accuracies and models.
    learning_rates: Vec<f64>,
    /// The depths: one for each column.
    depths: Vec<u32>,
    /// The accuracies.
    accuracies: Vec<Vec<f64>>,
    /// The models.
    models: Vec<Vec<Input<Model>>>,
    /// The best one.
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
    let (best, model) = best.ok_or_else(|| Error::data("there is no model to choose from"))?;
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
    fn the_first_of_the_best_is_chosen() {
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
    fn nothing_is_no_choice() {
        let error = select_best(vec![], vec![], vec![], vec![], Output::to_path("best")).unwrap_err();
        assert_eq!(error.to_string(), "there is no model to choose from");
    }
}
