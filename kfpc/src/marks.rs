//! What happened to each task of a pipeline in a run, for the picture of the run.

use std::collections::{BTreeMap, BTreeSet};

use kfp_compiler::check::Checked;
use kfp_compiler::emit::{Mark, Marks, Outcome};
use kfp_model::{Call, Callee, TaskId, TaskKind};
use kfp_runner::{State, TaskSummary};

use crate::table::{plural, time};

/// Returns the marks of the tasks of the main pipeline of a run. A task in a loop represents all of its iterations.
pub(crate) fn marks(checked: &Checked<'_>, tasks: &[TaskSummary]) -> Marks {
    let is_call = |kind: &TaskKind| matches!(kind, TaskKind::Call(Call { callee: Callee::Pipeline(_), .. }));
    let calls: BTreeSet<&str> =
        checked.nodes().filter(|node| is_call(&node.task.kind)).map(|node| node.task.id.0.as_str()).collect();
    let mut tasks: Vec<&TaskSummary> = tasks.iter().collect();
    tasks.sort_by_key(|task| task.path.len());
    let mut called: BTreeSet<&str> = BTreeSet::new();
    let mut by_id: BTreeMap<&str, Vec<&TaskSummary>> = BTreeMap::new();
    for task in tasks {
        // Tasks of called pipelines may have the same ids.
        let mut enclosing = task.path.match_indices('/').map(|(end, _)| &task.path[..end]);
        if enclosing.any(|path| called.contains(path)) {
            continue;
        }
        if calls.contains(task.id.as_str()) {
            called.insert(&task.path);
        }
        by_id.entry(&task.id).or_default().push(task);
    }
    let mark = |id: &TaskId| (id.clone(), by_id.get(id.0.as_str()).map_or_else(pending, |all| mark_of(all)));
    checked.nodes().map(|node| mark(&node.task.id)).collect()
}

fn pending() -> Mark {
    Mark { outcome: Outcome::Pending, text: "not started".to_owned() }
}

/// Returns the mark for a task, or for its iterations.
fn mark_of(tasks: &[&TaskSummary]) -> Mark {
    let mut counts: BTreeMap<Outcome, usize> = BTreeMap::new();
    for task in tasks {
        *counts.entry(outcome(task.state)).or_default() += 1;
    }
    let outcome = counts.last_key_value().map_or(Outcome::Pending, |(outcome, _)| *outcome);
    let longest = tasks.iter().filter_map(|task| task.duration).max().filter(|_| outcome != Outcome::Skipped);
    let mut text = match tasks {
        [_] => outcome.as_str().to_owned(),
        _ => {
            let part = |(outcome, count): (&Outcome, &usize)| format!("{count} {}", outcome.as_str());
            counts.iter().rev().map(part).collect::<Vec<_>>().join(", ")
        }
    };
    if let Some(longest) = longest {
        let up_to = if tasks.len() > 1 { "up to " } else { "" };
        text.push_str(&format!(", {up_to}{}", time(longest)));
    }
    let attempts = tasks.iter().map(|task| task.attempts).max().unwrap_or(0);
    if attempts > 1 {
        text.push_str(&format!(", {}", plural(attempts as usize, "attempt", "attempts")));
    }
    Mark { outcome, text }
}

fn outcome(state: State) -> Outcome {
    match state {
        State::Running => Outcome::Running,
        State::Succeeded => Outcome::Succeeded,
        State::Cached => Outcome::Cached,
        State::Failed | State::Error => Outcome::Failed,
        State::Skipped | State::Omitted => Outcome::Skipped,
        State::Cancelled => Outcome::Cancelled,
        State::Interrupted => Outcome::Interrupted,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use kfp_model::Document;
    use serde_json::json;

    use super::*;

    fn task(id: &str, path: &str, state: State, seconds: u64, attempts: u32) -> TaskSummary {
        TaskSummary {
            path: path.to_owned(),
            label: path.to_owned(),
            id: id.to_owned(),
            name: id.to_owned(),
            state,
            message: None,
            exit_code: None,
            class: None,
            started_at: Some(0),
            duration: (state != State::Running).then(|| Duration::from_secs(seconds)),
            attempts,
            cached_from: None,
            inputs: BTreeMap::new(),
            outputs: BTreeMap::new(),
        }
    }

    #[test]
    fn the_words_are_those_of_the_states() {
        for state in [State::Cancelled, State::Interrupted, State::Failed, State::Cached] {
            assert_eq!(outcome(state).as_str(), state.as_str().to_lowercase());
        }
    }

    #[test]
    fn iterations_are_counted_and_tasks_of_called_pipelines_are_not() {
        let call = |id: &str, callee: &str, name: &str| json!({"id": id, "name": id, "kind": {"call": {"callee": {callee: name}}}});
        let items =
            json!({"items": {"constant": [1, 2, 3]}, "body": {"tasks": [call("fit", "component", "c")]}});
        let tasks = json!([
            {"id": "each", "name": "each", "kind": {"loop": items}},
            call("inner", "pipeline", "other"),
            call("later", "component", "c"),
        ]);
        let document = json!({
            "schema_version": 1,
            "pipelines": [
                {"name": "main", "root": {"tasks": tasks}},
                {"name": "other", "root": {"tasks": [call("fit", "component", "c")]}},
            ],
            "components": {"c": {"name": "c", "implementation": {"rust": {}}}},
        });
        let document = Document::from_json(&document.to_string()).unwrap();
        let outcome = kfp_compiler::check::check(&document, &document.pipelines[0]);
        let program = outcome.program.unwrap_or_else(|| panic!("{:?}", outcome.diagnostics));
        let tasks = [
            task("each", "each", State::Failed, 9, 0),
            task("fit", "each/0/fit", State::Succeeded, 3, 1),
            task("fit", "each/1/fit", State::Failed, 8, 3),
            task("fit", "each/2/fit", State::Succeeded, 2, 1),
            task("inner", "inner", State::Running, 0, 0),
            task("fit", "inner/fit", State::Cancelled, 99, 1),
        ];
        let marks = marks(program.root(), &tasks);
        let found: Vec<(&str, Outcome, &str)> =
            marks.iter().map(|(id, mark)| (id.0.as_str(), mark.outcome, mark.text.as_str())).collect();
        assert_eq!(
            found,
            [
                ("each", Outcome::Failed, "failed, 9.0s"),
                ("fit", Outcome::Failed, "1 failed, 2 succeeded, up to 8.0s, 3 attempts"),
                ("inner", Outcome::Running, "running"),
                ("later", Outcome::Pending, "not started"),
            ]
        );
    }
}
