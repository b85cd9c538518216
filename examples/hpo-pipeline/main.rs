//! Searches for the hyperparameters of a model that tells malignant tumours from benign ones.
//!
//! There are two ways to search. `hpo-pipeline` trains a model for each point of a grid. `random-search` draws
//! its points by chance, trains them a little, and goes on with the better half, which is trained longer; that
//! is a pipeline which calls itself. All steps are Rust functions.

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

/// Train a model for each pair of a learning rate and a depth, and give the best one.
#[pipeline(name = "hpo-pipeline", version = "1")]
#[output(best_model)]
fn grid_search(
    p: &Pipeline,
    /// The CSV file: a diagnosis in the first column, numbers in all others.
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

/// Draw hyperparameters by chance and find the best of them by successive halving.
#[pipeline(name = "random-search", version = "1")]
#[output(best_model)]
fn random_search(
    p: &Pipeline,
    /// The CSV file: a diagnosis in the first column, numbers in all others.
    raw_data_path: In<String>,
    /// How many pairs of hyperparameters are drawn.
    #[default(8)]
    candidates: In<u32>,
    /// What the draw depends on: the same seed gives the same hyperparameters.
    #[default(1)]
    seed: In<u32>,
) -> Out<Model> {
    let data = p.add(PreprocessData::new().raw_data_path(raw_data_path));
    let drawn = p.add(DrawTrials::new().count(candidates).seed(seed));
    let halving =
        p.add(SuccessiveHalving::new().train(data.train).validation(data.validation).trials(drawn.trials));
    halving.best_model
}

/// Train all trials, and go on with the better half of them and twice the effort until one is left.
#[pipeline(name = "successive-halving", version = "1")]
#[output(best_model)]
fn successive_halving(
    p: &Pipeline,
    /// The rows to learn from.
    train: In<Dataset>,
    /// The rows that accuracy is measured on.
    validation: In<Dataset>,
    /// The hyperparameters that are still in the race.
    trials: In<Vec<Trial>>,
    /// How many trees each model gets.
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
        rest.max_depth(MOST_TURNS).best_model.or(half.leader)
    })
    .otherwise(|_| half.leader)
}

/// How often the trials may be halved after the first time: enough for [`draw::MOST_TRIALS`].
const MOST_TURNS: u32 = 6;

kfp_sdk::main!();

#[cfg(test)]
mod tests {
    use kfp_runner::Harness;

    use super::*;
    use train::Fit;

    #[test]
    fn the_bound_of_the_recursion_is_enough_for_all_trials_that_can_be_drawn() {
        let mut left = draw::MOST_TRIALS;
        for _ in 0..=MOST_TURNS {
            left = left.div_ceil(2);
        }
        assert_eq!(left, 1);
    }

    #[test]
    fn the_best_point_of_the_grid_wins() {
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
