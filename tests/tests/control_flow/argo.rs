//! Simulates the control flow of Argo: which steps of a workflow run, and with which inputs.

use std::collections::BTreeMap;

use kfp_argo::depends::{Depends, Outcome};
use kfp_argo::{DagTask, Template, Workflow};

use crate::expression::{Values, evaluate};
use crate::graph::{BROKEN, Executed, StepInputs};

/// The final state of a node, with its outputs.
struct Node {
    status: &'static str,
    outputs: BTreeMap<String, String>,
}

/// Runs the workflow with these arguments, given as JSON strings. Returns the inputs of its steps, and its outputs
/// if it succeeded.
pub(crate) fn run(workflow: &Workflow, arguments: &BTreeMap<String, String>) -> Executed {
    let mut engine = Engine { workflow, step_inputs: StepInputs::default() };
    // The entrypoint encodes typed arguments.
    let body = engine.template("body");
    let node = engine.start(body, arguments);
    Executed {
        step_inputs: engine.step_inputs,
        outputs: (node.status == "Succeeded").then_some(node.outputs),
    }
}

struct Engine<'w> {
    workflow: &'w Workflow,
    step_inputs: StepInputs,
}

impl<'w> Engine<'w> {
    fn template(&self, name: &str) -> &'w Template {
        self.workflow
            .spec
            .templates
            .iter()
            .find(|template| template.name == name)
            .expect("called templates exist")
    }

    fn start(&mut self, template: &'w Template, inputs: &BTreeMap<String, String>) -> Node {
        let Some(dag) = &template.dag else { return self.step(template, inputs) };
        let mut nodes: BTreeMap<&str, Node> = BTreeMap::new();
        for task in &dag.tasks {
            let node = self.task(task, inputs, &nodes);
            nodes.insert(&task.name, node);
        }
        let failed = nodes.values().any(|node| matches!(node.status, "Failed" | "Error"));
        let mut outputs = BTreeMap::new();
        if !failed {
            let scope = Scope { inputs, nodes: &nodes };
            for output in &template.outputs.parameters {
                let source = output.value_from.as_ref().expect("outputs have a source");
                let text = match (&source.parameter, &source.expression) {
                    (Some(tag), _) => replaced(&tag.to_string(), &scope, None),
                    (_, Some(expression)) => evaluate(&expression.to_string(), &scope),
                    _ => panic!("the output of a graph has no source"),
                };
                outputs.insert(output.name.clone(), text);
            }
        }
        Node { status: if failed { "Failed" } else { "Succeeded" }, outputs }
    }

    fn task(
        &mut self,
        task: &'w DagTask,
        inputs: &BTreeMap<String, String>,
        nodes: &BTreeMap<&str, Node>,
    ) -> Node {
        let ended = |status| Node { status, outputs: BTreeMap::new() };
        if let Some(depends) = &task.depends
            && !is_true(&Depends::read(&depends.to_string()).expect("invalid depends"), nodes)
        {
            return ended("Omitted");
        }
        let scope = Scope { inputs, nodes };
        if let Some(when) = &task.when
            && replaced(&when.to_string(), &scope, None) != "true"
        {
            return ended("Skipped");
        }
        let items: Vec<Option<String>> = match &task.with_param {
            None => vec![None],
            Some(list) => serde_json::from_str::<Vec<String>>(&list.to_string())
                .expect("expected a list")
                .into_iter()
                .map(Some)
                .collect(),
        };
        let mut last = ended("Succeeded");
        for item in items {
            let arguments = task.arguments.parameters.iter().map(|parameter| {
                let value = parameter.value.as_ref().expect("arguments have values").to_string();
                (parameter.name.clone(), replaced(&value, &scope, item.as_deref()))
            });
            let inputs = arguments.collect();
            let node = self.start(self.template(&task.template), &inputs);
            if last.status == "Succeeded" {
                last = node;
            }
        }
        last
    }

    fn step(&mut self, template: &Template, inputs: &BTreeMap<String, String>) -> Node {
        if template.suspend.is_some() {
            return Node { status: "Succeeded", outputs: BTreeMap::new() };
        }
        self.step_inputs.record(["id", "all", "maybe"].map(|name| inputs[name].clone()));
        if template.name == BROKEN {
            return Node { status: "Failed", outputs: BTreeMap::new() };
        }
        Node { status: "Succeeded", outputs: BTreeMap::from([("value".to_owned(), inputs["id"].clone())]) }
    }
}

/// The values that are visible in a template.
struct Scope<'s> {
    inputs: &'s BTreeMap<String, String>,
    nodes: &'s BTreeMap<&'s str, Node>,
}

impl Values for Scope<'_> {
    fn status(&self, task: &str) -> &str {
        self.nodes[task].status
    }

    fn output(&self, task: &str, name: &str) -> Option<String> {
        self.nodes[task].outputs.get(name).cloned()
    }

    fn input(&self, name: &str) -> String {
        self.inputs[name].clone()
    }
}

/// Replaces the tags of a string. Panics on a tag that cannot be resolved, for which Argo would wait forever.
fn replaced(text: &str, scope: &Scope<'_>, item: Option<&str>) -> String {
    let mut whole = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let (tag, after) = after.split_once("}}").expect("unclosed tag");
        whole.push_str(before);
        whole.push_str(&match tag.strip_prefix('=') {
            Some(expression) => evaluate(expression, scope),
            None => simple(tag, scope, item),
        });
        rest = after;
    }
    whole + rest
}

fn simple(tag: &str, scope: &Scope<'_>, item: Option<&str>) -> String {
    if tag == "item" {
        return item.expect("`item` outside a loop").to_owned();
    }
    if let Some(name) = tag.strip_prefix("inputs.parameters.") {
        return scope.input(name);
    }
    let (task, name) = tag
        .strip_prefix("tasks.")
        .and_then(|rest| rest.split_once(".outputs.parameters."))
        .unwrap_or_else(|| panic!("unknown tag `{tag}`"));
    scope.output(task, name).unwrap_or_else(|| panic!("`{tag}` has no value: {}", scope.status(task)))
}

/// Returns whether a `depends` is true for these finished tasks.
fn is_true(depends: &Depends, nodes: &BTreeMap<&str, Node>) -> bool {
    match depends {
        Depends::Ended(dependency) => {
            let task = dependency.task.as_str();
            let status = nodes.get(task).unwrap_or_else(|| panic!("`{task}` has not run yet")).status;
            let outcome = dependency.outcome.map(Outcome::word).expect("missing outcome");
            outcome == if status == "Error" { "Errored" } else { status }
        }
        Depends::Not(inner) => !is_true(inner, nodes),
        Depends::All(all) => all.iter().all(|each| is_true(each, nodes)),
        Depends::Any(all) => all.iter().any(|each| is_true(each, nodes)),
    }
}
