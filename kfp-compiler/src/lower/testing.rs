//! Test helpers: workflows with and without sharing, and the changes of each pass.

use kfp_model::Document;
use serde_json::{Value, json};

use super::*;

fn options() -> Options {
    Options {
        image: Some("rust:1".to_owned()),
        python_image: Some("python:1".to_owned()),
        pipeline_root: Some("s3://bucket/team".parse().unwrap()),
        ..Options::default()
    }
}

fn with_facts<T>(document: &Document, then: impl FnOnce(&Facts<'_, '_>) -> T) -> T {
    let outcome = crate::check::check(document, &document.pipelines[0]);
    let program = outcome.program.unwrap_or_else(|| panic!("{:#?}", outcome.diagnostics));
    then(&Facts::of(&program, &options()))
}

/// Returns the workflow of the first pipeline, with or without sharing.
pub(super) fn lowered(document: &Document, shares: bool) -> Workflow {
    with_facts(document, |facts| {
        let (mut plan, _) = whole::plan(facts);
        let steps = run_passes(&mut plan, facts, shares);
        workflow::print(&plan, &steps, facts, &NodeMap::of(&plan))
    })
}

/// A pipeline that every pass changes: two loops that differ in their captured values, two components that differ in
/// their names, a step with a cache and retries, a container, and an exit handler that receives the failures.
fn document() -> Document {
    let number = || json!({"number": {"type": "integer"}});
    let component = |name: &str, implementation: Value, policy: Value| json!({"name": name, "inputs": number(), "outputs": number(), "implementation": implementation, "policy": policy});
    let rust = || json!({"rust": {}});
    let cached = json!({"cache": {"for": {"max_age": "24h"}}, "retry": {"limit": 2}});
    let input = || json!({"reference": {"input": "start"}});
    let output = |task: &str| json!({"reference": {"output": {"task": task, "output": "number"}}});
    let call = |id: &str, component: &str, number: Value| {
        json!({"id": id, "name": id.rsplit('.').next(), "kind": {"call": {
            "callee": {"component": component}, "arguments": {"number": number}}}})
    };
    let repeat = |id: &str, captured: Value| {
        let body = json!({"tasks": [call(&format!("{id}.step"), "left", captured)]});
        json!({"id": id, "name": id, "kind": {"loop": {"items": {"constant": [1, 2]}, "body": body}}})
    };
    let body = json!({"tasks": [
        call("left", "left", input()),
        call("right", "right", output("left")),
        call("train", "train", output("right")),
        call("count", "count", output("train")),
        repeat("first", input()),
        repeat("second", output("left")),
    ]});
    let failures = json!({"field": {"of": {"reference": {"status": "all"}}, "name": "failures"}});
    let mut report = call("all.report", "report", json!(null));
    report["kind"]["call"]["arguments"] = json!({"failures": failures});
    let handler = json!({"id": "all", "name": "all", "kind": {"exit_handler": {"body": body, "exit": {"tasks": [report]}}}});
    serde_json::from_value(json!({
        "schema_version": 1,
        "components": {
            "left": component("left", rust(), json!({})),
            "right": component("right", rust(), json!({})),
            "train": component("train", rust(), cached),
            "count": component("count", json!({"container": {"image": "tool:1", "command": ["tool"]}}), json!({})),
            "report": {"name": "report", "inputs": {"failures": {"type": "any"}}, "implementation": rust()},
        },
        "pipelines": [{"name": "p", "inputs": {"start": {"type": "integer"}}, "root": {"tasks": [handler]}}],
    }))
    .unwrap()
}

/// Compares the plan before and after each pass, in order.
#[test]
fn each_pass_changes_one_thing() {
    let document = document();
    with_facts(&document, |facts| {
        let (mut plan, _) = whole::plan(facts);
        let mut steps = facts.steps.clone();
        let mut snapshot = |name: &str, pass: &mut dyn FnMut(&mut Plan)| {
            let before = plan.to_string();
            pass(&mut plan);
            let after = plan.to_string();
            let lines = changes(&before, &after);
            insta::with_settings!({snapshot_path => "../../tests/passes", prepend_module_to_snapshot => false, omit_expression => true}, {
                insta::assert_snapshot!(name, lines);
            });
        };
        let form = |step: &Step<'_>| step::form(step, facts.options);
        snapshot("share-steps", &mut |plan| {
            steps = share_steps::share(plan, std::mem::take(&mut steps), facts.options, &form);
        });
        snapshot("wrap", &mut |plan| wrap::wrap(plan, &steps));
        snapshot("number", &mut number::number);
        snapshot("share", &mut share::share);
        snapshot("failures", &mut |plan| failures::write(plan, "p"));
    });
}

/// Returns the lines of both texts as a diff. Long lines are truncated.
fn changes(before: &str, after: &str) -> String {
    let (before, after): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let (mut old, mut new) = (before.as_slice(), after.as_slice());
    let mut text = String::new();
    while let Some((marker, line)) = next_line(&mut old, &mut new) {
        let cut: String = line.chars().take(200).collect();
        text.push_str(&format!("{marker} {cut}\n"));
    }
    text
}

fn next_line<'t>(old: &mut &[&'t str], new: &mut &[&'t str]) -> Option<(char, &'t str)> {
    let (marker, line) = match (old.first(), new.first()) {
        (Some(one), Some(other)) if one == other => (' ', *one),
        (Some(one), _) if !new.contains(one) => ('-', *one),
        (_, Some(other)) => ('+', *other),
        (Some(one), None) => ('-', *one),
        (None, None) => return None,
    };
    if marker != '+' {
        *old = &old[1..];
    }
    if marker != '-' {
        *new = &new[1..];
    }
    Some((marker, line))
}
