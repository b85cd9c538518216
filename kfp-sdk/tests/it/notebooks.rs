//! Notebooks are embedded in the document, without the outputs of their cells.

use kfp_model::Implementation;
use kfp_sdk::prelude::*;
use serde_json::{Value, json};

use crate::components::{PreprocessData, TrainInNotebook};

#[pipeline]
fn in_a_notebook(p: &Pipeline) -> Out<f64> {
    let rows = p.add(PreprocessData::new().raw_data_path("rows.csv")).processed_data;
    p.add(TrainInNotebook::new().rows(rows).rate(0.5)).output
}

#[test]
fn a_notebook_is_embedded_without_outputs() {
    let document = InANotebook::definition();
    assert_eq!(document.problems, []);
    let component =
        document.components.values().find(|component| component.name == "train-in-notebook").unwrap();
    let Implementation::Notebook(step) = &component.implementation else { panic!("{component:#?}") };
    assert_eq!(step.file, "tests/it/components/train.ipynb");
    assert_eq!(
        (step.image.as_deref(), step.packages.as_slice()),
        (Some("python:3.11-slim"), &["pandas==2.2.3".to_owned()][..])
    );
    let notebook: Value = serde_json::from_str(&step.source).unwrap();
    assert_eq!(notebook["cells"][0]["source"], json!(["rate = 0.5"]));
    assert_eq!(
        (&notebook["cells"][0]["outputs"], &notebook["cells"][0]["execution_count"]),
        (&json!([]), &json!(null))
    );
}
