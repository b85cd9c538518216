//! One round of successive halving.

use std::fs;

use kfp_sdk::prelude::*;

use crate::trial::Trial;

/// The outcome of one round.
#[derive(Outputs, Debug, Clone, PartialEq)]
pub(crate) struct Half {
    /// The better half, the best one first.
    pub(crate) trials: Vec<Trial>,
    /// The number of these trials.
    pub(crate) count: u32,
    /// The best accuracy.
    pub(crate) accuracy: f64,
    /// The number of trees per model in the next round.
    pub(crate) next_trees: u32,
}

/// Keeps the better half of the trials, rounded up, and the best model.
#[component(cpu = "100m", memory = "64Mi")]
pub(crate) fn keep_better_half(
    /// The trials.
    trials: Vec<Trial>,
    /// The accuracy of each trial.
    accuracies: Vec<f64>,
    /// The model of each trial.
    models: Vec<Input<Model>>,
    /// The number of trees per model in this round.
    trees: u32,
    /// The best model.
    leader: Output<Model>,
) -> Result<Half> {
    let mut order: Vec<(&Trial, f64, &Input<Model>)> = trials
        .iter()
        .zip(accuracies)
        .zip(&models)
        .map(|((trial, score), model)| (trial, score, model))
        .collect();
    // The sort is stable: among equals, the one that was drawn first stays first.
    order.sort_by(|left, right| right.1.total_cmp(&left.1));
    let &(_, accuracy, best) = order.first().ok_or_else(|| Error::data("there are no trials"))?;
    order.truncate(order.len().div_ceil(2));
    fs::copy(best.path(), leader.path()).map_err(Error::data)?;
    leader.metadata("accuracy", accuracy);
    leader.metadata("trees", trees);
    Ok(Half {
        count: u32::try_from(order.len())?,
        trials: order.into_iter().map(|(trial, _, _)| *trial).collect(),
        accuracy,
        next_trees: trees.saturating_mul(2),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn halved(accuracies: &[f64]) -> (Half, String) {
        let folder = tempfile::tempdir().unwrap();
        let trial = |depth: usize| Trial { learning_rate: 0.5, depth: u32::try_from(depth).unwrap() };
        let model = |depth: usize| {
            let path = folder.path().join(depth.to_string());
            fs::write(&path, depth.to_string()).unwrap();
            Input::from_path(path)
        };
        let trials = (0..accuracies.len()).map(trial).collect();
        let models = (0..accuracies.len()).map(model).collect();
        let path = folder.path().join("leader");
        let half = keep_better_half(trials, accuracies.to_vec(), models, 4, Output::to_path(&path)).unwrap();
        (half, fs::read_to_string(path).unwrap())
    }

    #[test]
    fn the_better_half_is_kept_in_order() {
        for (accuracies, kept) in [
            (&[0.5][..], &[0][..]),
            (&[0.5, 0.5], &[0]),
            (&[0.1, 0.9, 0.5], &[1, 2]),
            (&[0.1, 0.9, 0.9, 0.5], &[1, 2]),
        ] {
            let (half, leader) = halved(accuracies);
            assert_eq!(half.trials.iter().map(|trial| trial.depth).collect::<Vec<_>>(), kept);
            assert_eq!((half.count as usize, half.next_trees), (kept.len(), 8));
            assert_eq!(leader, kept[0].to_string());
            assert!(accuracies.iter().all(|accuracy| *accuracy <= half.accuracy));
        }
    }
}
