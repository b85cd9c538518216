//! Lowers each document in `lowering/`, and compares its YAML and its picture with the snapshots next to it. Each
//! document is a separate test.
#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test panics if it cannot continue")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use indexmap::IndexMap;
use kfp_argo::depends::Depends;
use kfp_argo::text::Text;
use kfp_argo::yaml::yaml;
use kfp_argo::{Template, Workflow};
use kfp_compiler::check::check;
use kfp_compiler::emit::mermaid::mermaid;
use kfp_compiler::lower::{Lowering, NodeMap, Options, Store, lower, preflight};
use kfp_compiler::shim;
use kfp_diag::{Code, Diagnostic, Format, NoSources, Surroundings, render};
use kfp_model::{
    ArtifactType, Backoff, Document, Duration, Expression, Import, KeyReference, Place, Policy, Retry, Task,
    TaskId, TaskKind, TaskPolicy, Trigger, Type,
};
use libtest_mimic::{Arguments, Trial};
use serde_json::{Map, Value, json};

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
    insta::with_settings!({snapshot_path => "lowering", prepend_module_to_snapshot => false, omit_expression => true}, {
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
    document.pipelines[0].root.tasks.reverse();
    document.components.reverse();
    assert_eq!(lowered(&document), before);
}

/// A recursive pipeline that is nested too deeply for Argo.
fn deep() -> Document {
    let text = include_str!("lowering/recursion.json");
    let bound = text.find("\"max_depth\": ").unwrap() + "\"max_depth\": ".len();
    let end = bound + text[bound..].find(|c: char| !c.is_ascii_digit()).unwrap();
    Document::from_json(&format!("{}60{}", &text[..bound], &text[end..])).unwrap()
}

/// Documents that cannot be lowered, by code. Most are variants of one small document.
fn rejected() -> Vec<(&'static str, Document, Options)> {
    let base = || Document::from_json(include_str!("lowering/policies.json")).unwrap();
    let many = |count: usize, policy: fn(usize) -> Policy| {
        let mut document = base();
        let tasks = &mut document.pipelines[0].root.tasks;
        let model = tasks[0].clone();
        *tasks = (0..count)
            .map(|idx| Task {
                id: TaskId(format!("task-{idx}")),
                name: format!("task-{idx}"),
                policy: policy(idx).into(),
                ..model.clone()
            })
            .collect();
        document
    };
    let timeout = |idx| Policy { timeout: Some(Duration::from_seconds(idx as u64 + 1)), ..Policy::default() };
    // Tasks that run after failures cannot be in another part than their dependencies.
    let mut inseparable = many(201, |_| Policy::default());
    for task in inseparable.pipelines[0].root.tasks.iter_mut().skip(1) {
        task.after = vec![TaskId("task-0".to_owned())];
        task.trigger = Trigger::AllDone;
    }
    // The target version does not support the maximum delay of a backoff.
    let mut capped = base();
    let backoff =
        Backoff { duration: Duration::from_seconds(1), factor: None, cap: Some(Duration::from_seconds(9)) };
    let retry = Retry { limit: 2, backoff: Some(backoff), tiers: BTreeMap::new() };
    capped.pipelines[0].root.tasks[0].policy.retry = Some(retry);
    let mut large = base();
    large.pipelines[0].description = "x".repeat(1_000_000);
    let mut with_input = Document::from_json(include_str!("lowering/artifacts-by-uri.json")).unwrap();
    with_input.pipelines[0].root.tasks.retain(|task| task.name == "read");
    let mut with_list = with_input.clone();
    let mut tables = with_list.pipelines[0].inputs["table"].clone();
    tables.r#type = Type::List(Box::new(tables.r#type));
    with_list.pipelines[0].inputs.insert("tables".to_owned(), tables);
    let mut without_endpoint = options();
    without_endpoint.stores.insert("lake".to_owned(), Store::new("s3"));
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
        policy: TaskPolicy::default(),
        trigger: Trigger::default(),
    }];
    vec![
        ("KFP0601-artifact-input", with_input, options()),
        (
            "KFP0601-list-of-artifacts",
            with_list,
            Options { pipeline_root: Some("s3://bucket/team".parse().unwrap()), ..options() },
        ),
        ("KFP0601-large-type", with_large_type(), options()),
        ("KFP0602-no-image", base(), Options::default()),
        ("KFP0603-templates", many(199, timeout), options()),
        ("KFP0604-tasks", inseparable, options()),
        ("KFP0605-bytes", large, options()),
        ("KFP0608-unknown-store", imported.clone(), options()),
        ("KFP0608-no-endpoint", imported, without_endpoint),
        ("KFP0610-recursion", deep(), options()),
        ("KFP0611-version", capped, Options { target: "3.6.19".parse().unwrap(), ..options() }),
        ("KFP0612-options", base(), invalid_options()),
        ("KFP0613-values", gathered(650, true), options()),
        ("KFP0614-source", with_large_sources(), options()),
    ]
}

