//! Loops: items, collected values and nesting.

use kfp_sdk::prelude::*;

use crate::components::{Kind, LogHpoMetrics, PreprocessData, TrainModel, Trial};
use crate::outline::outline;
use crate::steps::{BestTrial, Check, Count, Print, Store, Trials};

/// Loops over all kinds of lists.
#[pipeline]
fn items(p: &Pipeline, #[default(vec![1, 2])] seeds: In<Vec<i64>>) {
    p.parallel_for([1_i64, 2, 3]).each(|p, seed| {
        p.add(Trials::new().seed(seed));
    });
    p.parallel_for(["a", "b"]).name("letters").parallelism(1).each(|p, table| {
        p.add(Count::new().table(table));
    });
    p.parallel_for(vec![0.5, 1.5]).max_items(10).each(|p, rate| p.add(Check::new().rate(rate)));
    let first = p.add(Check::new());
    p.parallel_for(seeds).after(&first).each(|p, seed| {
        let trials = p.add(Trials::new().seed(seed)).output;
        p.parallel_for(trials).each(|p, trial| {
            p.add(Print::new().message(text!("{trial.lr()} and {trial.bs()}")));
        });
    });
    let constants =
        [Trial { lr: 0.1, bs: 16, kind: Some(Kind::Fast) }, Trial { lr: 0.2, bs: 32, kind: None }];
    p.parallel_for(constants).each(|p, trial| {
        p.add(LogHpoMetrics::new().model_id("m").accuracy(trial.lr()).hyperparams(trial));
    });
}

/// Three nested loops whose values are collected.
#[pipeline]
fn cube(p: &Pipeline, path: In<String>) -> Out<Vec<Vec<Vec<f64>>>> {
    let data = p.add(PreprocessData::new().raw_data_path(path)).processed_data;
    let (accuracies, models) = p.parallel_for([0.1, 0.2]).name("rates").each(|outer, rate| {
        outer.parallel_for([16_i64, 32]).name("sizes").each(|p, size| {
            p.parallel_for([1_u32, 2]).name("epochs").each(|_, epochs| {
                // Whichever `p` is used, the task is added to the body that is running.
                let call = TrainModel::new().processed_data(data).learning_rate(rate).batch_size(size);
                let task = outer.add(call.n_epochs(epochs));
                (task.accuracy, task.trained_model)
            })
        })
    });
    p.parallel_for(models).name("stored").each(|p, rows| {
        p.parallel_for(rows).each(|p, models| {
            p.parallel_for(models).each(|p, model| p.add(Store::new().model(model)));
        });
    });
    accuracies
}

/// A Rust loop adds several tasks, whose names are numbered.
#[pipeline]
#[output(best)]
fn unrolled(p: &Pipeline, path: In<String>) -> Out<Trial> {
    let data = p.add(PreprocessData::new().raw_data_path(path)).processed_data;
    let mut losses = Vec::new();
    for rate in [0.1, 0.2] {
        losses.push(p.add(TrainModel::new().processed_data(data).learning_rate(rate)).loss);
    }
    losses.push(p.constant(0.5));
    p.add(BestTrial::new().losses(losses)).output
}

#[test]
fn loops_are_recorded() {
    for (name, document) in
        [("items", Items::definition()), ("cube", Cube::definition()), ("unrolled", Unrolled::definition())]
    {
        insta::assert_snapshot!(name, outline(&document));
    }
}
