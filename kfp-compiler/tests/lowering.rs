//! Every fixture in `lowering/` is a document; its YAML and its picture are snapshots beside it.
#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::{Path, PathBuf};

use indexmap::IndexMap;
use kfp_compiler::argo::Workflow;
use kfp_compiler::check::check;
use kfp_compiler::diag::{Format, NoSources, Surroundings, render};
use kfp_compiler::emit::{mermaid::mermaid, yaml::yaml};
use kfp_compiler::lower::{Options, lower};
use kfp_compiler::shim;
use kfp_model::{
    ArtifactType, Document, Duration, Expression, Import, Policy, Task, TaskId, TaskKind, Trigger, Type,
};

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
    let mut options = options();
    if takes_uris(document) {
        options.pipeline_root = Some("s3://bucket/team".parse().unwrap());
    }
    let mut workflow = lower(&checked, &options).unwrap();
    shorten_shim(&mut workflow);
    (yaml(&workflow), mermaid(&checked))
}

/// Whether the pipeline has artifacts from outside.
fn takes_uris(document: &Document) -> bool {
    document.pipelines[0].inputs.values().any(|input| input.r#type.artifact().is_some())
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

/// Documents that cannot be lowered, by the code that says so: changes of one small document.
fn refused() -> Vec<(&'static str, Document, Options)> {
    let base = || Document::from_json(include_str!("lowering/policies.json")).unwrap();
    let many = |count: usize, policy: fn(usize) -> Policy| {
        let mut document = base();
        let tasks = &mut document.pipelines[0].root.tasks;
        let model = tasks[0].clone();
        *tasks = (0..count)
            .map(|idx| Task {
                id: TaskId(format!("task-{idx}")),
                name: format!("task-{idx}"),
                policy: policy(idx),
                ..model.clone()
            })
            .collect();
        document
    };
    let timeout = |idx| Policy { timeout: Some(Duration::from_seconds(idx as u64 + 1)), ..Policy::default() };
    // Tasks that ignore failures cannot be parted from what they ignore.
    let mut inseparable = many(201, |_| Policy::default());
    for task in inseparable.pipelines[0].root.tasks.iter_mut().skip(1) {
        task.after = vec![TaskId("task-0".to_owned())];
        task.trigger = Trigger::AllDone;
    }
    let mut large = base();
    large.pipelines[0].description = "x".repeat(1_000_000);
    let mut imported = base();
    imported.pipelines[0].root.tasks = vec![Task {
        id: TaskId("rows".to_owned()),
        name: "rows".to_owned(),
        kind: TaskKind::Import(Import {
            uri: Expression::Constant("s3://elsewhere/rows.csv".into()),
            r#type: Type::Artifact(ArtifactType {
                name: "system.Dataset".to_owned(),
                version: "0.0.1".to_owned(),
            }),
            metadata: IndexMap::new(),
        }),
        after: Vec::new(),
        policy: Policy::default(),
        trigger: Trigger::default(),
    }];
    vec![
        ("KFP0601-import", imported, options()),
        ("KFP0602-no-image", base(), Options::default()),
        ("KFP0603-templates", many(199, timeout), options()),
        ("KFP0604-tasks", inseparable, options()),
        ("KFP0605-bytes", large, options()),
    ]
}

#[test]
fn what_cannot_be_lowered_is_told() {
    for (name, document, options) in refused() {
        let outcome = check(&document, &document.pipelines[0]);
        let checked = outcome.checked.unwrap_or_else(|| panic!("{name}: {:#?}", outcome.diagnostics));
        let Err(diagnostics) = lower(&checked, &options) else { panic!("{name}: nothing is refused") };
        let surroundings = Surroundings { written: None, locations: &document.locations, world: &NoSources };
        let text = render(&diagnostics, surroundings, Format::Text, false);
        insta::with_settings!({snapshot_path => "lowering", prepend_module_to_snapshot => false, omit_expression => true}, {
            insta::assert_snapshot!(name, text);
        });
    }
}
