//! Invalid parameter and output types, which components and pipelines use: each mistake is reported once.

use std::collections::HashMap;

use kfp_sdk::prelude::*;

#[derive(Param)]
struct Trial {
    learning_rate: f64,
    seed: u64,
}

#[derive(Param)]
enum Kind {
    Fast,
    Careful(f64),
}

#[derive(Outputs)]
struct Fit {
    accuracy: f64,
    scores: HashMap<String, f64>,
    model: Output<Model>,
}

#[component]
fn train(trial: Trial, kind: Kind) -> Result<Fit> {
    let _ = (trial, kind);
    Err(Error::data("no rows"))
}

#[component]
fn deploy(model: Input<Model>, trial: Option<Trial>, rate: f64) {
    let _ = (model, trial, rate);
}

#[pipeline]
fn training(p: &Pipeline, trials: In<Vec<Trial>>, kind: In<Kind>) {
    p.parallel_for(trials).each(|p, trial| {
        let fit = p.add(Train::new().trial(trial).kind(kind));
        p.when("good", fit.accuracy.gt(trial.learning_rate()), |p| {
            p.add(Deploy::new().model(fit.model).trial(trial).rate(trial.learning_rate()));
        });
    });
}

fn main() {}
