//! Metrics without a file: a mock, a component's own function and a process follow the same rule.

use kfp_runner::{Harness, TestRun};
use kfp_sdk::prelude::*;
use serde_json::json;

/// Log the accuracy of a model, unless it is zero.
#[component]
fn evaluate(accuracy: f64, metrics: Output<Metrics>, optional: Option<Output<ClassificationMetrics>>) {
    if accuracy > 0.0 {
        metrics.log_metric("accuracy", accuracy);
    }
    if let Some(optional) = optional.filter(|_| accuracy > 0.5) {
        optional.log_roc_point(0.25, 1.0, 0.5);
    }
}

/// Set the metadata of a model that is not written.
#[component]
fn describe(model: Output<Model>) {
    model.metadata("framework", "none");
}

/// Return the content of a file, and whether there is another one.
#[component]
fn read(file: Input<Artifact>, optional: Option<Input<Artifact>>) -> Result<String> {
    let other = optional.map(|optional| std::fs::read_to_string(optional.path())).transpose()?;
    Ok(format!("{:?} {other:?}", std::fs::read_to_string(file.path())?))
}

#[pipeline(name = "evaluation")]
fn evaluation(p: &Pipeline, accuracy: In<f64>) {
    let evaluated = p.add(Evaluate::new().accuracy(accuracy));
    p.add(Read::new().file(evaluated.metrics).optional(evaluated.optional));
}

#[pipeline(name = "description")]
fn description(p: &Pipeline) {
    p.add(Describe::new());
}

fn assert_evaluated(run: &TestRun, read: &str) {
    assert!(run.succeeded(), "{:?}", run.task("evaluate").message());
    let evaluate = run.task("evaluate");
    assert_eq!(evaluate.output("metrics")["metadata"], json!({"accuracy": 0.75}));
    assert_eq!(std::fs::read(evaluate.artifact("metrics")).unwrap(), b"");
    assert_eq!(run.task("read").output("output"), read);
}

#[test]
fn metadata_is_enough_in_functions_and_mocks() {
    assert_evaluated(&Harness::new().run(Evaluation::new().accuracy(0.75)), r#""" Some("")"#);
    let mocked = Harness::new().mock::<Evaluate>(|inputs| {
        inputs.metrics.log_metric("accuracy", 0.75);
        Ok(())
    });
    assert_evaluated(&mocked.run(Evaluation::new().accuracy(0.0)), r#""" None"#);
}

#[test]
fn metrics_without_values_and_models_without_files_fail() {
    let run = Harness::new().run(Evaluation::new().accuracy(0.0));
    let evaluate = run.task("evaluate");
    assert_eq!(evaluate.exit_code(), Some(10));
    let message = evaluate.message().unwrap();
    assert!(message.starts_with("`evaluate` did not write output `metrics` to `"), "{message}");
    assert!(message.ends_with("` or log metrics to it"), "{message}");
    let run = Harness::new().run(Description::new());
    let message = run.task("describe").message().unwrap().to_owned();
    assert!(message.starts_with("`describe` did not write output `model` to `"), "{message}");
    assert!(!message.contains("log metrics"), "{message}");
}
