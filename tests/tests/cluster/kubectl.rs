//! Access to the cluster, always through `kubectl`.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::{Condvar, Mutex};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use tests::conformance::{Expected, Run};

use crate::nodes::Nodes;

/// The pause between two polls of all workflows.
const PAUSE: Duration = Duration::from_secs(3);

/// A cluster, accessed through `kubectl`.
pub(crate) struct Kubectl {
    config: String,
    namespace: String,
    /// The label selector of this test's workflows.
    selector: String,
    poll: Mutex<Poll>,
    changed: Condvar,
}

/// The result of the last poll.
#[derive(Default)]
struct Poll {
    /// The phases of workflows by name.
    phases: BTreeMap<String, String>,
    count: u64,
    is_over: bool,
}

impl Kubectl {
    pub(crate) fn new(config: String, namespace: String, selector: String) -> Self {
        Self { config, namespace, selector, poll: Mutex::default(), changed: Condvar::new() }
    }

    fn call(&self, arguments: &[&str], input: Option<&Value>) -> Result<String, String> {
        let mut command = Command::new("kubectl");
        command.args(["--kubeconfig", &self.config, "--namespace", &self.namespace]).args(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("kubectl is on the PATH");
        let mut stdin = child.stdin.take().unwrap();
        if let Some(input) = input {
            stdin.write_all(input.to_string().as_bytes()).unwrap();
        }
        drop(stdin);
        let output = child.wait_with_output().unwrap();
        if output.status.success() {
            Ok(String::from_utf8(output.stdout).unwrap())
        } else {
            Err(String::from_utf8_lossy(&output.stderr).trim().to_owned())
        }
    }

    /// Creates the secrets and config maps of all cases.
    pub(crate) fn put_values(&self, cases: &[Expected]) {
        let runs = || cases.iter().flat_map(|case| &case.runs);
        self.put("Secret", "stringData", runs().flat_map(|run| &run.secrets));
        self.put("ConfigMap", "data", runs().flat_map(|run| &run.config_maps));
    }

    fn put<'a>(&self, kind: &str, field: &str, values: impl Iterator<Item = (&'a String, &'a String)>) {
        let mut objects: BTreeMap<&str, Value> = BTreeMap::new();
        for (place, value) in values {
            let (name, key) = place.split_once('/').expect("expected NAME/KEY");
            let empty = || json!({"apiVersion": "v1", "kind": kind, "metadata": {"name": name}, field: {}});
            objects.entry(name).or_insert_with(empty)[field][key] = json!(value);
        }
        for object in objects.values() {
            self.call(&["apply", "-f", "-"], Some(object)).unwrap();
        }
    }

    /// Sets the secrets and config maps to the values of a run.
    pub(crate) fn set_values(&self, run: &Run) {
        for (kind, field, values) in
            [("secret", "stringData", &run.secrets), ("configmap", "data", &run.config_maps)]
        {
            for (place, value) in values {
                let (name, key) = place.split_once('/').expect("expected NAME/KEY");
                let patch = json!({field: {key: value}}).to_string();
                self.call(&["patch", kind, name, "--type", "merge", "-p", &patch], None).unwrap();
            }
        }
    }

    /// Deletes a workflow and its pods, without waiting.
    pub(crate) fn delete(&self, name: &str) {
        self.call(&["delete", "workflow", name, "--wait=false"], None).unwrap();
    }

    /// Creates a workflow and returns its name.
    pub(crate) fn create(&self, workflow: &Value) -> Result<String, String> {
        let created = self.call(&["create", "-f", "-", "-o", "jsonpath={.metadata.name}"], Some(workflow))?;
        Ok(created.trim().to_owned())
    }

    /// Returns the workflow of that name.
    pub(crate) fn get(&self, name: &str) -> Value {
        let text = self.call(&["get", "workflow", name, "-o", "json"], None).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    /// Polls all workflows of this test until [`Self::stop_watching`] is called.
    pub(crate) fn watch(&self) {
        let columns = "custom-columns=NAME:.metadata.name,PHASE:.status.phase";
        loop {
            let listed =
                self.call(&["get", "workflows", "-l", &self.selector, "--no-headers", "-o", columns], None);
            let mut poll = self.poll.lock().unwrap();
            for line in listed.unwrap_or_default().lines() {
                if let Some((name, phase)) = line.split_once(char::is_whitespace) {
                    poll.phases.insert(name.to_owned(), phase.trim().to_owned());
                }
            }
            poll.count += 1;
            self.changed.notify_all();
            if poll.is_over {
                return;
            }
            drop(poll);
            thread::sleep(PAUSE);
        }
    }

    /// Stops [`Self::watch`].
    pub(crate) fn stop_watching(&self) {
        self.poll.lock().unwrap().is_over = true;
    }

    /// Waits for the next poll and returns whether the workflow has finished.
    pub(crate) fn wait(&self, name: &str) -> bool {
        let poll = self.poll.lock().unwrap();
        let before = poll.count;
        let poll = self.changed.wait_while(poll, |poll| poll.count == before).unwrap();
        poll.phases.get(name).is_some_and(|phase| ["Succeeded", "Failed", "Error"].contains(&phase.as_str()))
    }

    /// Approves a suspended node, as the Argo command line does.
    pub(crate) fn approve(
        &self,
        workflow: &str,
        id: &str,
        nodes: &Nodes,
        values: &BTreeMap<String, String>,
    ) -> bool {
        let outputs = nodes.outputs_with(id, values);
        let now =
            self.call(&["get", "workflow", workflow, "-o", "jsonpath={.metadata.creationTimestamp}"], None);
        let node =
            json!({"phase": "Succeeded", "finishedAt": now.unwrap_or_default().trim(), "outputs": outputs});
        let patch = json!({"status": {"nodes": {id: node}}}).to_string();
        self.call(&["patch", "workflow", workflow, "--type", "merge", "-p", &patch], None).is_ok()
    }
}
