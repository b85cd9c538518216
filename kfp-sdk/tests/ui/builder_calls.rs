//! Calls of the builder with the wrong arguments.

use kfp_sdk::prelude::*;

mod parts;
use parts::*;

#[pipeline]
fn train(p: &Pipeline, kinds: In<Vec<String>>, loud: In<bool>, accuracy: In<f64>) {
    p.parallel_for(kinds, |p, kind| p.add(Print::new().message(kind)));
    p.for_each(kinds, |p, kind| p.add(Print::new().message(kind)));
    p.when(loud, |p| p.add(Print::new().message("loud")));
    p.when("good", accuracy.gt(0.9) && loud, |p| p.add(Print::new().message("good")))
        .elif("bad", !loud && (accuracy.lt(0.1) || accuracy.gt(1.0)), |p| p.add(Print::new().message("bad")));
}

fn main() {}
