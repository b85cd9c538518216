//! From the nodes of a workflow to steps, named as expectations name them.
//!
//! Nothing here relies on how regions become templates: a node counts by its own name, by the iterations it stands
//! in, and by the calls of pipelines it stands in. Whatever else a workflow has between them does not show.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::process::{Command, Stdio};

use kfp_argo::expression::is_reserved;
use kfp_model::{Call, Callee, Document, Implementation, Region, Task, TaskKind};
use serde_json::{Map, Value, json};
use tests::conformance::{Ending, Observed, ObservedTask, Run};

/// The nodes of a workflow by id.
pub(crate) struct Nodes(Map<String, Value>);

/// The names in a document, as Argo has them.
#[derive(Default)]
struct Names {
    /// The names of steps.
    leaves: BTreeMap<String, String>,
    /// The names of calls of pipelines.
    calls: BTreeMap<String, String>,
    /// The names of steps that are DAGs to Argo.
    groups: BTreeSet<String>,
}

/// The nodes of a workflow.
pub(crate) fn of(workflow: &Value) -> Nodes {
    let status = &workflow["status"];
    let nodes = match status["compressedNodes"].as_str() {
        Some(compressed) if !compressed.is_empty() => decompressed(compressed),
        _ => status["nodes"].clone(),
    };
    Nodes(nodes.as_object().cloned().unwrap_or_default())
}

/// Argo compresses the nodes of large workflows.
fn decompressed(text: &str) -> Value {
    let script = "import base64, gzip, sys; sys.stdout.buffer.write(gzip.decompress(base64.b64decode(sys.stdin.read())))";
    let mut command = Command::new("python3");
    let mut child =
        command.args(["-c", script]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    serde_json::from_slice(&child.wait_with_output().unwrap().stdout).unwrap()
}

impl Nodes {
    /// What became of the workflow.
    pub(crate) fn observed(&self, document: &Document, workflow: &Value) -> Observed {
        let names = Names::of(document);
        let attempts: BTreeSet<&str> =
            self.of_type("Retry").flat_map(|node| texts(&node["children"])).collect();
        let mut tasks: BTreeMap<String, ObservedTask> = BTreeMap::new();
        for (id, node) in self.0.iter().filter(|(id, _)| !attempts.contains(id.as_str())) {
            if let Some(name) = self.step_name(node, &names) {
                let step = self.step(id, node);
                match tasks.get_mut(&name) {
                    Some(other) => merge(other, step),
                    None => {
                        tasks.insert(name, step);
                    }
                }
            }
        }
        let body = self.0.values().find(|node| node["displayName"] == "body");
        let succeeded = workflow["status"]["phase"] == "Succeeded";
        let outputs = body.filter(|_| succeeded).map(parameters);
        let message = body.and_then(|node| node["message"].as_str()).map(str::to_owned);
        Observed { state: ending(&workflow["status"]), message, outputs, tasks, problems: Vec::new() }
    }

    fn of_type<'a>(&'a self, r#type: &'a str) -> impl Iterator<Item = &'a Value> {
        self.0.values().filter(move |node| node["type"] == r#type)
    }

    /// The name of the step that the node is, if it is one.
    fn step_name(&self, node: &Value, names: &Names) -> Option<String> {
        let (own, idx) = split(node["displayName"].as_str()?);
        let leaf = names.leaves.get(own)?;
        let is_leaf = match node["type"].as_str()? {
            "Pod" | "Retry" | "Suspend" | "Skipped" => true,
            "DAG" => names.groups.contains(own) || !node["memoizationStatus"].is_null(),
            _ => false,
        };
        if !is_leaf {
            return None;
        }
        let mut path = vec![leaf.clone()];
        path.extend(idx.map(str::to_owned));
        let mut outer = node["boundaryID"].as_str();
        while let Some(boundary) = outer.and_then(|id| self.0.get(id)) {
            let (name, idx) = split(boundary["displayName"].as_str().unwrap_or_default());
            let is_root = boundary["boundaryID"].as_str().is_none_or(str::is_empty);
            path.extend(names.calls.get(name).filter(|_| !is_root).cloned());
            path.extend(idx.map(str::to_owned));
            outer = boundary["boundaryID"].as_str();
        }
        path.reverse();
        Some(path.join("/"))
    }

    fn step(&self, id: &str, node: &Value) -> ObservedTask {
        let is_hit = node["memoizationStatus"]["hit"] == true;
        let state = match ending(node) {
            Ending::Succeeded if is_hit => Ending::Cached,
            state => state,
        };
        let tries = self.tries(id, node);
        let code = |node: &&Value| node["outputs"]["exitCode"].as_str()?.parse().ok();
        let attempts = u32::try_from(tries.len()).ok().filter(|count| *count > 0);
        ObservedTask {
            state,
            outputs: if matches!(state, Ending::Succeeded | Ending::Cached) {
                parameters(node)
            } else {
                BTreeMap::new()
            },
            attempts,
            exit_code: tries.last().and_then(code),
            message: node["message"].as_str().map(str::to_owned),
        }
    }

    /// The pods of a step: one for each try. A wrapper has those of the step that it holds.
    fn tries(&self, id: &str, node: &Value) -> Vec<&Value> {
        match node["type"].as_str() {
            Some("Retry") => texts(&node["children"]).filter_map(|child| self.0.get(child)).collect(),
            Some("DAG") => {
                let within = |(_, node): &(&String, &Value)| node["boundaryID"] == id;
                let retried = self.0.iter().filter(within).find(|(_, node)| node["type"] == "Retry");
                let inner =
                    retried.or_else(|| self.0.iter().filter(within).find(|(_, node)| node["type"] == "Pod"));
                inner.map(|(id, node)| self.tries(id, node)).unwrap_or_default()
            }
            _ => self.0.get(id).into_iter().collect(),
        }
    }

    /// The suspended node of an approval that waits.
    pub(crate) fn waiting_approval(&self, task: &str) -> Option<&str> {
        let waits = |node: &&Value| {
            let within = node["boundaryID"].as_str().and_then(|id| self.0.get(id));
            let is_named = |node: &Value| node["displayName"] == task;
            node["phase"] == "Running" && (is_named(node) || within.is_some_and(is_named))
        };
        self.of_type("Suspend").find(waits)?["id"].as_str()
    }

    /// The outputs of a suspended node, with the values that whoever approves gives.
    pub(crate) fn outputs_with(&self, id: &str, values: &BTreeMap<String, String>) -> Value {
        let mut outputs = self.0.get(id).map(|node| node["outputs"].clone()).unwrap_or_default();
        for parameter in outputs["parameters"].as_array_mut().into_iter().flatten() {
            if let Some(value) = parameter["name"].as_str().and_then(|name| values.get(name)) {
                parameter["value"] = json!(value);
            }
        }
        outputs
    }
}

/// A wrapper and what is in it are one step.
fn merge(step: &mut ObservedTask, other: ObservedTask) {
    if other.state == Ending::Cached {
        step.state = Ending::Cached;
    }
    step.attempts = step.attempts.max(other.attempts);
    step.exit_code = step.exit_code.or(other.exit_code);
    if step.outputs.is_empty() {
        step.outputs = other.outputs;
    }
}

fn texts(list: &Value) -> impl Iterator<Item = &str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str)
}

