//! Maps the nodes of a workflow to steps, with the names that expectations use. The task of each node is read from
//! the workflow itself.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::{Command, Stdio};

use kfp_compiler::lower::{NodeMap, NodeMapError};
use kfp_model::Document;
use serde_json::{Map, Value, json};
use tests::conformance::{Ending, Observed, ObservedTask, Run, shown_name};

/// The nodes of a workflow by id.
pub(crate) struct Nodes(Map<String, Value>);

/// Returns the nodes of a workflow.
pub(crate) fn of(workflow: &Value) -> Nodes {
    let status = &workflow["status"];
    let nodes = match status["compressedNodes"].as_str() {
        Some(compressed) if !compressed.is_empty() => decompressed(compressed),
        _ => status["nodes"].clone(),
    };
    Nodes(nodes.as_object().cloned().unwrap_or_default())
}

/// Decompresses the nodes of a large workflow.
fn decompressed(text: &str) -> Value {
    let script = "import base64, gzip, sys; sys.stdout.buffer.write(gzip.decompress(base64.b64decode(sys.stdin.read())))";
    let mut command = Command::new("python3");
    let mut child =
        command.args(["-c", script]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    serde_json::from_slice(&child.wait_with_output().unwrap().stdout).unwrap()
}

impl Nodes {
    /// Returns the outcome of the workflow of that pipeline.
    pub(crate) fn observed(&self, (document, pipeline): (&Document, &str), workflow: &Value) -> Observed {
        let (tasks, problems) = match self.tasks(workflow, |path| shown_name(document, pipeline, path)) {
            Ok(tasks) => (tasks, Vec::new()),
            Err(error) => (BTreeMap::new(), vec![error.to_string()]),
        };
        let body = self.0.values().find(|node| node["displayName"] == "body");
        let succeeded = workflow["status"]["phase"] == "Succeeded";
        let outputs = succeeded.then(|| self.outputs());
        let message = body.and_then(|node| node["message"].as_str()).map(str::to_owned);
        Observed { state: ending(&workflow["status"]), message, outputs, tasks, problems }
    }

    /// Returns the outcome of the tasks for which `named` returns a name, by that name. The argument of `named` is
    /// a task path.
    pub(crate) fn tasks(
        &self,
        workflow: &Value,
        named: impl Fn(&str) -> Option<String>,
    ) -> Result<BTreeMap<String, ObservedTask>, NodeMapError> {
        let map = NodeMap::of_workflow(workflow)?;
        let mut nodes: BTreeMap<String, Vec<&Value>> = BTreeMap::new();
        for node in self.0.values() {
            let path = node["name"].as_str().and_then(|name| map.task(name));
            if let Some(name) = path.and_then(|path| named(&path)) {
                nodes.entry(name).or_default().push(node);
            }
        }
        Ok(nodes.into_iter().map(|(name, nodes)| (name, step(nodes))).collect())
    }

    /// Returns the outputs of the whole pipeline.
    pub(crate) fn outputs(&self) -> BTreeMap<String, Value> {
        let body = self.0.values().find(|node| node["displayName"] == "body");
        body.map(parameters).unwrap_or_default()
    }

    fn of_type<'a>(&'a self, r#type: &'a str) -> impl Iterator<Item = &'a Value> {
        self.0.values().filter(move |node| node["type"] == r#type)
    }

    /// Returns the id of the suspended node of a waiting approval.
    pub(crate) fn waiting_approval(&self, task: &str) -> Option<&str> {
        let waits = |node: &&Value| {
            let within = node["boundaryID"].as_str().and_then(|id| self.0.get(id));
            let is_named = |node: &Value| node["displayName"] == task;
            node["phase"] == "Running" && (is_named(node) || within.is_some_and(is_named))
        };
        self.of_type("Suspend").find(waits)?["id"].as_str()
    }

    /// Returns the outputs of a suspended node, with the values of the approval.
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

/// Returns the outcome of the step with these nodes: the node of its task and those below it.
fn step(mut nodes: Vec<&Value>) -> ObservedTask {
    nodes.sort_by_key(|node| node["name"].as_str().map_or(0, str::len));
    let task = nodes[0];
    let is_hit = nodes.iter().any(|node| node["memoizationStatus"]["hit"] == true);
    let state = match ending(task) {
        Ending::Succeeded if is_hit => Ending::Cached,
        state => state,
    };
    // There is a pod for each attempt; its name ends in the number of the attempt, so a longer name has a larger
    // number.
    let mut attempts: Vec<&Value> = nodes.iter().filter(|node| node["type"] == "Pod").copied().collect();
    attempts.sort_by_key(|node| node["name"].as_str().map(|name| (name.len(), name)));
    let code = |node: &&Value| node["outputs"]["exitCode"].as_str()?.parse().ok();
    let succeeded = matches!(state, Ending::Succeeded | Ending::Cached);
    ObservedTask {
        state,
        outputs: if succeeded { parameters(task) } else { BTreeMap::new() },
        attempts: u32::try_from(attempts.len()).ok().filter(|count| *count > 0),
        exit_code: attempts.last().and_then(code),
        message: task["message"].as_str().map(str::to_owned),
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

pub(crate) fn ending(node: &Value) -> Ending {
    match node["phase"].as_str() {
        Some("Succeeded") => Ending::Succeeded,
        Some("Failed") => Ending::Failed,
        Some("Skipped") => Ending::Skipped,
        Some("Omitted") => Ending::Omitted,
        _ => Ending::Error,
    }
}

/// Adjusts the outcome for known differences of Argo: it has no nodes inside a region that is not entered, reports
/// tasks that wait for a skipped one as omitted, and has no cancelled steps, so all states of a step that did not
/// run are equivalent. If an expression rejects a value, Argo reports an error.
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

#[test]
fn nodes_are_mapped_to_steps() {
    let each = "case-x.body.each.iteration(1:{\"a\": \"(x:y)\"})";
    let nodes = json!({
        "r": {"name": "case-x", "type": "DAG", "phase": "Succeeded"},
        "b": {"name": "case-x.body", "displayName": "body", "type": "DAG", "phase": "Succeeded",
            "outputs": {"parameters": [{"name": "output", "value": "[7]"}]}},
        "l": {"name": each, "type": "DAG"},
        "c": {"name": format!("{each}.call"), "type": "DAG", "phase": "Succeeded"},
        "s": {"name": format!("{each}.call.add"), "type": "Retry", "phase": "Succeeded",
            "outputs": {"parameters": [{"name": "output", "value": "7"}]}},
        "t": {"name": format!("{each}.call.add(0)"), "type": "Pod", "phase": "Failed"},
        "u": {"name": format!("{each}.call.add(1)"), "type": "Pod", "phase": "Succeeded", "outputs": {"exitCode": "0"}},
        "w": {"name": "case-x.body.kept", "type": "DAG", "phase": "Succeeded",
            "memoizationStatus": {"hit": true}, "outputs": {"parameters": [{"name": "output", "value": "\"k\""}]}},
    });
    let task = |name: &str| json!({"name": name, "template": name});
    let iteration = json!({"name": "iteration", "template": "each-body", "withParam": "[1,2]"});
    let dag = |name: &str, tasks: Value| json!({"name": name, "dag": {"tasks": tasks}});
    let templates = json!([
        dag("case", json!([task("body")])),
        dag("body", json!([task("each"), task("kept")])),
        dag("each", json!([iteration])),
        dag("each-body", json!([task("call")])),
        dag("call", json!([task("add")])),
        {"name": "kept", "container": {}},
        {"name": "add", "container": {}},
    ]);
    let workflow = json!({
        "metadata": {"annotations": {"kfpc/tasks": "{\"body\":{\"kept\":\"Kept\"}}"}},
        "spec": {"entrypoint": "case", "templates": templates},
        "status": {"phase": "Succeeded", "nodes": nodes},
    });
    let task = |name: &str, kind: Value| json!({"id": name, "name": name, "kind": kind});
    let step = |name: &str| task(name, json!({"call": {"callee": {"component": "add"}}}));
    let component = json!({"name": "add", "implementation": {"rust": {}}});
    let call = task("call", json!({"call": {"callee": {"pipeline": "inner"}}}));
    let repeat = task("each", json!({"loop": {"items": {"constant": [1, 2]}, "body": {"tasks": [call]}}}));
    let document = json!({"schema_version": 1, "components": {"add": component}, "pipelines": [
        {"name": "case", "root": {"tasks": [repeat, step("Kept")]}},
        {"name": "inner", "root": {"tasks": [step("add")]}},
    ]});
    let document = Document::from_json(&document.to_string()).unwrap();
    let mut observed = of(&workflow).observed((&document, "case"), &workflow);
    let run = Run::succeeds()
        .output(json!([7]))
        .returned("1/call/add", 7)
        .attempts("1/call/add", 2)
        .cached("Kept", "k")
        .skipped(&["never-there"]);
    reconcile(&run, &mut observed);
    assert_eq!(tests::conformance::differences(&run, &observed), Vec::<String>::new());
}
