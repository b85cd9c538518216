//! The names of fields, variants and outputs in JSON, and of the methods of handles.

use kfp_sdk::prelude::*;
use serde_json::json;

use crate::outline::outline;

#[derive(Debug, PartialEq, Param)]
#[kfp(rename_all = "camelCase")]
struct Trial {
    learning_rate: f64,
    #[kfp(rename = "size")]
    batch_size: i64,
}

#[derive(Debug, PartialEq, Param)]
#[kfp(rename_all = "kebab-case")]
enum Kind {
    VeryFast,
    #[kfp(rename = "exact")]
    Careful,
}

#[derive(Outputs)]
#[kfp(rename_all = "camelCase")]
struct Fit {
    best_loss: f64,
    #[kfp(rename = "n")]
    number_of_rows: i64,
}

#[component(type = "FitStep")]
fn fit(trial: Trial, kind: Kind) -> Fit {
    let _ = (trial, kind);
    Fit { best_loss: 0.0, number_of_rows: 0 }
}

#[pipeline]
fn fitting(p: &Pipeline, trial: In<Trial>) -> FitOut {
    let fit = p.add(FitStep::new().trial(trial).kind(Kind::VeryFast));
    p.when("large", trial.batch_size().gt(fit.number_of_rows), |_| ());
    FitOut { best_loss: fit.best_loss, number_of_rows: fit.number_of_rows }
}

#[test]
fn names_have_the_case_of_rename_all() {
    let trial = Trial { learning_rate: 0.5, batch_size: 8 };
    let json = json!({"learningRate": 0.5, "size": 8});
    assert_eq!(Param::encode(&trial).unwrap(), json);
    assert_eq!(Trial::decode(&json).unwrap(), trial);
    assert!(Trial::decode(&json!({"learning_rate": 0.5, "size": 8})).is_err());
    for (kind, name) in [(Kind::VeryFast, "very-fast"), (Kind::Careful, "exact")] {
        assert_eq!(Param::encode(&kind).unwrap(), name);
        assert_eq!(Kind::decode(&json!(name)).unwrap(), kind);
    }
    insta::assert_snapshot!("names_in_json", outline(&Fitting::definition()));
}

/// Fields with the names of methods of iterators, which handles have only to report an error.
#[derive(Param)]
struct Range {
    min: f64,
    max: f64,
    count: i64,
    next: Option<i64>,
}

#[component]
fn sample(from: f64, to: f64, count: i64, next: Option<i64>) {
    let _ = (from, to, count, next);
}

#[pipeline]
fn sampling(p: &Pipeline, range: In<Range>) {
    p.add(Sample::new().from(range.min()).to(range.max()).count(range.count()).next(range.next()));
}

#[test]
fn methods_of_fields_take_precedence_over_iterators() {
    insta::assert_snapshot!("methods_of_fields", outline(&Sampling::definition()));
}
