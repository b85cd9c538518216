//! Searches for the hyperparameters of a model that classifies tumours as malignant or benign.
//!
//! `hpo-pipeline` is a grid search: it trains a model for each combination. `random-search` draws random combinations,
//! trains each of them briefly, and continues with the better half and twice the effort, in a pipeline that calls
//! itself. All steps are Rust functions.

mod data;
mod draw;
mod halve;
mod metrics;
mod select;
mod train;
mod trial;

use kfp_sdk::prelude::*;

use data::PreprocessData;
use draw::DrawTrials;
use halve::KeepBetterHalf;
use metrics::LogHpoMetrics;
use select::SelectBest;
use train::TrainModel;
use trial::Trial;

/// Trains a model for each combination of learning rate and depth, and returns the best one.
#[pipeline(name = "hpo-pipeline", version = "1")]
#[output(best_model)]
fn grid_search(
    p: &Pipeline,
    /// The CSV file, with a diagnosis in the first column and numbers in all others.
    raw_data_path: In<String>,
    /// The learning rates to try.
    #[default(vec![0.05, 0.2, 0.8])]
    learning_rates: In<Vec<f64>>,
    /// The depths of trees to try.
    #[default(vec![1, 2, 4])]
    depths: In<Vec<u32>>,
) -> Out<Model> {
    let data = p.add(PreprocessData::new().raw_data_path(raw_data_path));
    let (accuracies, models) =
        p.parallel_for(learning_rates).name("learning-rates").parallelism(3).each(|p, learning_rate| {
            p.parallel_for(depths).name("depths").parallelism(3).each(|p, depth| {
                let trained = p.add(
                    TrainModel::new()
                        .train(data.train)
                        .validation(data.validation)
                        .learning_rate(learning_rate)
                        .depth(depth),
                );
                p.add(
                    LogHpoMetrics::new()
                        .model_id(text!("rate-{learning_rate}-depth-{depth}"))
                        .hyperparameters(Trial::of(learning_rate, depth))
                        .accuracy(trained.accuracy)
                        .loss(trained.loss),
                );
                (trained.accuracy, trained.trained_model)
            })
        });
    let best = p.add(
        SelectBest::new().learning_rates(learning_rates).depths(depths).accuracies(accuracies).models(models),
    );
    best.best_model
}

/// Draws random hyperparameters, and finds the best ones by successive halving.
#[pipeline(name = "random-search", version = "1")]
#[output(best_model)]
fn random_search(
    p: &Pipeline,
    /// The CSV file, with a diagnosis in the first column and numbers in all others.
    raw_data_path: In<String>,
    /// The number of combinations to draw.
    #[default(8)]
    candidates: In<u32>,
    /// The random seed. The same seed draws the same hyperparameters.
    #[default(1)]
    seed: In<u32>,
) -> Out<Model> {
    let data = p.add(PreprocessData::new().raw_data_path(raw_data_path));
    let drawn = p.add(DrawTrials::new().count(candidates).seed(seed));
    let halving =
        p.add(SuccessiveHalving::new().train(data.train).validation(data.validation).trials(drawn.trials));
    halving.best_model
}

/// Trains all trials, and repeats with the better half and twice the number of trees until one trial is left.
#[pipeline(name = "successive-halving", version = "1")]
#[output(best_model)]
fn successive_halving(
    p: &Pipeline,
    /// The training rows.
    train: In<Dataset>,
    /// The validation rows.
    validation: In<Dataset>,
    /// The remaining hyperparameters.
    trials: In<Vec<Trial>>,
    /// The number of trees per model.
    #[default(4)]
    trees: In<u32>,
) -> Out<Model> {
    let (accuracies, models) = p.parallel_for(trials).name("trials").parallelism(3).each(|p, trial| {
        let trained = p.add(
            TrainModel::new()
                .train(train)
                .validation(validation)
                .learning_rate(trial.learning_rate())
                .depth(trial.depth())
                .trees(trees),
        );
        (trained.accuracy, trained.trained_model)
    });
    let half = p.add(KeepBetterHalf::new().trials(trials).accuracies(accuracies).models(models).trees(trees));
    p.when("several-are-left", half.count.gt(1), |p| {
        let rest = p.add(
            SuccessiveHalving::new()
                .train(train)
                .validation(validation)
                .trials(half.trials)
                .trees(half.next_trees),
        );
        rest.max_depth(MAX_HALVINGS).best_model.or(half.leader)
    })
    .otherwise(|_| half.leader)
}

/// The maximum recursion depth, enough to halve [`draw::MAX_TRIALS`] down to one.
const MAX_HALVINGS: u32 = 6;

kfp_sdk::main!();

#[cfg(test)]
mod tests {
    use kfp_testing::{Harness, assert_workflow};

    use super::*;
    use train::Fit;

    #[test]
    fn the_workflows_have_not_changed() {
        assert_workflow!(GridSearch);
        assert_workflow!(RandomSearch);
    }

    #[test]
    fn the_recursion_bound_is_enough_for_the_maximum_number_of_trials() {
        let mut left = draw::MAX_TRIALS;
        for _ in 0..=MAX_HALVINGS {
            left = left.div_ceil(2);
        }
        assert_eq!(left, 1);
    }

    #[test]
    fn the_best_model_of_the_grid_is_selected() {
        let run = Harness::new()
            .mock::<TrainModel>(|inputs| {
                std::fs::write(inputs.trained_model.path(), format!("depth {}", inputs.depth))?;
                let accuracy = inputs.learning_rate * f64::from(inputs.depth);
                Ok(Fit { accuracy, loss: 1.0 - accuracy })
            })
            .mock_all_others()
            .real::<SelectBest>()
            .run(
                GridSearch::new()
                    .raw_data_path("rows.csv")
                    .learning_rates(vec![0.25, 0.5])
                    .depths(vec![1, 3]),
            );
        assert!(run.succeeded());
        assert_eq!(run.tasks("train-model").len(), 4);
        assert_eq!(
            run.task("select-best").input("accuracies"),
            &serde_json::json!([[0.25, 0.75], [0.5, 1.5]])
        );
        let best = std::fs::read_to_string(run.task("select-best").artifact("best_model")).unwrap();
        assert_eq!(best, "depth 3");
    }
}
