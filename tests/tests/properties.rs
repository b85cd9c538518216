//! Properties of reading, checking, lowering and linting: valid documents are valid in every order of their tasks
//! and become workflows without findings; invalid ones are rejected without a panic.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use kfp_argo::yaml::yaml;
use kfp_compiler::check::check;
use kfp_compiler::lower::{Options, lower};
use kfp_compiler::read::read;
use kfp_diag::source::manifests;
use kfp_diag::{Diagnostic, Format, NoSources, Surroundings, Written, render};
use kfp_lint::lint;
use kfp_model::{Document, Locations, TaskId};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

/// One task: the earlier tasks whose values it reads, those it runs after, and what surrounds it.
#[derive(Debug, Clone)]
struct Step {
    reads: Vec<Index>,
    after: Vec<Index>,
    wrapping: Wrapping,
}

/// What surrounds a step; the region yields the value of the step in each case.
#[derive(Debug, Clone, Copy)]
enum Wrapping {
    Nothing,
    Loop,
    Branch,
    ExitHandler,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let wrapping = prop_oneof![
        3 => Just(Wrapping::Nothing),
        1 => Just(Wrapping::Loop),
        1 => Just(Wrapping::Branch),
        1 => Just(Wrapping::ExitHandler),
    ];
    let few = || prop::collection::vec(any::<Index>(), 0..3);
    let step = (few(), few(), wrapping).prop_map(|(reads, after, wrapping)| Step { reads, after, wrapping });
    prop::collection::vec(step, 1..12)
}

/// Returns the earlier steps that the indices select.
fn chosen(indices: &[Index], earlier: usize) -> BTreeSet<usize> {
    if earlier == 0 { BTreeSet::new() } else { indices.iter().map(|index| index.index(earlier)).collect() }
}

fn name(idx: usize) -> String {
    format!("t{idx:02}")
}

fn output(task: &str) -> Value {
    json!({"reference": {"output": {"task": task, "output": "value"}}})
}

fn task(idx: usize, step: &Step) -> Value {
    let name = name(idx);
    let mut values: Vec<Value> =
        chosen(&step.reads, idx).into_iter().map(|other| output(&self::name(other))).collect();
    values.push(json!({"reference": {"input": "seed"}}));
    let inner = format!("{name}.step");
    let call = json!({"call": {"callee": {"component": "step"}, "arguments": {"values": {"list": values}}}});
    let region = json!({
        "tasks": [{"id": inner, "name": "step", "kind": call}], "yields": {"value": output(&inner)},
    });
    let condition = json!({"holds": {"reference": {"input": "flag"}}});
    let exit = json!({"tasks": [{"id": format!("{name}.exit"), "name": "exit", "kind": {"call": {
        "callee": {"component": "step"},
        "arguments": {"values": {"list": [{"reference": {"guarded": {"task": name, "output": "value"}}}]}},
    }}}]});
    let kind = match step.wrapping {
        Wrapping::Nothing => call,
        Wrapping::Loop => json!({"loop": {"items": {"constant": [1, 2]}, "body": region}}),
        Wrapping::Branch => {
            let arm = json!({"name": format!("{name}-arm"), "condition": condition, "region": region});
            json!({"branch": {"arms": [arm]}})
        }
        Wrapping::ExitHandler => json!({"exit_handler": {"body": region, "exit": exit}}),
    };
    let after: Vec<String> = chosen(&step.after, idx).into_iter().map(self::name).collect();
    json!({"id": name, "name": name, "kind": kind, "after": after})
}

fn document(tasks: &[Value]) -> Value {
    json!({
        "schema_version": 1,
        "pipelines": [{
            "name": "demo",
            "inputs": {"seed": {"type": "any"}, "flag": {"type": "boolean"}},
            "root": {"tasks": tasks},
        }],
        "components": {"step": {
            "name": "step",
            "inputs": {"values": {"type": "any"}},
            "outputs": {"value": {"type": "any"}},
            "implementation": {"container": {"image": "alpine:3.20", "command": ["true"]}},
        }},
    })
}

/// Reads, checks and renders a document, as the command line does.
fn check_and_render(text: &str) -> String {
    match read("x.json", text.as_bytes()) {
        Err(rejected) => report(rejected.written(), &rejected.diagnostics),
        Ok(source) => {
            let Some(pipeline) = source.document.pipelines.first() else { return String::new() };
            let outcome = check(&source.document, pipeline);
            let locations = &source.document.locations;
            let surroundings = Surroundings { written: Some(source.written()), locations, world: &NoSources };
            render(&outcome.diagnostics, surroundings, Format::Text, false)
        }
    }
}

/// Lints a manifest and renders the findings, as the command line does.
fn lint_and_render(text: &str) -> String {
    match manifests("x.yaml", text.as_bytes()) {
        Err(rejected) => report(rejected.written(), &rejected.diagnostics),
        Ok(file) => report(file.written(), &lint(std::slice::from_ref(&file)).remove(0)),
    }
}

fn report(written: Written<'_>, diagnostics: &[Diagnostic]) -> String {
    let surroundings =
        Surroundings { written: Some(written), locations: &Locations::default(), world: &NoSources };
    render(diagnostics, surroundings, Format::Text, false)
}

