//! A parameter of a component is a struct without `#[derive(Param)]`.

use kfp_sdk::prelude::*;

struct Trial {
    rate: f64,
}

#[component]
fn load(trial: Trial) {
    let _ = trial.rate;
}

fn main() {}
