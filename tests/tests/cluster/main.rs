//! The conformance set on a cluster: each case is compiled to a workflow, run by Argo, and compared with the same
//! expectations as a local run.
//!
//! It runs if `KFP_TEST_KUBECONFIG` is the path of a `kubectl` configuration and `KFP_TEST_IMAGE` an image that
//! contains the binary `conformance`. Optional variables:
//!
//! - `KFP_TEST_PYTHON_IMAGE` and `KFP_TEST_NAMESPACE`.
//! - `KFP_TEST_OTHER_IMAGE`: another name of the same image, for the case in which the image of a step changes.
//! - `KFP_TEST_PIPELINE_ROOT`: a location in the artifact repository, such as `s3://bucket/prefix`, for cases that
//!   read artifacts from outside a run.
//! - `KFP_TEST_LAKE` and `KFP_TEST_LAKE_SECRET`: host and port of an S3 server without TLS, and a secret with its
//!   `accesskey` and `secretkey`, for cases that read from a separate store.
//! - `KFP_CONFORMANCE=TEXT` runs only cases whose group or name contains the text.
//! - `KFP_TEST_WORKERS=2` runs two cases at a time.
//! - `KFP_RANDOM=20@7` runs twenty random pipelines with the seeds 7 to 26, and compares them with local runs.
//!
//! The workflow of a run that met its expectations is deleted with its pods.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod files;
mod kubectl;
#[path = "../random/local.rs"]
mod local;
mod nodes;
mod random;

use std::collections::BTreeMap;
use std::process::Command;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use kfp_model::Document;
use serde_json::{Value, json};
use tests::conformance::{Expected, Run, Table, differences};

use files::Lake;
use kubectl::Kubectl;

/// The default number of cases that run at the same time.
const WORKERS: usize = 8;

/// The maximum duration of a run.
const MAX_DURATION: Duration = Duration::from_secs(60 * 60);

/// The label that marks the workflows of this test.
const LABEL: &str = "kfpc-conformance";

const PROGRAM: &str = env!("CARGO_BIN_EXE_conformance");

/// State shared by all cases.
struct Cluster {
    kubectl: Kubectl,
    image: String,
    other_image: Option<String>,
    python_image: Option<String>,
    pipeline_root: Option<String>,
    lake: Option<Lake>,
    workers: usize,
    /// A number unique to this test run, which is part of the cache epochs.
    number: u64,
}

#[test]
fn every_case_meets_its_expectations_on_the_cluster() {
    let Some(cluster) = cluster() else { return };
    let wanted = variable("KFP_CONFORMANCE").unwrap_or_default();
    let cases: Vec<Expected> = serde_json::from_str(&conformance(&["expected"]).unwrap()).unwrap();
    let cases = cases.into_iter().filter(|case| case.group.contains(&wanted) || case.name.contains(&wanted));
    let cases: Vec<Expected> = cases.collect();
    cluster.kubectl.put_values(&cases);
    let table = cluster.try_all(cases, |case, table| cluster.try_case(&case, table));
    println!("{table}");
    assert!(table.is_good(), "\n{table}");
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Returns the cluster configured by the environment.
#[expect(clippy::print_stdout, reason = "reports that the test is skipped")]
fn cluster() -> Option<Cluster> {
    let (Some(config), Some(image)) = (variable("KFP_TEST_KUBECONFIG"), variable("KFP_TEST_IMAGE")) else {
        println!("skipped: KFP_TEST_KUBECONFIG and KFP_TEST_IMAGE are not set");
        return None;
    };
    let namespace = variable("KFP_TEST_NAMESPACE").unwrap_or_else(|| "default".to_owned());
    let number = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let kubectl = Kubectl::new(config, namespace, format!("{LABEL}={number}"));
    Some(Cluster {
        kubectl,
        image,
        other_image: variable("KFP_TEST_OTHER_IMAGE"),
        python_image: variable("KFP_TEST_PYTHON_IMAGE"),
        pipeline_root: variable("KFP_TEST_PIPELINE_ROOT"),
        lake: variable("KFP_TEST_LAKE")
            .zip(variable("KFP_TEST_LAKE_SECRET"))
            .map(|(endpoint, secret)| Lake { endpoint, secret }),
        workers: variable("KFP_TEST_WORKERS").map_or(WORKERS, |workers| workers.parse().unwrap()),
        number,
    })
}

/// Returns the output of the binary, or its error message.
fn conformance(arguments: &[&str]) -> Result<String, String> {
    let output = Command::new(PROGRAM).args(arguments).output().unwrap();
    if output.status.success() {
        Ok(String::from_utf8(output.stdout).unwrap())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).trim().to_owned())
    }
}

