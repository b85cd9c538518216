//! Tests pipelines with exponentially many paths: a branch that may run no arm, layers of two steps that depend on both
//! steps of the previous layer, and a step that receives an option. Checking and lowering must not follow all paths.
#![expect(clippy::unwrap_used, reason = "a test panics if it cannot continue")]

use kfp_argo::depends::Depends;
use kfp_compiler::check::check;
use kfp_compiler::lower::{Options, lower};
use kfp_model::Document;
use serde_json::{Value, json};

fn ladder(layers: usize) -> Document {
    let name = |layer: usize, side: &str| format!("{side}{layer:04}");
    let step = |id: &str, after: &[String], maybe: Value| {
        json!({"id": id, "name": id.rsplit('.').next(), "after": after, "kind": {"call": {
            "callee": {"component": "step"}, "arguments": {"maybe": maybe}}}})
    };
    let null = || json!({"constant": null});
    let arm = json!({"name": "arm", "condition": {"holds": {"reference": {"input": "flag"}}},
        "region": {"tasks": [step("branch.step", &[], null())]}});
    let mut tasks = vec![json!({"id": "branch", "name": "branch", "kind": {"branch": {"arms": [arm]}}})];
    let mut before = vec!["branch".to_owned()];
    for layer in 0..layers {
        let both: Vec<String> = ["left", "right"].map(|side| name(layer, side)).to_vec();
        tasks.extend(both.iter().map(|id| step(id, &before, null())));
        before = both;
    }
    let last = json!({"reference": {"output": {"task": before[0], "output": "number"}}});
    tasks.push(step("end", &[], last));
    let component = json!({"name": "step", "inputs": {"maybe": {"type": {"option": "integer"}}},
        "outputs": {"number": {"type": "integer"}}, "implementation": {"rust": {}}});
    let pipeline =
        json!({"name": "ladder", "inputs": {"flag": {"type": "boolean"}}, "root": {"tasks": tasks}});
    serde_json::from_value(
        json!({"schema_version": 1, "components": {"step": component}, "pipelines": [pipeline]}),
    )
    .unwrap()
}

/// Returns the size of the workflow in bytes, and the number of tasks in its `depends`.
fn size(layers: usize, any_size: bool) -> (usize, usize) {
    let document = ladder(layers);
    let outcome = check(&document, &document.pipelines[0]);
    let program = outcome.program.unwrap_or_else(|| panic!("{layers}: {:#?}", outcome.diagnostics));
    let options = Options { image: Some("image:1".to_owned()), any_size, ..Options::default() };
    let workflow = lower(&program, &options).unwrap_or_else(|found| panic!("{layers}: {found:#?}")).workflow;
    let tasks = workflow
        .spec
        .templates
        .iter()
        .filter_map(|template| template.dag.as_ref())
        .flat_map(|dag| &dag.tasks);
    let named = tasks.filter_map(|task| task.depends.as_ref()).flat_map(Depends::dependencies).count();
    (serde_json::to_vec(&workflow).unwrap().len(), named)
}

#[test]
fn the_size_is_linear_in_the_number_of_layers() {
    // All tasks are in one DAG, because tasks that may be skipped are not split: the arm, two for each layer, and the
    // end.
    size(99, false);
    let [(bytes, named), (twice, named_twice)] = [500, 1000].map(|layers| size(layers, true));
    assert!(twice < bytes * 21 / 10, "{bytes} bytes become {twice}");
    assert!(named_twice < named * 21 / 10, "{named} tasks become {named_twice}");
    // Each layer has four dependencies, and the end contains each step once for each possible outcome.
    assert!(named <= 500 * (4 * 4 + 2 * 5), "{named} tasks are named");
}
