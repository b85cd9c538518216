//! Artifacts that a step may leave out, and artifact types.

use kfp_sdk::prelude::*;
use serde_json::{Value, json};
use tests::conformance::Run;

use crate::case::Case;
use crate::components::{
    EchoText, Index, PythonWriteUnless, ReadIndex, ReadMetadata, ReadOptional, ReadOptionals, ReadText,
    WriteKinds, WriteText, WriteUnless,
};

#[pipeline(name = "optional-output")]
fn optional_output(p: &Pipeline, text: In<String>) {
    let file = p.add(WriteUnless::new().text(text).unless("none")).name("write").file;
    let spare = p.add(WriteText::new().text("spare")).name("spare").file;
    p.add(ReadOptional::new().file(file)).name("option");
    p.add(ReadText::new().file(file.or(spare))).name("fallback");
    p.when("written", file.is_some(), |p| p.add(EchoText::new().value("written")).name("told"));
}

#[pipeline(name = "optional-output-of-python")]
fn optional_output_of_python(p: &Pipeline, text: In<String>) {
    let file = p.add(PythonWriteUnless::new().text(text).unless("none")).name("write").file;
    p.add(ReadOptional::new().file(file)).name("option");
}

#[pipeline(name = "optional-outputs-collected")]
fn optional_outputs_collected(p: &Pipeline) {
    let files = p
        .parallel_for(["a", "none", "b"])
        .each(|p, text| p.add(WriteUnless::new().text(text).unless("none")).name("write").file);
    p.add(ReadOptionals::new().files(files)).name("all");
    p.parallel_for(files).name("one-by-one").each(|p, file| {
        p.add(ReadOptional::new().file(file)).name("one");
    });
}

#[pipeline(name = "inner-with-optional-output")]
fn inner_with_optional_output(p: &Pipeline, text: In<String>) -> Out<Option<Dataset>> {
    p.add(WriteUnless::new().text(text).unless("none")).name("write").file
}

#[pipeline(name = "optional-output-of-a-pipeline")]
fn optional_output_of_a_pipeline(p: &Pipeline) {
    for text in ["some", "none"] {
        let file = p.add(InnerWithOptionalOutput::new().text(text)).name(text).output;
        p.add(ReadOptional::new().file(file)).name(&format!("read-{text}"));
    }
}

#[pipeline(name = "kinds-of-artifacts")]
fn kinds_of_artifacts(p: &Pipeline) {
    let kinds = p.add(WriteKinds::new()).name("write");
    p.add(ReadIndex::new().index(kinds.index)).name("index");
    p.add(ReadText::new().file(kinds.index)).name("as-artifact");
    p.add(ReadText::new().file(kinds.page)).name("html");
    p.add(ReadText::new().file(kinds.notes)).name("markdown");
    p.add(ReadMetadata::new().file(kinds.classification).names(["confidenceMetrics", "confusionMatrix"]))
        .name("classification");
    p.add(ReadMetadata::new().file(kinds.metrics).names(["accuracy"])).name("metrics");
    let indexes: Out<Vec<Index>> =
        p.parallel_for([1_i64]).each(|p, _| p.add(WriteKinds::new()).name("again").index);
    p.parallel_for(indexes)
        .name("indexes")
        .each(|p, index| p.add(ReadIndex::new().index(index)).name("each"));
}

pub(super) fn cases() -> Vec<Case> {
    let absent = || json!({"file": null});
    let text = |text: &str| Run::succeeds().argument("text", text);
    let point = |threshold: f64, negatives: f64, positives: f64| json!({"confidenceThreshold": threshold, "falsePositiveRate": negatives, "recall": positives});
    let names: Vec<Value> = ["cat", "dog"].iter().map(|name| json!({"displayName": name})).collect();
    let matrix = json!({"annotationSpecs": names, "rows": [{"row": [8, 1]}, {"row": [2, 9]}]});
    let points = json!([point(0.9, 0.0, 0.5), point(0.5, 0.25, 1.0)]);
    vec![
        Case::new("optional-output", OptionalOutput::definition)
            .run(
                text("given")
                    .succeeded("write")
                    .succeeded("spare")
                    .returned("option", "given")
                    .returned("fallback", "given")
                    .returned("told", "written"),
            )
            .run(
                text("none")
                    .returned_all("write", absent())
                    .succeeded("spare")
                    .returned("option", "nothing")
                    .returned("fallback", "spare")
                    .skipped(&["told"]),
            ),
        Case::new("optional-output-of-python", OptionalOutputOfPython::definition)
            .run(text("given").succeeded("write").returned("option", "given"))
            .run(text("none").returned_all("write", absent()).returned("option", "nothing")),
        Case::new("optional-outputs-collected", OptionalOutputsCollected::definition).run(
            Run::succeeds()
                .succeeded("0/write")
                .returned_all("1/write", absent())
                .succeeded("2/write")
                .returned("all", json!(["a", "nothing", "b"]))
                .returned("0/one", "a")
                .returned("1/one", "nothing")
                .returned("2/one", "b"),
        ),
        Case::new("optional-output-of-a-pipeline", OptionalOutputOfAPipeline::definition).run(
            Run::succeeds()
                .succeeded("some/write")
                .returned("read-some", "some")
                .returned_all("none/write", absent())
                .returned("read-none", "nothing"),
        ),
        Case::new("kinds-of-artifacts", KindsOfArtifacts::definition).run(
            Run::succeeds()
                .succeeded("write")
                .returned("index", "vectors of 3")
                .returned("as-artifact", "vectors")
                .returned("html", "<p>page</p>")
                .returned("markdown", "# notes")
                .returned("classification", json!({"confidenceMetrics": points, "confusionMatrix": matrix}))
                .returned("metrics", json!({"accuracy": 0.75}))
                .succeeded("0/again")
                .returned("0/each", "vectors of 3"),
        ),
    ]
}