/// A pipeline with Python steps whose source, or whose modules, are just too long for an argument, and with two that fit.
fn with_large_sources() -> Document {
    let step = |source: usize, module: usize| {
        let source = format!("def step(): pass\n{}", "#".repeat(source - 17));
        json!({"python": {"file": "step.py", "source": source, "function": "step", "modules": {"a.py": "#".repeat(module)}}})
    };
    let limit = 128 * 1024;
    let steps = [
        ("fits", step(limit - 1, 10)),
        ("source", step(limit, 10)),
        ("fit", step(20, limit - 200)),
        ("modules", step(20, limit)),
    ];
    let call = |(name, _): &(&str, Value)| json!({"id": name, "name": name, "kind": {"call": {"callee": {"component": name}}}});
    let tasks: Vec<Value> = steps.iter().map(call).collect();
    let component = |(name, implementation): &(&str, Value)| {
        ((*name).to_owned(), json!({"name": name, "implementation": implementation}))
    };
    let components: Map<String, Value> = steps.iter().map(component).collect();
    let document = json!({
        "schema_version": 1,
        "components": components,
        "pipelines": [{"name": "large", "root": {"tasks": tasks}}],
    });
    Document::from_json(&document.to_string()).unwrap()
}

/// A pipeline with a struct input that has more fields than an expression can check, and one that is just small enough.
fn with_large_type() -> Document {
    let structure = |count: usize| {
        let fields: Map<String, Value> =
            (0..count).map(|idx| (format!("field-{idx}"), json!({"type": "integer"}))).collect();
        json!({"struct": {"name": format!("Of{count}"), "fields": fields}})
    };
    let inputs = json!({"large": {"type": structure(1000)}, "fits": {"type": structure(700)}});
    let mut document = Document::from_json(include_str!("lowering/loops.json")).unwrap();
    document.pipelines[0].inputs.extend(serde_json::from_value::<IndexMap<_, _>>(inputs).unwrap());
    document
}

/// The rejected documents that could be lowered with other options.
const DUE_TO_OPTIONS: [&str; 5] = [
    "KFP0601-artifact-input",
    "KFP0602-no-image",
    "KFP0608-unknown-store",
    "KFP0608-no-endpoint",
    "KFP0612-options",
];

/// Options that are all invalid.
fn invalid_options() -> Options {
    let lake = Store {
        endpoint: Some("https://minio.example.org:9000".to_owned()),
        region: Some("eu west".to_owned()),
        access_key: Some(KeyReference { name: "Minio".to_owned(), key: "access".to_owned() }),
        image: Some("cp:".to_owned()),
        ..Store::new("s3")
    };
    Options {
        image: Some("Registry/Pipelines:1".to_owned()),
        python_image: Some("{{python}}".to_owned()),
        service_account: Some("Pipeline Runner".to_owned()),
        stores: BTreeMap::from([("lake".to_owned(), lake)]),
        ..Options::default()
    }
}

/// A document with a pipeline of these tasks, and with identical components for all their calls.
fn document_of(tasks: Vec<Value>) -> Document {
    let mut components = Map::new();
    for task in &tasks {
        for_each_component(task, &mut |name| {
            let component = json!({"name": name, "implementation": {"rust": {}},
                "inputs": {"number": {"type": "integer", "default": 1}}, "outputs": {"number": {"type": "integer"}}});
            components.insert(name.to_owned(), component);
        });
    }
    let pipeline = json!({"name": "many", "root": {"tasks": tasks}});
    serde_json::from_value(json!({"schema_version": 1, "components": components, "pipelines": [pipeline]}))
        .unwrap()
}

fn for_each_component(value: &Value, found: &mut dyn FnMut(&str)) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                match (name.as_str(), field) {
                    ("component", Value::String(component)) => found(component),
                    (_, field) => for_each_component(field, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| for_each_component(item, found)),
        _ => {}
    }
}

