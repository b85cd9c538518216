use kfp_sdk::prelude::*;
use steps::{Load, Report, Train};

/// Trains once for each rate.
#[pipeline(name = "demo")]
pub fn demo(p: &Pipeline, path: In<String>, rates: In<Vec<f64>>) {
    let mut accuracy = None;
    p.add(Load::new().path(path));
    p.parallel_for(rates).each(|p, rate| {
        let train = p.add(Train::new().rate(rate));
        accuracy = Some(train.accuracy);
    });
    p.add(Report::new().accuracy(accuracy.unwrap()));
}
