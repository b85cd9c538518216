//! Invalid values of `rename_all`.

use kfp_sdk::prelude::*;

#[derive(Param)]
#[kfp(rename_all = "camelcase")]
struct Trial {
    learning_rate: f64,
}

#[derive(Param)]
#[kfp(rename_all = "lowercase")]
enum Kind {
    Fast,
    FAST,
}

#[derive(Outputs)]
#[kfp(rename_all = "kebab-case")]
struct Fit {
    best_loss: f64,
}

fn main() {}
