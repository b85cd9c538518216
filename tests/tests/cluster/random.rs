//! Random pipelines on a cluster: every task ends as in a local run and returns the same outputs.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Mutex;

use kfp_argo::yaml::yaml;
use kfp_compiler::check::check;
use kfp_compiler::lower::{Options, lower};
use kfp_runner::{Harness, Kind, State};
use serde_json::{Value, json};
use tests::conformance::{Ending, ObservedTask, Table};
use tests::random::{Choices, RandomPipeline, pipeline};

use crate::local::{self, Outcome, TaskOutcome};
use crate::{Cluster, LABEL, cluster, nodes, variable};

/// The group of random pipelines in the table of results.
const GROUP: &str = "random";

#[test]
fn random_pipelines_behave_the_same_locally_and_on_the_cluster() {
    let Some(wanted) = variable("KFP_RANDOM") else {
        println!("skipped: KFP_RANDOM is not set");
        return;
    };
    let Some(cluster) = cluster() else { return };
    let (count, seed) = wanted.split_once('@').unwrap_or((&wanted, "1"));
    let (count, seed): (u64, u64) = (count.parse().unwrap(), seed.parse().unwrap());
    let table = cluster.try_all((seed..seed + count).collect(), |seed, table| cluster.try_seed(seed, table));
    println!("{table}");
    assert!(table.is_good(), "\n{table}");
}

impl Cluster {
    #[expect(
        clippy::print_stdout,
        reason = "running all pipelines takes long and may be interrupted before the table is printed"
    )]
    fn try_seed(&self, seed: u64, table: &Mutex<Table>) {
        let random = pipeline(&mut Choices::random(seed), &local::components());
        let name = format!("seed-{seed}");
        let lines = self.try_random(&random, &name);
        println!(
            "{name}: {}",
            if lines.is_empty() { "passed".to_owned() } else { format!("differs\n{}", lines.join("\n")) }
        );
        let mut table = table.lock().unwrap();
        if lines.is_empty() {
            table.passed(GROUP, &name);
        } else {
            let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.json"));
            fs::write(path, random.document.to_json()).unwrap();
            table.differs(GROUP, &name, lines);
        }
    }

    /// Returns the differences between the two runs, one per line.
    fn try_random(&self, random: &RandomPipeline, name: &str) -> Vec<String> {
        let expected = local::run(random, Harness::new());
        let workflow = match self.random_workflow(random, name) {
            Ok(workflow) => workflow,
            Err(problem) => return vec![problem],
        };
        let (created, ended) = match self.run_to_end(&workflow, &BTreeMap::new()) {
            Ok(ended) => ended,
            Err(problem) => return vec![problem],
        };
        let lines = differences(&expected, &ended);
        if lines.is_empty() {
            self.kubectl.delete(&created);
        }
        lines.into_iter().map(|line| format!("{created}: {line}")).collect()
    }

    fn random_workflow(&self, random: &RandomPipeline, name: &str) -> Result<Value, String> {
        let outcome = check(&random.document, &random.document.pipelines[0]);
        let program = outcome.program.ok_or_else(|| format!("{:?}", outcome.diagnostics))?;
        let (image, arguments) = (Some(self.image.clone()), random.arguments.clone());
        let lowering = lower(&program, &Options { image, arguments, ..Options::default() });
        let text = yaml(&lowering.map_err(|found| format!("{found:?}"))?.workflow);
        let mut workflow: Value = serde_saphyr::from_str(&text).map_err(|error| error.to_string())?;
        workflow["metadata"]["labels"][LABEL] = json!(self.number.to_string());
        let parameters = workflow.pointer_mut("/spec/arguments/parameters").and_then(Value::as_array_mut);
        for parameter in
            parameters.into_iter().flatten().filter(|parameter| parameter["name"] == "cache-epoch")
        {
            parameter["value"] = json!(format!("{} {name}", self.number));
        }
        Ok(workflow)
    }
}

fn differences(expected: &Outcome, workflow: &Value) -> Vec<String> {
    let nodes = nodes::of(workflow);
    let found = match nodes.tasks(workflow, |path| Some(path.to_owned())) {
        Ok(found) => found,
        Err(error) => return vec![error.to_string()],
    };
    let mut lines = Vec::new();
    let state = nodes::ending(&workflow["status"]);
    if (expected.state == State::Succeeded) != (state == Ending::Succeeded) {
        lines.push(format!("the run: {} locally, {state} on the cluster", expected.state));
    }
    if expected.state == State::Succeeded {
        outputs("the run", &expected.outputs, &nodes.outputs(), &mut lines);
    }
    for (path, ended) in expected.tasks.iter().filter(|(_, ended)| ended.kind == Kind::Step) {
        task(path, ended, found.get(path), &mut lines);
    }
    let unknown =
        found.iter().filter(|(path, task)| task.attempts.is_some() && !expected.tasks.contains_key(*path));
    lines.extend(
        unknown.map(|(path, task)| format!("{path}: no such step locally, {} on the cluster", task.state)),
    );
    lines
}

fn task(path: &str, expected: &TaskOutcome, found: Option<&ObservedTask>, lines: &mut Vec<String>) {
    let state = found.map_or(Ending::Omitted, |found| found.state);
    let ran = |state| !matches!(state, Ending::Skipped | Ending::Omitted);
    let is_same = match expected.state {
        State::Succeeded | State::Cached => matches!(state, Ending::Succeeded | Ending::Cached),
        State::Failed => state == Ending::Failed,
        State::Error => state == Ending::Error,
        _ => !ran(state),
    };
    if !is_same {
        let message = found.and_then(|found| found.message.as_deref()).unwrap_or_default();
        return lines.push(format!("{path}: {} locally, {state} on the cluster ({message})", expected.state));
    }
    if let Some(found) = found.filter(|_| expected.state.has_outputs()) {
        outputs(path, &expected.outputs, &found.outputs, lines);
    }
    if let Some(found) = found.filter(|_| expected.state == State::Failed)
        && found.exit_code != expected.exit_code
    {
        lines.push(format!(
            "{path}: exit code {:?} locally, {:?} on the cluster",
            expected.exit_code, found.exit_code
        ));
    }
}

fn outputs(
    name: &str,
    expected: &BTreeMap<String, Value>,
    found: &BTreeMap<String, Value>,
    lines: &mut Vec<String>,
) {
    for (output, value) in expected {
        let other = found.get(output).map(local::plain);
        let encode = |value: &Value| kfp_model::value::encode(value);
        if other.as_ref().map(encode) != Some(encode(value)) {
            lines.push(format!("{name}: {output} = {value} locally, {other:?} on the cluster"));
        }
    }
}
