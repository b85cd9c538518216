//! Lowers each document in `lowering/`, and compares its YAML and its picture with the snapshots next to it. Each
//! document is a separate test.
#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test panics if it cannot continue")]

mod documents;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use kfp_argo::depends::Depends;
use kfp_argo::text::Text;
use kfp_argo::yaml::yaml;
use kfp_argo::{Template, Workflow};
use kfp_compiler::check::check;
use kfp_compiler::emit::mermaid::mermaid;
use kfp_compiler::lower::{Lowering, NodeMap, Options, Store, lower, preflight};
use kfp_compiler::shim;
use kfp_diag::{Code, Diagnostic, Format, NoSources, Surroundings, render};
use kfp_model::{Document, KeyReference, Place, Region, TaskKind};
use libtest_mimic::{Arguments, Trial};
use serde_json::Value;

use crate::documents::{chain_around_chain, large_ones, rejected};

/// A test of a document.
type Test = fn(&Document);

fn main() -> ExitCode {
    let of_all: [(&str, Test); 2] = [
        ("all_references_are_resolved", all_references_are_resolved),
        ("the_node_map_can_be_read_from_a_workflow", the_node_map_can_be_read_from_a_workflow),
    ];
    let mut trials = Vec::new();
    let mut add = |what: &str, name: &str, test: Box<dyn FnOnce() + Send>| {
        trials.push(Trial::test(format!("{what}::{name}"), move || {
            test();
            Ok(())
        }));
    };
    let documents: Vec<(String, Document)> = fixtures().iter().map(|path| fixture(path)).collect();
    let large = large_ones().into_iter().chain([("chain-around-chain", chain_around_chain())]);
    let large = large.map(|(name, document)| (name.to_owned(), document));
    for (name, document) in documents.iter().cloned().chain(large) {
        for (what, test) in of_all {
            let document = document.clone();
            add(what, &name, Box::new(move || test(&document)));
        }
    }
    for (name, document) in documents {
        let (of, copy) = (name.clone(), document.clone());
        let test = move || documents_become_the_reviewed_workflows(&of, &copy);
        add("documents_become_the_reviewed_workflows", &name, Box::new(test));
        let test = move || the_position_of_tasks_has_no_meaning(&document);
        add("the_position_of_tasks_has_no_meaning", &name, Box::new(test));
    }
    for (name, document) in large_ones() {
        let test = move || large_pipelines_share_templates(name, &document);
        add("large_pipelines_share_templates", name, Box::new(test));
    }
    for (name, document, options) in rejected() {
        let test = move || what_cannot_be_lowered_is_reported(name, &document, &options);
        add("what_cannot_be_lowered_is_reported", name, Box::new(test));
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// Returns the name and the document of a file.
fn fixture(path: &Path) -> (String, Document) {
    let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
    let document = Document::from_json(&fs::read_to_string(path).unwrap());
    (name.clone(), document.unwrap_or_else(|error| panic!("{name}: {error:?}")))
}

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
    let program = outcome.program.unwrap_or_else(|| panic!("{:#?}", outcome.diagnostics));
    let mut options = options();
    if takes_uris(document) {
        options.pipeline_root = Some("s3://bucket/team".parse().unwrap());
    }
    options.stores = stores();
    let mut workflow = lower(&program, &options).unwrap().workflow;
    shorten_shim(&mut workflow);
    (yaml(&workflow), mermaid(program.root()))
}

/// A store with keys, and one that uses the identity of the pod.
fn stores() -> BTreeMap<String, Store> {
    let key = |key: &str| Some(KeyReference { name: "minio".to_owned(), key: key.to_owned() });
    let lake = Store {
        endpoint: Some("minio.example.org:9000".to_owned()),
        insecure: true,
        region: Some("eu".to_owned()),
        access_key: key("access"),
        secret_key: key("secret"),
        ..Store::new("lake")
    };
    let public = Store {
        endpoint: Some("s3.amazonaws.com".to_owned()),
        image: Some("example.org/cp:1".to_owned()),
        ..Store::new("s3")
    };
    BTreeMap::from([("lake".to_owned(), lake), ("public".to_owned(), public)])
}

/// Whether the pipeline has artifacts as inputs.
fn takes_uris(document: &Document) -> bool {
    document.pipelines[0].inputs.values().any(|input| input.r#type.artifact().is_some())
}

/// Replaces the shim, which has separate tests, so that a change of it does not change every snapshot.
fn shorten_shim(workflow: &mut Workflow) {
    for parameter in &mut workflow.spec.arguments.parameters {
        if parameter.value.as_ref().and_then(Text::as_literal) == Some(shim::SOURCE) {
            parameter.value = Some("import json\nprint('the shim')\n".into());
        }
    }
}

fn documents_become_the_reviewed_workflows(name: &str, document: &Document) {
    let (workflow, picture) = lowered(document);
    insta::with_settings!({snapshot_path => ".", prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!(format!("{name}.yaml"), workflow);
        insta::assert_snapshot!(format!("{name}.mermaid"), picture);
    });
}

/// Returns the names in the text between a prefix and an end character.
fn names_between<'t>(text: &'t str, start: &str, end: char) -> Vec<&'t str> {
    text.split(start).skip(1).filter_map(|rest| rest.split(end).next()).collect()
}

