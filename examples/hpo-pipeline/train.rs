//! Trains gradient-boosted trees with smartcore.

use kfp_sdk::prelude::*;
use smartcore::linalg::basic::matrix::DenseMatrix;
use smartcore::xgboost::{XGRegressor, XGRegressorParameters};

use crate::data::Table;

/// The maximum depth of trees, enough for a few hundred rows.
const MAX_DEPTH: u32 = 16;

/// A model that predicts the probability of a malignant tumour.
type Forest = XGRegressor<f64, f64, DenseMatrix<f64>, Vec<f64>>;

/// The quality of a trained model.
#[derive(Outputs, Debug, Clone, Copy, PartialEq)]
pub(crate) struct Fit {
    /// The fraction of validation rows that are classified correctly.
    pub(crate) accuracy: f64,
    /// The mean squared error of the probabilities on the validation rows.
    pub(crate) loss: f64,
}

/// Trains a model, and evaluates it on the validation rows.
#[component(cpu = "500m", memory = "256Mi")]
pub(crate) fn train_model(
    /// The training rows.
    train: Input<Dataset>,
    /// The validation rows.
    validation: Input<Dataset>,
    /// The model, as JSON.
    trained_model: Output<Model>,
    /// The weight of each tree.
    learning_rate: f64,
    /// The maximum depth of a tree.
    depth: u32,
    /// The number of trees.
    #[default(10)]
    trees: u32,
) -> Result<Fit> {
    if !(learning_rate > 0.0 && learning_rate <= 1.0) {
        return Err(Error::data(format!(
            "invalid `learning_rate` {learning_rate}: expected a number above 0 and at most 1"
        )));
    }
    if !(1..=MAX_DEPTH).contains(&depth) {
        return Err(Error::data(format!(
            "invalid `depth` {depth}: expected an integer from 1 to {MAX_DEPTH}"
        )));
    }
    let (train, validation) = (Table::read(train.path())?, Table::read(validation.path())?);
    let parameters = XGRegressorParameters::default()
        .with_learning_rate(learning_rate)
        .with_max_depth(u16::try_from(depth)?)
        .with_n_estimators(usize::try_from(trees)?);
    let forest = Forest::fit(&train.features, &train.labels, parameters).map_err(Error::data)?;
    let fit = measure(&forest, &validation)?;
    trained_model.write(serde_json::to_vec(&forest)?)?;
    trained_model.metadata("framework", "smartcore");
    trained_model.metadata("accuracy", fit.accuracy);
    Ok(fit)
}

/// Evaluates a model on the rows of a table.
fn measure(forest: &Forest, table: &Table) -> Result<Fit> {
    let predictions = forest.predict(&table.features).map_err(Error::data)?;
    let pairs = || predictions.iter().zip(&table.labels);
    let right = pairs().filter(|(prediction, label)| (**prediction > 0.5) == (**label > 0.5)).count();
    let squares: f64 = pairs().map(|(prediction, label)| (prediction - label).powi(2)).sum();
    let rows = f64::from(u32::try_from(table.labels.len())?);
    Ok(Fit { accuracy: f64::from(u32::try_from(right)?) / rows, loss: squares / rows })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::data::tests::split_in;

    #[test]
    fn models_can_be_saved_and_loaded() {
        let folder = tempfile::tempdir().unwrap();
        let (train, validation) = split_in(&folder);
        let rows = Table::read(validation.path()).unwrap();
        let path = folder.path().join("model");
        let fit = train_model(train, validation, Output::to_path(&path), 0.5, 2, 5).unwrap();
        assert!(fit.accuracy > 0.85, "{fit:?}");
        let read: Forest = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
        assert_eq!(measure(&read, &rows).unwrap(), fit);
    }

    #[test]
    fn hyperparameters_out_of_range_are_rejected() {
        let folder = tempfile::tempdir().unwrap();
        for (learning_rate, depth, named) in
            [(0.0, 2, "learning_rate"), (1.5, 2, "learning_rate"), (0.5, 0, "depth")]
        {
            let (train, validation) = split_in(&folder);
            let model = Output::to_path(folder.path().join("model"));
            let error = train_model(train, validation, model, learning_rate, depth, 1).unwrap_err();
            assert!(error.to_string().starts_with(&format!("invalid `{named}` ")), "{error}");
        }
    }
}