fn call(name: &str, component: &str, after: &[String]) -> Value {
    json!({"id": name, "name": name, "after": after,
        "kind": {"call": {"callee": {"component": component}, "arguments": {}}}})
}

/// A loop over two numbers that calls the component with each of them.
fn repeat(name: &str, component: &str) -> Value {
    let mut inner = call(&format!("{name}.{component}"), component, &[]);
    inner["name"] = component.into();
    inner["kind"]["call"]["arguments"] = json!({"number": {"reference": {"item": name}}});
    json!({"id": name, "name": name, "kind": {"loop": {
        "items": {"constant": [1, 2]}, "body": {"tasks": [inner]}}}})
}

/// A chain that is split twice, after its first hundred tasks and inside the following loop. The task after the loop
/// also depends on a task of the first part.
fn chain_around_chain() -> Document {
    let name = |idx: usize| format!("task-{idx:03}");
    let chain = |prefix: &str, range: std::ops::Range<usize>| -> Vec<Value> {
        let id = |idx: usize| format!("{prefix}{}", name(idx));
        let before = |idx: usize| (idx > 0).then(|| id(idx - 1)).into_iter().collect::<Vec<_>>();
        let tasks = range.map(|idx| {
            let mut task = call(&id(idx), "work", &before(idx));
            task["name"] = name(idx).into();
            task
        });
        tasks.collect()
    };
    let mut tasks = chain("", 0..150);
    tasks[100] = repeat(&name(100), "work");
    tasks[100]["after"] = json!([name(99)]);
    tasks[100]["kind"]["loop"]["body"]["tasks"] = chain("task-100.", 0..150).into();
    tasks[101]["after"] = json!([name(50), name(100)]);
    document_of(tasks)
}

/// Steps, another step that receives all their results as a list, and optionally one in a loop that does the same.
fn gathered(count: usize, in_loop: bool) -> Document {
    let name = |idx: usize| format!("task-{idx:03}");
    let mut tasks: Vec<Value> = (0..count).map(|idx| call(&name(idx), "work", &[])).collect();
    let all: Vec<Value> = (0..count)
        .map(|idx| json!({"reference": {"output": {"task": name(idx), "output": "number"}}}))
        .collect();
    let mut gather = |id: &str, repeat: Option<Value>| {
        let mut task = call(id, "gather", &[]);
        task["name"] = "gather".into();
        task["kind"]["call"]["arguments"] = json!({"numbers": {"list": all}});
        tasks.push(match repeat {
            Some(mut repeat) => {
                repeat["kind"]["loop"]["body"]["tasks"] = json!([task]);
                repeat
            }
            None => task,
        });
    };
    gather("gather", None);
    if in_loop {
        gather("loop.gather", Some(repeat("loop", "gather")));
    }
    let mut document = document_of(tasks);
    let numbers = json!({"type": {"list": "integer"}, "default": []});
    document.components[&kfp_model::ComponentId("gather".to_owned())]
        .inputs
        .insert("numbers".to_owned(), serde_json::from_value(numbers).unwrap());
    document
}

/// Pipelines with many tasks.
fn large_ones() -> Vec<(&'static str, Document)> {
    let name = |idx: usize| format!("task-{idx:03}");
    let before = |idx: usize| if idx == 0 { Vec::new() } else { vec![name(idx - 1)] };
    let chain = |count: usize| (0..count).map(|idx| call(&name(idx), "work", &before(idx))).collect();
    let fan = |count: usize, component: fn(usize) -> String| {
        (0..count).map(|idx| call(&name(idx), &component(idx), &[])).collect()
    };
    let mut wordy = document_of(fan(3, |_| "work".to_owned()));
    wordy.pipelines[0].description = "x".repeat(400_000);
    vec![
        ("KFP0606-chain", document_of(chain(150))),
        ("KFP0606-fan", document_of(fan(250, |_| "work".to_owned()))),
        ("KFP0606-components", document_of(fan(250, |idx| format!("component-{idx:03}")))),
        ("KFP0606-gathered", gathered(650, false)),
        ("KFP0607-description", wordy),
        ("shared-loops", document_of((0..150).map(|idx| repeat(&name(idx), "work")).collect())),
    ]
}

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
    insta::with_settings!({snapshot_path => "lowering", prepend_module_to_snapshot => false, omit_expression => true}, {
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
    insta::with_settings!({snapshot_path => "lowering", prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!(name, text);
    });
}
