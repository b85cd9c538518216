//! Metrics without a file: the logged metadata is enough, and steps that read them find an empty file.

use kfp_sdk::prelude::*;
use serde_json::{Value, json};
use tests::conformance::Run;

use crate::case::Case;
use crate::components::{
    ContainerLogNothing, ContainerMeasure, DescribeModel, EchoText, LogAboveZero, LogAccuracy, LogClasses,
    LogNothing, NotebookLogAccuracy, PythonDescribeModel, PythonLogAboveZero, PythonLogAccuracy,
    PythonLogClasses, PythonLogNothing, PythonReadMetrics, ReadMetadata, ReadMetrics, ReadOptional,
    ReadTexts,
};

#[pipeline(name = "metrics-without-reader")]
fn metrics_without_reader(p: &Pipeline) {
    p.add(LogAccuracy::new().accuracy(0.75)).name("rust");
    p.add(LogClasses::new()).name("rust-classes");
    p.add(PythonLogAccuracy::new().accuracy(0.75)).name("python");
    p.add(PythonLogClasses::new()).name("python-classes");
}

#[pipeline(name = "metrics-with-readers")]
fn metrics_with_readers(p: &Pipeline) {
    let names = ["accuracy"];
    let rust = p.add(LogAccuracy::new().accuracy(0.75)).name("rust").metrics;
    p.add(ReadMetrics::new().metrics(rust).names(names)).name("rust-to-rust");
    p.add(PythonReadMetrics::new().metrics(rust)).name("rust-to-python");
    let python = p.add(PythonLogAccuracy::new().accuracy(0.5)).name("python").metrics;
    p.add(ReadMetrics::new().metrics(python).names(names)).name("python-to-rust");
    p.add(PythonReadMetrics::new().metrics(python)).name("python-to-python");
}

#[pipeline(name = "classes-with-readers")]
fn classes_with_readers(p: &Pipeline) {
    let rust = p.add(LogClasses::new()).name("rust").classes;
    p.add(PythonReadMetrics::new().metrics(rust)).name("rust-to-python");
    let python = p.add(PythonLogClasses::new()).name("python").classes;
    let names = ["confidenceMetrics", "confusionMatrix"];
    p.add(ReadMetrics::new().metrics(python).names(names)).name("python-to-rust");
}

#[pipeline(name = "metrics-to-a-container")]
fn metrics_to_a_container(p: &Pipeline) {
    let metrics = p.add(LogAccuracy::new().accuracy(0.75)).name("log").metrics;
    p.add(ContainerMeasure::new().metrics(metrics)).name("measure");
}

#[pipeline(name = "metrics-of-a-container")]
fn metrics_of_a_container(p: &Pipeline) {
    let metrics = p.add(ContainerLogNothing::new()).name("log").metrics;
    p.add(ReadMetrics::new().metrics(metrics).names(["accuracy"])).name("behind");
    p.add(EchoText::new().value("beside")).name("beside");
}

#[pipeline(name = "metrics-of-a-notebook")]
fn metrics_of_a_notebook(p: &Pipeline, accuracy: In<f64>) {
    let metrics = p.add(NotebookLogAccuracy::new().accuracy(accuracy)).name("log").metrics;
    p.add(ReadMetrics::new().metrics(metrics).names(["accuracy"])).name("read");
}

#[pipeline(name = "metrics-without-values")]
fn metrics_without_values(p: &Pipeline) {
    let rust = p.add(LogNothing::new()).name("rust").metrics;
    p.add(ReadMetrics::new().metrics(rust).names(["accuracy"])).name("behind-rust");
    let python = p.add(PythonLogNothing::new()).name("python").metrics;
    p.add(ReadMetrics::new().metrics(python).names(["accuracy"])).name("behind-python");
}

#[pipeline(name = "model-with-only-metadata")]
fn model_with_only_metadata(p: &Pipeline) {
    p.add(DescribeModel::new()).name("rust");
    p.add(PythonDescribeModel::new()).name("python");
}

#[pipeline(name = "optional-metrics")]
fn optional_metrics(p: &Pipeline, accuracy: In<f64>) {
    let rust = p.add(LogAboveZero::new().accuracy(accuracy)).name("rust").metrics;
    p.add(ReadOptional::new().file(rust)).name("read-rust");
    let python = p.add(PythonLogAboveZero::new().accuracy(accuracy)).name("python").metrics;
    p.add(ReadOptional::new().file(python)).name("read-python");
}

#[pipeline(name = "metrics-collected")]
fn metrics_collected(p: &Pipeline) {
    let rust = p
        .parallel_for([0.5, 0.75])
        .name("rust")
        .each(|p, accuracy| p.add(LogAccuracy::new().accuracy(accuracy)).name("log-rust").metrics);
    p.add(ReadTexts::new().files(rust)).name("all-of-rust");
    p.parallel_for(rust).name("each-of-rust").each(|p, metrics| {
        p.add(ReadMetadata::new().file(metrics).names(["accuracy"])).name("read-rust");
    });
    let python = p
        .parallel_for([0.5, 0.75])
        .name("python")
        .each(|p, accuracy| p.add(PythonLogAccuracy::new().accuracy(accuracy)).name("log-python").metrics);
    p.add(ReadTexts::new().files(python)).name("all-of-python");
}

