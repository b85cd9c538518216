//! Comparisons of handles in `if` and `while`.

use kfp_sdk::prelude::*;

mod parts;
use parts::*;

#[pipeline]
fn train(p: &Pipeline, accuracy: In<f64>, epochs: In<Option<i64>>) {
    if accuracy.gt(0.9) {
        p.add(Print::new().message("good"));
    }
    p.when("bad", accuracy.lt(0.1), |p| {
        if !epochs.is_some() {
            p.add(Print::new().message("bad"));
        }
    });
}

fn main() {}