impl Cluster {
    /// Runs `try_one` for all items in order, several at a time.
    fn try_all<T: Send>(&self, mut all: Vec<T>, try_one: impl Fn(T, &Mutex<Table>) + Sync) -> Table {
        // Workers take items from the end.
        all.reverse();
        let queue = Mutex::new(all);
        let table = Mutex::new(Table::default());
        thread::scope(|scope| {
            let watch = scope.spawn(|| self.kubectl.watch());
            let workers: Vec<_> = (0..self.workers)
                .map(|_| {
                    scope.spawn(|| {
                        loop {
                            let next = queue.lock().unwrap().pop();
                            let Some(next) = next else { break };
                            try_one(next, &table);
                        }
                    })
                })
                .collect();
            let ended: Vec<_> = workers.into_iter().map(thread::ScopedJoinHandle::join).collect();
            self.kubectl.stop_watching();
            watch.join().unwrap();
            for end in ended {
                end.unwrap();
            }
        });
        table.into_inner().unwrap()
    }

    #[expect(
        clippy::print_stdout,
        reason = "running all cases takes long and may be interrupted before the table is printed"
    )]
    fn try_case(&self, case: &Expected, table: &Mutex<Table>) {
        if let Some(reason) = self.obstacle(case) {
            return table.lock().unwrap().skipped(&case.group, &case.name, reason);
        }
        let document = Document::from_json(&conformance(&["export", &case.name]).unwrap()).unwrap();
        let mut lines = Vec::new();
        for (idx, run) in case.runs.iter().enumerate() {
            let found = match self.workflow(case, idx, run) {
                Ok(workflow) => self.observe(&document, case, run, &workflow),
                Err(refusal) if refusal.contains("KFP06") => {
                    return table.lock().unwrap().refused(&case.group, &case.name, &refusal);
                }
                Err(problem) => vec![problem],
            };
            lines.extend(found.into_iter().map(|line| format!("run {idx}: {line}")));
        }
        println!("{}: {}", case.name, if lines.is_empty() { "passed" } else { "differs" });
        let mut table = table.lock().unwrap();
        if lines.is_empty() {
            table.passed(&case.group, &case.name);
        } else {
            table.differs(&case.group, &case.name, lines);
        }
    }

    /// Returns the reason that the case cannot run here, if there is one.
    fn obstacle<'c>(&self, case: &'c Expected) -> Option<&'c str> {
        let wants_other = case.runs.iter().any(|run| run.other_program);
        match &case.local_only {
            Some(reason) => Some(reason),
            None if wants_other && self.other_image.is_none() => Some("KFP_TEST_OTHER_IMAGE is not set"),
            None if reads_from_outside(case) && self.pipeline_root.is_none() => {
                Some("KFP_TEST_PIPELINE_ROOT is not set")
            }
            None if reads_from_a_store(case) && self.lake.is_none() => Some("KFP_TEST_LAKE is not set"),
            None => None,
        }
    }

    /// Returns the URI of the folder of a case.
    fn folder(&self, case: &Expected) -> Option<String> {
        self.pipeline_root.as_ref().map(|root| format!("{root}/given/{}/{}", self.number, case.name))
    }

    /// Returns the workflow of a run as JSON, with a label and a unique cache epoch.
    fn workflow(&self, case: &Expected, idx: usize, run: &Run) -> Result<Value, String> {
        let number = idx.to_string();
        let image = self.other_image.as_ref().filter(|_| run.other_program).unwrap_or(&self.image);
        let folder = self.folder(case);
        let mut arguments = vec!["argo", &case.name, "--run", &number, "--image", image];
        if let (true, Some(root), Some(folder)) = (reads_from_outside(case), &self.pipeline_root, &folder) {
            arguments.extend(["--pipeline-root", root, "--folder", folder]);
        }
        if let Some(Lake { endpoint, secret }) = self.lake.as_ref().filter(|_| reads_from_a_store(case)) {
            arguments.extend(["--lake", endpoint, "--lake-secret", secret]);
        }
        if let Some(image) = &self.python_image {
            arguments.extend(["--python-image", image]);
        }
        let mut workflow: Value = serde_saphyr::from_str(&conformance(&arguments)?).unwrap();
        workflow["metadata"]["labels"][LABEL] = json!(self.number.to_string());
        let parameters = workflow.pointer_mut("/spec/arguments/parameters").and_then(Value::as_array_mut);
        for parameter in parameters.into_iter().flatten() {
            let name = parameter["name"].as_str().unwrap_or_default().to_owned();
            if name == "cache-epoch" {
                // Cases call the same steps with the same arguments; a unique epoch keeps them from sharing
                // results.
                parameter["value"] = json!(format!("{} {} {}", self.number, case.name, run.cache_epoch));
            } else if let Some(text) = run.typed.get(&name) {
                parameter["value"] = json!(text);
            }
        }
        Ok(workflow)
    }

    /// Runs the workflow and returns the differences from its expectations.
    fn observe(&self, document: &Document, case: &Expected, run: &Run, workflow: &Value) -> Vec<String> {
        // Let cached results grow older; this does not wait for anything.
        thread::sleep(Duration::from_secs(run.pause_seconds));
        self.kubectl.set_values(run);
        if let (false, Some(folder)) = (run.files.is_empty(), self.folder(case)) {
            let mut put = files::workflow(&run.files, &folder, self.lake.as_ref(), &self.image);
            put["metadata"]["labels"][LABEL] = json!(self.number.to_string());
            match self.run_to_end(&put, &BTreeMap::new()) {
                Ok((name, ended)) if ended["status"]["phase"] == "Succeeded" => self.kubectl.delete(&name),
                Ok((name, _)) => return vec![format!("the files were not stored by `{name}`")],
                Err(problem) => return vec![problem],
            }
        }
        let (name, ended) = match self.run_to_end(workflow, &run.approvals) {
            Ok(ended) => ended,
            Err(problem) => return vec![problem],
        };
        let mut observed = nodes::of(&ended).observed((document, &case.name), &ended);
        nodes::reconcile(run, &mut observed);
        let lines = differences(run, &observed);
        if lines.is_empty() {
            self.kubectl.delete(&name);
        }
        lines.into_iter().map(|line| format!("{name}: {line}")).collect()
    }

    /// Runs a workflow until it has finished, and returns its name and final state.
    fn run_to_end(
        &self,
        workflow: &Value,
        approvals: &BTreeMap<String, BTreeMap<String, String>>,
    ) -> Result<(String, Value), String> {
        let name = self.kubectl.create(workflow);
        let name = name.map_err(|problem| format!("cannot create the workflow: {problem}"))?;
        let start = Instant::now();
        let mut open: BTreeMap<&str, _> =
            approvals.iter().map(|(task, values)| (task.as_str(), values)).collect();
        while !self.kubectl.wait(&name) {
            if start.elapsed() > MAX_DURATION {
                return Err(format!("`{name}` has not ended after {} seconds", MAX_DURATION.as_secs()));
            }
            if !open.is_empty() {
                let nodes = nodes::of(&self.kubectl.get(&name));
                open.retain(|task, values| match nodes.waiting_approval(task) {
                    Some(id) => !self.kubectl.approve(&name, id, &nodes, values),
                    None => true,
                });
            }
        }
        let ended = self.kubectl.get(&name);
        Ok((name, ended))
    }
}

/// Returns whether a file of the case is in a separate store.
fn reads_from_a_store(case: &Expected) -> bool {
    case.runs.iter().flat_map(|run| run.files.keys()).any(|name| files::in_lake(name).is_some())
}

/// Returns whether a run of the case reads from outside it.
fn reads_from_outside(case: &Expected) -> bool {
    case.runs.iter().any(Run::reads_from_outside)
}
