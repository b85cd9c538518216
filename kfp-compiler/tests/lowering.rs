//! Every fixture in `lowering/` is a document; its YAML and its picture are snapshots beside it.

use std::fs;
use std::path::{Path, PathBuf};

use kfp_compiler::argo::Workflow;
use kfp_compiler::check::check;
use kfp_compiler::emit::{mermaid::mermaid, yaml::yaml};
use kfp_compiler::lower::{Options, lower};
use kfp_compiler::shim;
use kfp_model::Document;

fn fixtures() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lowering");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    paths.sort();
    assert!(!paths.is_empty());
    paths
}

fn options() -> Options {
    Options {
        image: Some("registry.example/pipelines:1".to_owned()),
        python_image: Some("python:3.11-slim".to_owned()),
        ..Options::default()
    }
}

fn lowered(document: &Document) -> (String, String) {
    let outcome = check(document, &document.pipelines[0]);
    let checked = outcome.checked.unwrap_or_else(|| panic!("{:#?}", outcome.diagnostics));
    let mut workflow = lower(&checked, &options()).unwrap();
    shorten_shim(&mut workflow);
    (yaml(&workflow), mermaid(&checked))
}

/// The shim has tests of its own; here it would only make every change of it a change of every snapshot.
fn shorten_shim(workflow: &mut Workflow) {
    for parameter in &mut workflow.spec.arguments.parameters {
        if parameter.value.as_deref() == Some(shim::SOURCE) {
            parameter.value = Some("import json\nprint('the shim')\n".to_owned());
        }
    }
}

#[test]
fn documents_become_the_reviewed_workflows() {
    insta::with_settings!({snapshot_path => "lowering", prepend_module_to_snapshot => false, omit_expression => true}, {
        for path in fixtures() {
            let name = path.file_stem().unwrap().to_str().unwrap();
            let document = Document::from_json(&fs::read_to_string(&path).unwrap()).unwrap_or_else(|error| panic!("{name}: {error:?}"));
            let (workflow, picture) = lowered(&document);
            insta::assert_snapshot!(format!("{name}.yaml"), workflow);
            insta::assert_snapshot!(format!("{name}.mermaid"), picture);
        }
    });
}

#[test]
fn the_position_of_tasks_has_no_meaning() {
    for path in fixtures() {
        let mut document = Document::from_json(&fs::read_to_string(&path).unwrap()).unwrap();
        let before = lowered(&document);
        document.pipelines[0].root.tasks.reverse();
        document.components.reverse();
        assert_eq!(lowered(&document), before, "{}", path.display());
    }
}
