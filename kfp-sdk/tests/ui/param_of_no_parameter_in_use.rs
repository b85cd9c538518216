//! A parameter type whose field is not a parameter type, and which a component and a pipeline use.

use kfp_sdk::prelude::*;

struct Path;

#[derive(Param)]
struct Trial {
    rate: f64,
    path: Path,
}

#[component]
fn train(trial: Trial) {
    let _ = (trial.rate, trial.path);
}

#[pipeline]
fn training(p: &Pipeline, trial: In<Trial>) {
    p.add(Train::new().trial(trial));
}

fn main() {}