/// Returns references to tasks, templates, inputs and arguments that do not exist.
fn unresolved(workflow: &Workflow) -> Vec<String> {
    let templates: BTreeMap<&str, &Template> =
        workflow.spec.templates.iter().map(|template| (template.name.as_str(), template)).collect();
    let inputs = |template: &Template| -> BTreeSet<String> {
        template.inputs.parameters.iter().map(|parameter| parameter.name.clone()).collect()
    };
    let mut found = Vec::new();
    for template in templates.values() {
        let text = serde_json::to_string(template).unwrap();
        let tasks = || template.dag.iter().flat_map(|dag| &dag.tasks);
        let names: BTreeSet<&str> = tasks().map(|task| task.name.as_str()).collect();
        let depends = tasks().filter_map(|task| task.depends.as_ref()).flat_map(Depends::dependencies);
        let dependencies = depends.map(|dependency| dependency.task.as_str());
        let read =
            names_between(&text, "tasks['", '\'').into_iter().chain(names_between(&text, "{{tasks.", '.'));
        let unknown = dependencies.chain(read).filter(|name| !names.contains(name));
        found.extend(unknown.map(|name| format!("{}: task {name}", template.name)));
        let used = names_between(&text, "inputs.parameters['", '\'');
        let used = used.into_iter().chain(names_between(&text, "{{inputs.parameters.", '}'));
        let unknown = used.filter(|name| !inputs(template).contains(*name));
        found.extend(unknown.map(|name| format!("{}: input {name}", template.name)));
        for task in tasks() {
            let Some(called) = templates.get(task.template.as_str()) else {
                found.push(format!("{}: template {}", template.name, task.template));
                continue;
            };
            let passed: BTreeSet<String> =
                task.arguments.parameters.iter().map(|parameter| parameter.name.clone()).collect();
            if called.suspend.is_none() && passed != inputs(called) {
                found.push(format!("{}: arguments of {}", template.name, task.name));
            }
        }
    }
    found
}

fn all_references_are_resolved(document: &Document) {
    let outcome = check(document, &document.pipelines[0]);
    let program = outcome.program.unwrap_or_else(|| panic!("{:#?}", outcome.diagnostics));
    let pipeline_root = Some("s3://bucket/team".parse().unwrap());
    let options = Options { pipeline_root, stores: stores(), ..options() };
    let workflow = lower(&program, &options).unwrap().workflow;
    assert_eq!(unresolved(&workflow), Vec::<String>::new());
}