/// `iteration(3:{..})` is the fourth iteration of `iteration`.
fn split(name: &str) -> (&str, Option<&str>) {
    let inside = name.split_once('(').and_then(|(name, rest)| Some((name, rest.split_once(':')?.0)));
    match inside {
        Some((name, idx)) if !idx.is_empty() && idx.bytes().all(|byte| byte.is_ascii_digit()) => {
            (name, Some(idx))
        }
        _ => (name, None),
    }
}

fn parameters(node: &Value) -> BTreeMap<String, Value> {
    let list = node["outputs"]["parameters"].as_array();
    let parameter = |parameter: &Value| {
        let text = parameter["value"].as_str()?;
        let value = serde_json::from_str(text).unwrap_or_else(|_| json!(text));
        Some((parameter["name"].as_str()?.to_owned(), value))
    };
    list.into_iter().flatten().filter_map(parameter).collect()
}

fn ending(node: &Value) -> Ending {
    match node["phase"].as_str() {
        Some("Succeeded") => Ending::Succeeded,
        Some("Failed") => Ending::Failed,
        Some("Skipped") => Ending::Skipped,
        Some("Omitted") => Ending::Omitted,
        _ => Ending::Error,
    }
}

/// Argo has no nodes for what is in a region that nobody enters, calls omitted what waits for a skipped task, and
/// knows no cancelled steps: whatever did not run is as good as any other. Where an expression refuses a value,
/// Argo tells of an error.
pub(crate) fn reconcile(run: &Run, observed: &mut Observed) {
    if run.is_refused && observed.state == Ending::Error {
        observed.state = Ending::Failed;
    }
    for (name, expected) in &run.tasks {
        if expected.is_refused {
            let refused = observed.tasks.get_mut(name).filter(|found| found.state == Ending::Error);
            if let Some(found) = refused {
                found.state = expected.state;
            }
            continue;
        }
        let did_not_run = match expected.state {
            Ending::Skipped | Ending::Omitted => &[Ending::Skipped, Ending::Omitted][..],
            Ending::Cancelled => &[Ending::Skipped, Ending::Omitted, Ending::Failed, Ending::Error],
            _ => continue,
        };
        let found = observed.tasks.entry(name.clone()).or_insert_with(|| ObservedTask {
            state: expected.state,
            outputs: BTreeMap::new(),
            attempts: None,
            exit_code: None,
            message: None,
        });
        if did_not_run.contains(&found.state) {
            found.state = expected.state;
        }
    }
}