#[pipeline(name = "cache-of-metrics")]
fn cache_of_metrics(p: &Pipeline, accuracy: In<f64>) {
    let names = ["accuracy"];
    let kept = p.add(LogAccuracy::new().accuracy(accuracy)).name("kept").cache("1h").metrics;
    p.add(ReadMetrics::new().metrics(kept).names(names)).name("read-kept");
    // The file is always empty, so the metadata decides whether the result of the reader is found.
    let again = p.add(PythonLogAccuracy::new().accuracy(accuracy)).name("again").metrics;
    p.add(ReadMetadata::new().file(again).names(names)).name("read-again").cache("1h");
}

fn accuracy(value: f64) -> Value {
    json!({"content": "", "metadata": {"accuracy": value}})
}

fn classes() -> Value {
    json!({"content": "", "metadata": {
        "confidenceMetrics": [{"confidenceThreshold": 0.5, "falsePositiveRate": 0.25, "recall": 1}],
        "confusionMatrix": {
            "annotationSpecs": [{"displayName": "cat"}, {"displayName": "dog"}],
            "rows": [{"row": [8, 1]}, {"row": [2, 9]}],
        },
    }})
}

fn without_file() -> Vec<Case> {
    vec![
        Case::new("metrics-without-reader", MetricsWithoutReader::definition).run(
            Run::succeeds()
                .succeeded("rust")
                .succeeded("rust-classes")
                .succeeded("python")
                .succeeded("python-classes"),
        ),
        Case::new("metrics-with-readers", MetricsWithReaders::definition).run(
            Run::succeeds()
                .succeeded("rust")
                .returned_all("rust-to-rust", accuracy(0.75))
                .returned_all("rust-to-python", accuracy(0.75))
                .succeeded("python")
                .returned_all("python-to-rust", accuracy(0.5))
                .returned_all("python-to-python", accuracy(0.5)),
        ),
        Case::new("classes-with-readers", ClassesWithReaders::definition).run(
            Run::succeeds()
                .succeeded("rust")
                .returned_all("rust-to-python", classes())
                .succeeded("python")
                .returned_all("python-to-rust", classes()),
        ),
        Case::new("metrics-to-a-container", MetricsToAContainer::definition)
            .needs_containers()
            .run(Run::succeeds().succeeded("log").returned_all("measure", json!({"bytes": 0}))),
        Case::new("metrics-of-a-notebook", MetricsOfANotebook::definition)
            .needs_notebooks()
            .local_only(
                "the image of Python steps has only the standard library, and pods cannot reach a package index",
            )
            .run(
                Run::succeeds()
                    .argument("accuracy", 0.5)
                    .succeeded("log")
                    .returned_all("read", accuracy(0.5)),
            )
            .run(Run::fails().argument("accuracy", 0.0).failed_with("log", 10).omitted(&["read"])),
    ]
}

fn without_values() -> Vec<Case> {
    vec![
        Case::new("metrics-without-values", MetricsWithoutValues::definition).run(
            Run::fails()
                .failed_with("rust", 10)
                .failed_with("python", 10)
                .omitted(&["behind-rust", "behind-python"]),
        ),
        Case::new("model-with-only-metadata", ModelWithOnlyMetadata::definition)
            .run(Run::fails().failed_with("rust", 10).failed_with("python", 10)),
        // The container succeeds, but Argo cannot store its artifact, which is an error there.
        Case::new("metrics-of-a-container", MetricsOfAContainer::definition)
            .needs_containers()
            .run(Run::refuses().refused("log").omitted(&["behind"]).returned("beside", "beside")),
        Case::new("optional-metrics", OptionalMetrics::definition)
            .run(
                Run::succeeds()
                    .argument("accuracy", 0.5)
                    .succeeded("rust")
                    .returned("read-rust", "")
                    .succeeded("python")
                    .returned("read-python", ""),
            )
            .run(
                Run::succeeds()
                    .argument("accuracy", 0.0)
                    .returned_all("rust", json!({"metrics": null}))
                    .returned("read-rust", "nothing")
                    .returned_all("python", json!({"metrics": null}))
                    .returned("read-python", "nothing"),
            ),
    ]
}

fn kept() -> Vec<Case> {
    let value = |value: f64| Run::succeeds().argument("accuracy", value).succeeded("again");
    vec![
        Case::new("metrics-collected", MetricsCollected::definition).run(
            Run::succeeds()
                .succeeded("0/log-rust")
                .succeeded("1/log-rust")
                .returned("all-of-rust", json!(["", ""]))
                .returned("0/read-rust", json!({"accuracy": 0.5}))
                .returned("1/read-rust", json!({"accuracy": 0.75}))
                .succeeded("0/log-python")
                .succeeded("1/log-python")
                .returned("all-of-python", json!(["", ""])),
        ),
        Case::new("cache-of-metrics", CacheOfMetrics::definition)
            .run(
                value(0.5)
                    .succeeded("kept")
                    .returned_all("read-kept", accuracy(0.5))
                    .returned("read-again", json!({"accuracy": 0.5})),
            )
            .run(
                value(0.5)
                    .cached_files("kept")
                    .returned_all("read-kept", accuracy(0.5))
                    .cached("read-again", json!({"accuracy": 0.5})),
            )
            .run(
                value(0.75)
                    .succeeded("kept")
                    .returned_all("read-kept", accuracy(0.75))
                    .returned("read-again", json!({"accuracy": 0.75})),
            ),
    ]
}

pub(super) fn cases() -> Vec<Case> {
    [without_file(), without_values(), kept()].into_iter().flatten().collect()
}