fn the_node_map_can_be_read_from_a_workflow(document: &Document) {
    let outcome = check(document, &document.pipelines[0]);
    let program = outcome.program.unwrap();
    let pipeline_root = Some("s3://bucket/team".parse().unwrap());
    let lowering = lower(&program, &Options { pipeline_root, stores: stores(), ..options() }).unwrap();
    let workflow: Value = serde_saphyr::from_str(&yaml(&lowering.workflow)).unwrap();
    assert_eq!(NodeMap::of_workflow(&workflow), Ok(lowering.nodes));
}

fn the_position_of_tasks_has_no_meaning(document: &Document) {
    let mut document = document.clone();
    let before = lowered(&document);
    document.pipelines[1..].reverse();
    document.pipelines.iter_mut().for_each(|pipeline| reverse(&mut pipeline.root));
    document.components.reverse();
    assert_eq!(lowered(&document), before);
}

/// Reverses everything in the region whose order has no meaning.
fn reverse(region: &mut Region) {
    region.tasks.reverse();
    for task in &mut region.tasks {
        task.after.reverse();
        match &mut task.kind {
            TaskKind::Call(call) => call.arguments.reverse(),
            TaskKind::Branch(branch) => {
                branch
                    .arms
                    .iter_mut()
                    .map(|arm| &mut arm.region)
                    .chain(&mut branch.otherwise)
                    .for_each(reverse);
            }
            TaskKind::Loop(repeat) => reverse(&mut repeat.body),
            TaskKind::ExitHandler(handler) => {
                reverse(&mut handler.body);
                reverse(&mut handler.exit);
            }
            TaskKind::Approval(_) | TaskKind::Import(_) => {}
        }
    }
}

/// The rejected documents that could be lowered with other options.
const DUE_TO_OPTIONS: [&str; 5] = [
    "KFP0601-artifact-input",
    "KFP0602-no-image",
    "KFP0608-unknown-store",
    "KFP0608-no-endpoint",
    "KFP0612-options",
];

fn large_pipelines_share_templates(name: &str, document: &Document) {
    let outcome = check(document, &document.pipelines[0]);
    let program = outcome.program.unwrap_or_else(|| panic!("{name}: {:#?}", outcome.diagnostics));
    let Lowering { workflow, warnings, pods, .. } =
        lower(&program, &options()).unwrap_or_else(|found| panic!("{name}: {found:#?}"));
    let surroundings = Surroundings { written: None, locations: &document.locations, world: &NoSources };
    let mut text = render(&warnings, surroundings, Format::Text, false);
    let templates = &workflow.spec.templates;
    assert!(templates.len() <= 200, "{name}: {}", templates.len());
    text += &format!("\nat most {pods} pods, {} templates:\n", templates.len());
    for template in templates.iter().take(12) {
        let tasks = template.dag.as_ref().map_or(0, |dag| dag.tasks.len());
        text += &format!("{} with {tasks} tasks\n", template.name);
    }
    insta::with_settings!({snapshot_path => ".", prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!(name, text);
    });
}

fn what_cannot_be_lowered_is_reported(name: &str, document: &Document, options: &Options) {
    let outcome = check(document, &document.pipelines[0]);
    let program = outcome.program.unwrap_or_else(|| panic!("{name}: {:#?}", outcome.diagnostics));
    let Err(diagnostics) = lower(&program, options) else { panic!("{name}: no errors") };
    let places = |diagnostics: &[Diagnostic]| -> Vec<(Code, Place)> {
        diagnostics.iter().map(|found| (found.code, found.primary.place.clone())).collect()
    };
    let early = preflight(&program, &Options { target: options.target, ..Options::default() });
    let known = if DUE_TO_OPTIONS.contains(&name) { Vec::new() } else { places(&diagnostics) };
    assert_eq!(places(&early), known, "{name}");
    let surroundings = Surroundings { written: None, locations: &document.locations, world: &NoSources };
    let text = render(&diagnostics, surroundings, Format::Text, false);
    insta::with_settings!({snapshot_path => ".", prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!(name, text);
    });
}