/// Replaces a few bytes of the text.
fn damaged(text: &str, at: Index, rest: Index, junk: &str) -> String {
    let mut at = at.index(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let after = text.get(at + rest.index(8)..).unwrap_or_default();
    format!("{}{junk}{after}", &text[..at])
}

/// Visits every string and key of the value.
fn for_each_text(value: &mut Value, visit: &mut impl FnMut(&mut String)) {
    match value {
        Value::String(text) => visit(text),
        Value::Array(items) => items.iter_mut().for_each(|item| for_each_text(item, visit)),
        Value::Object(fields) => fields.values_mut().for_each(|field| for_each_text(field, visit)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn valid_documents_are_valid_in_every_order(steps in steps(), order in any::<u64>()) {
        let mut tasks: Vec<Value> = steps.iter().enumerate().map(|(idx, step)| task(idx, step)).collect();
        let shift = usize::try_from(order % 1000).unwrap() % tasks.len();
        tasks.rotate_left(shift);
        if order % 2 == 0 {
            tasks.reverse();
        }
        let document: Document = serde_json::from_value(document(&tasks)).unwrap();
        let outcome = check(&document, &document.pipelines[0]);
        let program = outcome.program.unwrap_or_else(|| panic!("{:#?}", outcome.diagnostics));
        for (idx, step) in steps.iter().enumerate() {
            let mut expected = chosen(&step.reads, idx);
            expected.extend(chosen(&step.after, idx));
            let expected: Vec<TaskId> = expected.into_iter().map(|idx| TaskId(name(idx))).collect();
            let node = program.root().node(&TaskId(name(idx)));
            // Names are in the order in which the steps were created, which is a topological order.
            prop_assert!(node.dependencies.iter().all(|before| **before < node.task.id));
            prop_assert_eq!(node.dependencies.iter().copied().cloned().collect::<Vec<_>>(), expected);
        }
    }

    #[test]
    fn valid_documents_become_workflows_without_findings(steps in steps()) {
        let tasks: Vec<Value> = steps.iter().enumerate().map(|(idx, step)| task(idx, step)).collect();
        let document: Document = serde_json::from_value(document(&tasks)).unwrap();
        let program = check(&document, &document.pipelines[0]).program.unwrap();
        let text = yaml(&lower(&program, &Options::default()).unwrap().workflow);
        let found = lint_and_render(&text);
        prop_assert_eq!(&found, "", "{}", text);
    }

    #[test]
    fn damaged_manifests_never_panic(steps in steps(), at in any::<Index>(), rest in any::<Index>(), junk in "\\PC{0,3}") {
        let tasks: Vec<Value> = steps.iter().enumerate().map(|(idx, step)| task(idx, step)).collect();
        let document: Document = serde_json::from_value(document(&tasks)).unwrap();
        let program = check(&document, &document.pipelines[0]).program.unwrap();
        let text = yaml(&lower(&program, &Options::default()).unwrap().workflow);
        lint_and_render(&damaged(&text, at, rest, &junk));
    }

    #[test]
    fn changed_strings_never_panic(steps in steps(), victim in any::<Index>(), donor in any::<Index>()) {
        let tasks: Vec<Value> = steps.iter().enumerate().map(|(idx, step)| task(idx, step)).collect();
        let mut value = document(&tasks);
        let mut texts = vec!["nowhere".to_owned(), String::new()];
        for_each_text(&mut value, &mut |text| texts.push(text.clone()));
        let (victim, donor) = (victim.index(texts.len() - 2), donor.get(&texts).clone());
        let mut idx = 0;
        for_each_text(&mut value, &mut |text| {
            if idx == victim {
                text.clone_from(&donor);
            }
            idx += 1;
        });
        check_and_render(&value.to_string());
        check_and_render(&serde_json::to_string_pretty(&value).unwrap());
    }

    #[test]
    fn damaged_documents_never_panic(steps in steps(), at in any::<Index>(), rest in any::<Index>(), junk in "\\PC{0,3}") {
        let tasks: Vec<Value> = steps.iter().enumerate().map(|(idx, step)| task(idx, step)).collect();
        check_and_render(&damaged(&document(&tasks).to_string(), at, rest, &junk));
    }
}

#[test]
fn ten_thousand_tasks_are_checked_quickly() {
    let step = |idx: usize| {
        let reads = if idx == 0 { Vec::new() } else { vec![output(&name(idx - 1))] };
        let call =
            json!({"call": {"callee": {"component": "step"}, "arguments": {"values": {"list": reads}}}});
        json!({"id": name(idx), "name": name(idx), "kind": call})
    };
    let tasks: Vec<Value> = (0..10_000).map(step).collect();
    let text = document(&tasks).to_string();
    let start = Instant::now();
    let source = read("x.json", text.as_bytes()).unwrap();
    let outcome = check(&source.document, &source.document.pipelines[0]);
    assert!(outcome.program.is_some());
    // A quadratic scan would take minutes; this takes a fraction of a second, even without optimizations.
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
}
