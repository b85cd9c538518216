//! Documents that are too large for a file, or that are variants of one, and those that cannot be lowered.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use kfp_compiler::lower::{Options, Store};
use kfp_model::{
    ArtifactType, Backoff, Document, Duration, Expression, Import, KeyReference, Policy, Retry, Task, TaskId,
    TaskKind, TaskPolicy, Trigger, Type,
};
use serde_json::{Map, Value, json};

use crate::options;

/// Documents that cannot be lowered, by code. Most are variants of one small document.
pub(super) fn rejected() -> Vec<(&'static str, Document, Options)> {
    let base = || Document::from_json(include_str!("policies.json")).unwrap();
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
    let mut with_input = Document::from_json(include_str!("artifacts-by-uri.json")).unwrap();
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
        ("KFP0601-exit-limits", with_exit_limits(), options()),
        ("KFP0602-no-image", base(), Options::default()),
        ("KFP0603-templates", many(199, timeout), options()),
        ("KFP0603-steps", many(201, timeout), options()),
        ("KFP0604-tasks", inseparable, options()),
        ("KFP0604-continued", continued(250), options()),
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

/// A recursive pipeline that is nested too deeply for Argo.
pub(super) fn deep() -> Document {
    let text = include_str!("recursion.json");
    let bound = text.find("\"max_depth\": ").unwrap() + "\"max_depth\": ".len();
    let end = bound + text[bound..].find(|c: char| !c.is_ascii_digit()).unwrap();
    Document::from_json(&format!("{}60{}", &text[..bound], &text[end..])).unwrap()
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
/// The exit task calls a pipeline in which steps may have to wait for the limit of the run, or of a loop.
fn with_exit_limits() -> Document {
    let work = |id: &str| json!({"id": id, "name": id, "kind": {"call": {"callee": {"component": "work"}}}});
    let handler = json!({
        "body": {"tasks": [work("train")]},
        "exit": {"tasks": [{"id": "tidy", "name": "tidy", "kind": {"call": {"callee": {"pipeline": "tidy"}}}}]},
    });
    let each = |id: &str, items: Value, limit: Option<u32>| {
        let mut each =
            json!({"items": {"constant": items}, "body": {"tasks": [work(&format!("{id}-work"))]}});
        each["parallelism"] = json!(limit);
        json!({"id": id, "name": id, "kind": {"loop": each}})
    };
    let tasks = [each("limited", json!([1, 2, 3]), Some(2)), each("fine", json!([1, 2]), Some(2))];
    let document = json!({
        "schema_version": 1,
        "pipelines": [
            {
                "name": "limited",
                "settings": {"parallelism": 3},
                "root": {"tasks": [{"id": "guard", "name": "guard", "kind": {"exit_handler": handler}}]},
            },
            {"name": "tidy", "root": {"tasks": tasks}},
        ],
        "components": {"work": {"name": "work", "implementation": {"rust": {}}}},
    });
    Document::from_json(&document.to_string()).unwrap()
}

fn with_large_type() -> Document {
    let structure = |count: usize| {
        let fields: Map<String, Value> =
            (0..count).map(|idx| (format!("field-{idx}"), json!({"type": "integer"}))).collect();
        json!({"struct": {"name": format!("Of{count}"), "fields": fields}})
    };
    let inputs = json!({"large": {"type": structure(1000)}, "fits": {"type": structure(700)}});
    let mut document = Document::from_json(include_str!("loops.json")).unwrap();
    document.pipelines[0].inputs.extend(serde_json::from_value::<IndexMap<_, _>>(inputs).unwrap());
    document
}

/// A chain of tasks, all of which run even if the first one fails.
fn continued(count: usize) -> Document {
    let name = |idx: usize| format!("task-{idx:03}");
    let before = |idx: usize| if idx == 0 { Vec::new() } else { vec![name(idx - 1)] };
    let mut document = document_of((0..count).map(|idx| call(&name(idx), "work", &before(idx))).collect());
    if let TaskKind::Call(first) = &mut document.pipelines[0].root.tasks[0].kind {
        first.continue_on_failure = true;
    }
    document
}

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

/// Pipelines with many tasks.
pub(super) fn large_ones() -> Vec<(&'static str, Document)> {
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

/// A chain that is split twice, after its first hundred tasks and inside the following loop. The task after the loop
/// also depends on a task of the first part.
pub(super) fn chain_around_chain() -> Document {
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