impl Names {
    fn of(document: &Document) -> Self {
        let mut names = Self::default();
        for pipeline in &document.pipelines {
            names.region(document, &pipeline.root);
        }
        names
    }

    fn region(&mut self, document: &Document, region: &Region) {
        for task in &region.tasks {
            self.task(document, task);
            for inner in task.regions() {
                self.region(document, inner);
            }
        }
    }

    fn task(&mut self, document: &Document, task: &Task) {
        let name = argo_name(&task.name);
        match &task.kind {
            TaskKind::Call(Call { callee: Callee::Pipeline(_), .. }) => {
                self.calls.insert(name, task.name.clone());
            }
            TaskKind::Call(Call { callee: Callee::Component(id), .. }) => {
                if matches!(document.components[id].implementation, Implementation::Container(_)) {
                    self.groups.insert(name.clone());
                }
                self.leaves.insert(name, task.name.clone());
            }
            TaskKind::Approval(_) | TaskKind::Import(_) => {
                self.groups.insert(name.clone());
                self.leaves.insert(name, task.name.clone());
            }
            TaskKind::Branch(_) | TaskKind::Loop(_) | TaskKind::Guard(_) => {}
        }
    }
}

/// The name of a task as Argo has it: some words are taken by its language.
fn argo_name(name: &str) -> String {
    if is_reserved(name) { format!("{name}-task") } else { name.to_owned() }
}

#[test]
fn nodes_become_steps() {
    let workflow = json!({"status": {"phase": "Succeeded", "nodes": {
        "r": {"displayName": "case-x", "type": "DAG", "phase": "Succeeded"},
        "b": {"displayName": "body", "type": "DAG", "phase": "Succeeded", "boundaryID": "r",
            "outputs": {"parameters": [{"name": "output", "value": "[7]"}]}},
        "l": {"displayName": "iteration(1:{\"a\": \"(x:y)\"})", "type": "DAG", "boundaryID": "b"},
        "c": {"displayName": "call", "type": "DAG", "phase": "Succeeded", "boundaryID": "l"},
        "s": {"displayName": "add", "type": "Retry", "phase": "Succeeded", "boundaryID": "c", "children": ["t", "u"],
            "outputs": {"parameters": [{"name": "output", "value": "7"}]}},
        "t": {"displayName": "add(0)", "type": "Pod", "phase": "Failed", "boundaryID": "c"},
        "u": {"displayName": "add(1)", "type": "Pod", "phase": "Succeeded", "boundaryID": "c",
            "outputs": {"exitCode": "0"}},
        "w": {"displayName": "kept", "type": "DAG", "phase": "Succeeded", "boundaryID": "b",
            "memoizationStatus": {"hit": true}, "outputs": {"parameters": [{"name": "output", "value": "\"k\""}]}},
    }}});
    let step = |id: &str, component: &str| json!({"id": id, "name": id, "kind": {"call": {"callee": {"component": component}}}});
    let component = json!({"name": "add", "implementation": {"rust": {}}});
    let call = json!({"id": "call", "name": "call", "kind": {"call": {"callee": {"pipeline": "inner"}}}});
    let document = json!({"schema_version": 1, "components": {"add": component}, "pipelines": [
        {"name": "case", "root": {"tasks": [call, step("kept", "add")]}},
        {"name": "inner", "root": {"tasks": [step("add", "add")]}},
    ]});
    let document = Document::from_json(&document.to_string()).unwrap();
    let mut observed = of(&workflow).observed(&document, &workflow);
    let run = Run::succeeds()
        .output(json!([7]))
        .gave("1/call/add", 7)
        .tried("1/call/add", 2)
        .cached("kept", "k")
        .skipped(&["never-there"]);
    reconcile(&run, &mut observed);
    assert_eq!(tests::conformance::differences(&run, &observed), Vec::<String>::new());
}
