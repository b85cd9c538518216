//! The graphs of the examples, with tiny steps instead of the real ones.

use kfp_sdk::prelude::*;
use serde_json::{Value, json};
use tests::conformance::Run;

use crate::case::Case;
use crate::components::{
    EchoFloat, EchoText, ReadTable, ReadText, Score, Shout, Tell, WriteModel, WriteText,
};

#[pipeline(name = "training")]
fn training(
    p: &Pipeline,
    raw_data: In<String>,
    rate: In<f64>,
    #[default(0.9)] threshold: In<f64>,
    #[default("latest")] version: In<String>,
) {
    p.exit_handler(|p| {
        let base = p.add(WriteModel::new().text("base")).name("download").cache("1h").model;
        let data = p.add(WriteText::new().text(raw_data)).name("preprocess").file;
        let train = p
            .add(Score::new().data(data).rate(rate))
            .name("train")
            .memory("64Mi")
            .timeout("5m")
            .retry(Retry::times(2).backoff("1s", 2.0));
        p.when("check-quality-gate", train.accuracy.gt(threshold), |p| {
            p.add(EchoText::new().value(text!("deployed {version}"))).name("deploy");
            p.add(ReadText::new().file(base)).name("read-base");
        });
        train.rows
    })
    .finally(|p, status, rows| {
        p.add(Tell::new().state(status.state()).failures(status.failures()).value(rows)).name("told")
    });
}

#[pipeline(name = "grid")]
fn grid(
    p: &Pipeline,
    raw_data: In<String>,
    #[default(vec![0.1, 0.2])] rates: In<Vec<f64>>,
) -> Out<Vec<Vec<f64>>> {
    let data = p.add(WriteText::new().text(raw_data)).name("preprocess").file;
    let (accuracies, models) = p.parallel_for(rates).parallelism(2).each(|p, rate| {
        p.parallel_for([1_i64, 2]).name("sizes").parallelism(2).each(|p, size| {
            let train = p.add(Score::new().data(data).rate(rate).size(size)).name("train");
            p.add(EchoText::new().value(text!("lr-{rate}-bs-{size}"))).name("log");
            let shouted = p.add(Shout::new().quiet(train.model)).name("model").loud;
            (train.accuracy, shouted)
        })
    });
    p.add(ReadTable::new().files(models)).name("models");
    accuracies
}

#[pipeline(name = "gate-by-two-scores")]
fn gate_by_two_scores(p: &Pipeline, first: In<f64>, second: In<f64>) -> Out<String> {
    let first = p.add(EchoFloat::new().value(first)).name("first").output;
    let second = p.add(EchoFloat::new().value(second)).name("second").output;
    p.when("first-wins", first.gt(second), |p| p.add(EchoText::new().value("first")).name("say-first").output)
        .elif("second-wins", second.gt(first), |p| {
            p.add(EchoText::new().value("second")).name("say-second").output
        })
        .otherwise(|p| p.constant("neither"))
}

fn report(state: &str, failures: &[Value], value: Value) -> Value {
    json!({"state": state, "failures": failures, "value": value})
}

pub(super) fn cases() -> Vec<Case> {
    let rated = |run: Run, rate: f64| run.argument("raw_data", "a,b").argument("rate", rate);
    let trained = |run: Run, accuracy: f64| {
        run.succeeded("preprocess").returned_all("train", json!({"accuracy": accuracy, "rows": 3}))
    };
    let failure = json!({"task": "train", "message": "a rate is above 0", "exit_code": 10, "class": "data"});
    let scores = |first: f64, second: f64| {
        Run::succeeds()
            .argument("first", first)
            .argument("second", second)
            .returned("first", first)
            .returned("second", second)
    };
    let cells = [(0, 0, 0.1, 1), (0, 1, 0.1, 2), (1, 0, 0.2, 1), (1, 1, 0.2, 2)];
    let grid_run =
        cells.into_iter().fold(Run::succeeds().argument("raw_data", "xy"), |run, (a, b, rate, size)| {
            let accuracy = rate * f64::from(size);
            run.returned_all(&format!("{a}/{b}/train"), json!({"accuracy": accuracy, "rows": 2}))
                .returned(&format!("{a}/{b}/log"), format!("lr-{rate}-bs-{size}"))
                .succeeded(&format!("{a}/{b}/model"))
        });
    vec![
        Case::new("training", Training::definition)
            .run(
                trained(rated(Run::succeeds(), 0.95).succeeded("download"), 0.95)
                    .returned("deploy", "deployed latest")
                    .returned("read-base", "base")
                    .returned_all("told", report("Succeeded", &[], json!(3))),
            )
            .run(
                trained(rated(Run::succeeds(), 0.5).cached_files("download"), 0.5)
                    .skipped(&["deploy", "read-base"])
                    .returned_all("told", report("Succeeded", &[], json!(3))),
            )
            .run(
                rated(Run::fails(), 0.0)
                    .cached_files("download")
                    .succeeded("preprocess")
                    .failed_with("train", 10)
                    .attempts("train", 1)
                    .omitted(&["deploy", "read-base"])
                    .returned_all("told", report("Failed", &[failure], Value::Null)),
            ),
        Case::new("grid", Grid::definition).run(
            grid_run
                .succeeded("preprocess")
                .returned("models", json!([["XY 0.1 1", "XY 0.1 2"], ["XY 0.2 1", "XY 0.2 2"]]))
                .output(json!([[0.1, 0.2], [0.2, 0.4]])),
        ),
        Case::new("gate-by-two-scores", GateByTwoScores::definition)
            .run(scores(0.5, 0.25).returned("say-first", "first").skipped(&["say-second"]).output("first"))
            .run(scores(0.25, 0.5).returned("say-second", "second").skipped(&["say-first"]).output("second"))
            .run(scores(0.5, 0.5).skipped(&["say-first", "say-second"]).output("neither")),
    ]
}
