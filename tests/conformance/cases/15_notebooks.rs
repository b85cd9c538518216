//! Steps that are notebooks: what they are given, what they give, and how they fail.

use kfp_sdk::prelude::*;
use serde_json::json;
use tests::conformance::Run;

use crate::case::Case;
use crate::components::{EchoInteger, Measure, ReadMetadata, ReadText, WriteText};

#[pipeline(name = "notebook")]
fn notebook(p: &Pipeline, text: In<String>, limit: In<i64>, label: In<String>, token: In<Secret>) {
    let table = p.add(WriteText::new().text(text)).file;
    let call = Measure::new().table(table).limit(limit).rate(1.0).label(label).sizes([1, 2]).token(token);
    let measured = p.add(call);
    p.add(ReadText::new().file(measured.kept));
    p.add(ReadMetadata::new().file(measured.kept).names(["lines"]));
    p.add(EchoInteger::new().value(measured.count)).name("count");
}

pub(super) fn cases() -> Vec<Case> {
    let given = |run: Run, text: &str, limit: i64| {
        run.argument("text", text)
            .argument("limit", limit)
            .argument("label", "{{x}} $(HOME) 'é' \"\"\"")
            .argument("token", "conformance-team/token")
            .secret("conformance-team/token", "12345")
            .did("write-text")
    };
    let told = json!(["{{x}} $(HOME) 'é' \"\"\"", "float", 1.0, [1, 2], null, 5, 5]);
    let behind = ["read-text", "read-metadata", "count"];
    vec![
        Case::new("notebook", Notebook::definition)
            .needs_notebooks()
            .local_only(
                "its Python image has nothing that runs notebooks, and no package index is reached from pods",
            )
            .run(
                given(Run::succeeds(), "a\nlong\nlonger", 3)
                    .gave_all("measure", json!({"count": 2, "told": told}))
                    .gave("read-text", "long\nlonger")
                    .gave("read-metadata", json!({"lines": 2}))
                    .gave("count", 2),
            )
            .run(given(Run::fails(), "a", -1).failed_with("measure", 1).omitted(&behind))
            .run(given(Run::fails(), "", 1).failed_with("measure", 75).omitted(&behind)),
    ]
}
