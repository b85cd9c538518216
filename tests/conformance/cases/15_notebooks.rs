//! Notebook steps: their inputs, their outputs, and how they fail.

use kfp_sdk::prelude::*;
use serde_json::json;
use tests::conformance::Run;

use crate::case::Case;
use crate::components::{DoubleInNotebook, EchoInteger, Measure, ReadMetadata, ReadText, WriteText};

#[pipeline(name = "notebook")]
fn notebook(p: &Pipeline, text: In<String>, limit: In<i64>, label: In<String>, token: In<Secret>) {
    let table = p.add(WriteText::new().text(text)).file;
    let call = Measure::new().table(table).limit(limit).rate(1.0).label(label).sizes([1, 2]).token(token);
    let measured = p.add(call);
    p.add(ReadText::new().file(measured.kept));
    p.add(ReadMetadata::new().file(measured.kept).names(["lines"]));
    p.add(EchoInteger::new().value(measured.count)).name("count");
}

#[pipeline(name = "notebooks-at-once")]
fn notebooks_at_once(p: &Pipeline) -> Out<Vec<serde_json::Value>> {
    p.parallel_for([1_i64, 2, 3]).each(|p, item| p.add(DoubleInNotebook::new().value(item)).output)
}

pub(super) const NOT_ON_A_CLUSTER: &str =
    "the image of Python steps has only the standard library, and pods cannot reach a package index";

/// Returns what a notebook returns if it sees no sockets of kernels.
fn doubled(value: i64) -> serde_json::Value {
    json!({"doubled": 2 * value, "sockets": []})
}

pub(super) fn cases() -> Vec<Case> {
    let with_inputs = |run: Run, text: &str, limit: i64| {
        run.argument("text", text)
            .argument("limit", limit)
            .argument("label", "{{x}} $(HOME) 'é' \"\"\"")
            .argument("token", "conformance-team/token")
            .secret("conformance-team/token", "12345")
            .succeeded("write-text")
    };
    let inputs = json!(["{{x}} $(HOME) 'é' \"\"\"", "float", 1.0, [1, 2], null, 5, 5]);
    let behind = ["read-text", "read-metadata", "count"];
    vec![
        Case::new("notebook", Notebook::definition)
            .needs_notebooks()
            .local_only(NOT_ON_A_CLUSTER)
            .run(
                with_inputs(Run::succeeds(), "a\nlong\nlonger", 3)
                    .returned_all("measure", json!({"count": 2, "told": inputs}))
                    .returned("read-text", "long\nlonger")
                    .returned("read-metadata", json!({"lines": 2}))
                    .returned("count", 2),
            )
            .run(with_inputs(Run::fails(), "a", -1).failed_with("measure", 1).omitted(&behind))
            .run(with_inputs(Run::fails(), "", 1).failed_with("measure", 75).omitted(&behind)),
        Case::new("notebooks-at-once", NotebooksAtOnce::definition)
            .needs_notebooks()
            .local_only(NOT_ON_A_CLUSTER)
            .run(
                Run::succeeds()
                    .returned("0/double-in-notebook", doubled(1))
                    .returned("1/double-in-notebook", doubled(2))
                    .returned("2/double-in-notebook", doubled(3))
                    .output(json!([doubled(1), doubled(2), doubled(3)])),
            ),
    ]
}
