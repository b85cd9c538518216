//! The example `hpo-pipeline`, run locally: its nested loops collect results, and its recursion terminates.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;
use tests::{Programs, workspace};

/// A finished run.
struct FinishedRun {
    folder: TempDir,
    code: i32,
    report: Value,
    stderr: String,
}

fn run(pipeline: &str, parameters: &[&str]) -> FinishedRun {
    let programs = Programs::get();
    let folder = tempfile::tempdir().unwrap();
    let data = workspace().join("examples/hpo-pipeline/data/tumours.csv");
    let mut command = programs.kfpc(folder.path());
    command.args(["run", "--format", "json", "--pipeline", pipeline]).arg(&programs.hpo_pipeline);
    command.arg("-p").arg(format!("raw_data_path={}", data.display()));
    for parameter in parameters {
        command.args(["-p", parameter]);
    }
    let output = command.output().unwrap();
    FinishedRun {
        folder,
        code: output.status.code().unwrap(),
        report: serde_json::from_slice(&output.stdout).unwrap_or_default(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

impl FinishedRun {
    /// Returns the tasks of that name with their paths.
    fn tasks(&self, name: &str) -> Vec<(&str, &Value)> {
        let tasks = self.report["tasks"].as_array().unwrap().iter();
        tasks.filter(|task| task["name"] == name).map(|task| (task["task"].as_str().unwrap(), task)).collect()
    }

    fn task(&self, path: &str) -> &Value {
        let tasks = self.report["tasks"].as_array().unwrap();
        let found = tasks.iter().find(|task| task["task"] == path);
        found.unwrap_or_else(|| panic!("no task `{path}`:\n{:#}\n{}", self.report, self.stderr))
    }

    /// Returns the bytes of an artifact.
    fn artifact(&self, artifact: &Value) -> Vec<u8> {
        fs::read(self.store().join(artifact["key"].as_str().unwrap())).unwrap()
    }

    fn store(&self) -> std::path::PathBuf {
        Path::new(self.folder.path()).join(".kfp")
    }

    fn succeeded(self) -> Self {
        assert_eq!((self.code, &self.report["state"]), (0, &json!("Succeeded")), "{}", self.stderr);
        for task in self.report["tasks"].as_array().unwrap() {
            let ended = ["Succeeded", "Skipped"].iter().any(|state| task["state"] == *state);
            assert!(ended, "{task:#}");
        }
        self
    }
}

fn accuracy(task: &Value) -> f64 {
    task["outputs"]["accuracy"].as_f64().unwrap()
}

#[test]
fn the_best_point_of_the_grid_is_found() {
    let run = run("hpo-pipeline", &["learning_rates=[0.05, 0.5]", "depths=[1, 2, 3]"]).succeeded();
    assert_eq!(run.tasks("train-model").len(), 6);
    let mut collected = Vec::new();
    for (row, rate) in [0.05, 0.5].into_iter().enumerate() {
        let mut accuracies = Vec::new();
        for (column, depth) in [1, 2, 3].into_iter().enumerate() {
            let place = format!("learning-rates/{row}/depths/{column}");
            let fit = &run.task(&format!("{place}/train-model"))["outputs"];
            let metrics = &run.task(&format!("{place}/log-hpo-metrics"))["outputs"]["metrics"];
            let expected = json!({
                "model_id": format!("rate-{rate}-depth-{depth}"),
                "learning_rate": rate,
                "depth": depth,
                "accuracy": fit["accuracy"],
                "loss": fit["loss"],
            });
            assert_eq!(metrics["metadata"], expected, "{place}");
            assert_eq!(serde_json::from_slice::<Value>(&run.artifact(metrics)).unwrap(), expected, "{place}");
            accuracies.push(fit["accuracy"].clone());
        }
        collected.push(Value::from(accuracies));
    }
    let outputs = &run.task("learning-rates")["outputs"];
    assert_eq!(outputs["value_1"], Value::from(collected.clone()), "accuracies out of order");

    let flat: Vec<f64> =
        collected.iter().flat_map(|row| row.as_array().unwrap()).map(|item| item.as_f64().unwrap()).collect();
    let first_best = (0..6).rev().max_by(|left, right| flat[*left].total_cmp(&flat[*right])).unwrap();
    let best = &run.task("select-best")["outputs"];
    assert_eq!(best["accuracy"], json!(flat[first_best]), "{flat:?}");
    assert!(flat[first_best] > 0.9, "{flat:?}");
    assert_eq!(best["learning_rate"], json!([0.05, 0.5][first_best / 3]));
    assert_eq!(best["depth"], json!(first_best % 3 + 1));
    let winner = &outputs["value_2"][first_best / 3][first_best % 3];
    assert_eq!(run.artifact(&run.report["outputs"]["best_model"]), run.artifact(winner));
}

#[test]
fn the_trials_are_halved_until_one_is_left() {
    let run = run("random-search", &["candidates=5", "seed=3"]).succeeded();
    let mut trials = run.task("draw-trials")["outputs"]["trials"].clone();
    assert_eq!(trials.as_array().unwrap().len(), 5);
    let mut levels = run.tasks("keep-better-half");
    levels.sort_by_key(|(path, _)| path.len());
    let counts: Vec<&Value> = levels.iter().map(|(_, level)| &level["outputs"]["count"]).collect();
    assert_eq!(counts, [3, 2, 1]);
    for (path, level) in &levels {
        let place = path.strip_suffix("keep-better-half").unwrap();
        let mut order: Vec<(usize, f64)> = (0..trials.as_array().unwrap().len())
            .map(|idx| (idx, accuracy(run.task(&format!("{place}trials/{idx}/train-model")))))
            .collect();
        order.sort_by(|left, right| right.1.total_cmp(&left.1));
        assert_eq!(level["outputs"]["accuracy"], json!(order[0].1));
        order.truncate(order.len().div_ceil(2));
        let kept: Value = order.iter().map(|(idx, _)| trials[*idx].clone()).collect();
        assert_eq!(level["outputs"]["trials"], kept, "{path}");
        let winner = run.task(&format!("{place}trials/{}/train-model", order[0].0));
        let leader = run.artifact(&level["outputs"]["leader"]);
        assert_eq!(leader, run.artifact(&winner["outputs"]["trained_model"]), "{path}");
        trials = kept;
    }
    let (_, last) = levels.last().unwrap();
    let best = run.artifact(&run.report["outputs"]["best_model"]);
    assert_eq!(best, run.artifact(&last["outputs"]["leader"]));
    let model: Value = serde_json::from_slice(&best).unwrap();
    assert_eq!(model["parameters"]["n_estimators"], 16, "each level doubles the number of trees");
}

#[test]
fn one_candidate_needs_no_second_level() {
    let run = run("random-search", &["candidates=1"]).succeeded();
    assert_eq!(run.tasks("keep-better-half").len(), 1);
    assert_eq!(run.tasks("train-model").len(), 1);
}

#[test]
fn a_failing_trial_fails_the_search() {
    let run = run("hpo-pipeline", &["learning_rates=[0.5, 2]", "depths=[1]"]);
    assert_eq!((run.code, &run.report["state"]), (1, &json!("Failed")), "{}", run.stderr);
    let failed = run.task("learning-rates/1/depths/0/train-model");
    assert_eq!((&failed["state"], &failed["class"]), (&json!("Failed"), &json!("data")));
    assert!(failed["message"].as_str().unwrap().contains("invalid `learning_rate` 2"), "{failed:#}");
    assert_eq!(
        run.task("learning-rates/0/depths/0/train-model")["state"],
        "Succeeded",
        "the other trials must finish"
    );
    assert_eq!(run.task("select-best")["state"], "Omitted");

    // A task has the same name in all output for users.
    let name = "learning-rates[learning_rate=2]/depths[depth=1]/train-model";
    for line in [format!("started    {name}\n"), format!("failed     {name}, attempt 1, ")] {
        assert!(run.stderr.contains(&line), "`{line}` is missing:\n{}", run.stderr);
    }
    let shown = Programs::get().kfpc(run.folder.path()).args(["runs", "show", "last"]).output().unwrap();
    let shown = String::from_utf8(shown.stdout).unwrap();
    assert_eq!(shown.lines().filter(|line| line.starts_with(&format!("{name}  "))).count(), 1, "{shown}");
}
