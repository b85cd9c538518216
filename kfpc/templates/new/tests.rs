//! Tests of the pipeline. Steps are mocked or called as functions, so the tests need neither Python nor a cluster.

use std::time::Duration;

use kfp_testing::{Fault, Harness, TestRun, times};

use super::*;

/// Mocks all steps. Training returns the score.
fn trained_to(score: f64) -> Harness {
    Harness::new()
        .mock::<TrainModel>(move |_| Ok(score))
        .mock_all_others()
}

fn run(harness: Harness) -> TestRun {
    harness.run(TrainingPipeline::new())
}

#[test]
fn a_good_model_is_published() {
    let run = run(trained_to(0.95));
    assert!(run.succeeded());
    assert!(run.task("publish-model").succeeded());
    assert_eq!(run.task("publish-model").input("score"), 0.95);
    assert!(run.is_before("prepare-data", "train-model"));
}

#[test]
fn a_bad_model_is_not_published() {
    let run = run(trained_to(0.5));
    assert!(run.succeeded());
    assert!(run.task("publish-model").is_skipped());
}

#[test]
fn training_is_retried() {
    let run = run(trained_to(0.95).fail::<TrainModel>(Fault::Oom, times(2)));
    assert!(run.succeeded());
    assert_eq!(run.task("train-model").attempts().len(), 3);
    assert!(run.duration() < Duration::from_secs(60));
}
