//! Python modules that steps import.

use kfp_sdk::prelude::*;
use serde_json::json;
use tests::conformance::Run;

use crate::case::Case;
use crate::components::{ConvertInNotebook, PythonArea, ReadText};

#[pipeline(name = "python-modules")]
fn python_modules(p: &Pipeline, unit: In<String>) {
    let area = p.add(PythonArea::new().width(2).height(0.5).unit(unit));
    p.add(ReadText::new().file(area.report));
}

#[pipeline(name = "notebook-modules")]
fn notebook_modules(p: &Pipeline) -> Out<f64> {
    p.add(ConvertInNotebook::new().length(1.5).unit("km")).output
}

pub(super) fn cases() -> Vec<Case> {
    let label = "{{x}} $(HOME) 'é' \"\"\"";
    vec![
        Case::new("python-modules", PythonModules::definition)
            .run(
                Run::succeeds()
                    .argument("unit", "km")
                    .returned_all("python-area", json!({"area": 1_000_000.0, "label": label}))
                    .returned("read-text", "area 1000000.0"),
            )
            .run(Run::fails().argument("unit", "mile").failed_with("python-area", 1).omitted(&["read-text"])),
        Case::new("notebook-modules", NotebookModules::definition)
            .needs_notebooks()
            .local_only(super::notebooks::NOT_ON_A_CLUSTER)
            .run(Run::succeeds().returned("convert-in-notebook", 1500.0).output(1500.0)),
    ]
}
