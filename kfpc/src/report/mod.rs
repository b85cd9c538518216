//! A run as one HTML page: states, durations, parameters, outputs, metrics and charts.
//!
//! The main function is [`page`]. The page needs no network and no scripts, and everything in it is escaped by [`html`].

mod charts;
mod html;
mod timeline;

use std::collections::BTreeMap;
use std::time::Duration;

use kfp_runner::{Metric, RunSummary, State, TaskSummary};
use serde_json::Value;

use self::html::Html;
use crate::history::started;
use crate::table::time;

/// The maximum number of characters of a value.
const MAX_CHARACTERS: usize = 400;

/// Returns the page of a run.
pub(crate) fn page(run: &RunSummary, tasks: &[TaskSummary], metrics: &[Metric]) -> String {
    let mut html = Html::default();
    html.markup("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    // Nothing is loaded or executed, even if the browser found a way to interpret data as markup.
    html.markup(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n",
    );
    html.markup("<meta name=\"viewport\" content=\"width=device-width\">\n");
    html.element_of("title", &[], &format!("{} {}", run.pipeline, run.id));
    html.markup("\n<style>\n");
    html.markup(include_str!("page.css"));
    html.markup("</style>\n</head>\n<body>\n");
    head(&mut html, run);
    if !run.arguments.is_empty() {
        html.markup("<h2>Parameters</h2>\n");
        html.table(["Parameter", "Value"], &run.arguments, |html, (name, argument)| {
            html.element_of("td", &[], name);
            html.element("td", &[], |html| value(html, argument));
        });
    }
    html.markup("<h2>Tasks</h2>\n");
    timeline::add(&mut html, run, tasks);
    task_table(&mut html, tasks);
    metric_table(&mut html, tasks, metrics);
    classifications(&mut html, tasks);
    html.markup("</body>\n</html>\n");
    html.into_text()
}

fn head(html: &mut Html, run: &RunSummary) {
    html.element_of("h1", &[], &run.pipeline);
    html.element("p", &[], |html| {
        state(html, run.state);
        if let Some(duration) = run.duration {
            html.text(&format!(" in {}", time(duration)));
        }
        html.text(&format!(", started {}, run ", started(run.started_at)));
        html.element_of("code", &[], run.id.as_str());
        if let Some(version) = &run.version {
            html.text(&format!(", version {version}"));
        }
    });
    html.markup("\n");
    if let Some(message) = &run.message {
        html.element_of("p", &[], message);
        html.markup("\n");
    }
}

fn task_table(html: &mut Html, tasks: &[TaskSummary]) {
    html.table(["Task", "State", "Time", "Attempts", "Inputs", "Outputs"], tasks, |html, task| {
        html.element_of("td", &[], &task.label);
        html.element("td", &[], |html| state(html, task.state));
        html.element_of("td", &[], &duration(task.duration));
        html.element_of("td", &[], &task.attempts.to_string());
        html.element("td", &[], |html| values(html, &task.inputs));
        html.element("td", &[], |html| {
            values(html, &task.outputs);
            if let Some(message) = &task.message {
                html.element_of("span", &[], message);
            }
            if let Some(run) = &task.cached_from {
                html.element_of("span", &[("class", "muted")], &format!("computed by run {run}"));
            }
            if let Some(code) = task.exit_code {
                html.element_of("span", &[("class", "muted")], &format!(" (exit code {code})"));
            }
        });
    });
}

fn metric_table(html: &mut Html, tasks: &[TaskSummary], metrics: &[Metric]) {
    if metrics.is_empty() {
        return;
    }
    let labels: BTreeMap<&str, &str> =
        tasks.iter().map(|task| (task.path.as_str(), task.label.as_str())).collect();
    html.markup("<h2>Metrics</h2>\n");
    html.table(["Task", "Artifact", "Metric", "Value"], metrics, |html, metric| {
        html.element_of("td", &[], labels.get(metric.path.as_str()).unwrap_or(&metric.path.as_str()));
        html.element_of("td", &[], &metric.artifact);
        html.element_of("td", &[], &metric.name);
        html.element_of("td", &[], &metric.value.to_string());
    });
}

/// Adds the charts of each artifact with such metadata.
///
/// Tasks with regions repeat the outputs of the tasks in them, so an artifact belongs to its innermost task.
fn classifications(html: &mut Html, tasks: &[TaskSummary]) {
    let mut found: BTreeMap<&str, (&TaskSummary, &str, &Value)> = BTreeMap::new();
    for task in tasks {
        for (name, output) in &task.outputs {
            let Some(metadata) = output.get("metadata").filter(|metadata| charts::has_charts(metadata))
            else {
                continue;
            };
            let key = output.get("key").and_then(Value::as_str).unwrap_or(&task.path);
            let is_inner = found.get(key).is_none_or(|(other, ..)| other.path.len() < task.path.len());
            if is_inner {
                found.insert(key, (task, name, metadata));
            }
        }
    }
    let mut found: Vec<_> = found.into_values().collect();
    found.sort_by_key(|(task, name, _)| (task.started_at, &task.path, *name));
    if !found.is_empty() {
        html.markup("<h2>Classification metrics</h2>\n");
    }
    for (task, name, metadata) in found {
        html.element_of("h3", &[], &format!("{} {name}", task.label));
        charts::add(html, metadata);
        html.markup("\n");
    }
}

fn state(html: &mut Html, state: State) {
    html.element_of("span", &[("class", &format!("state {state}"))], &state.to_string());
}

fn values(html: &mut Html, values: &BTreeMap<String, Value>) {
    if values.is_empty() {
        return;
    }
    html.element("dl", &[], |html| {
        for (name, item) in values {
            html.element_of("dt", &[], name);
            html.element("dd", &[], |html| value(html, item));
        }
    });
}

/// Adds a value: an artifact as its kind and URI, other values as JSON.
fn value(html: &mut Html, value: &Value) {
    let artifact = value.pointer("/type/schemaTitle").and_then(Value::as_str).map(|kind| {
        let uri = value.get("uri").and_then(Value::as_str).unwrap_or_default();
        format!("{} {uri}", kind.strip_prefix("system.").unwrap_or(kind))
    });
    let text = artifact.unwrap_or_else(|| value.to_string());
    html.element("code", &[], |html| match text.char_indices().nth(MAX_CHARACTERS) {
        Some((end, _)) => html.text(&format!("{}…", &text[..end])),
        None => html.text(&text),
    });
}

fn duration(duration: Option<Duration>) -> String {
    duration.map_or_else(|| "-".to_owned(), time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_head_of_a_finished_run_has_a_duration() {
        let run = |state: State, duration: Option<Duration>| {
            let mut html = Html::default();
            let id = "20261124-020834-123-9f3a".parse().unwrap();
            let (pipeline, arguments) = ("p".to_owned(), BTreeMap::new());
            let (version, message, started_at) = (None, None, 0);
            head(
                &mut html,
                &RunSummary { id, pipeline, version, state, message, started_at, duration, arguments },
            );
            html.into_text()
        };
        let text = run(State::Running, None);
        assert!(text.contains("Running</span>, started 1970"), "{text}");
        let text = run(State::Succeeded, Some(Duration::from_secs(3)));
        assert!(text.contains("Succeeded</span> in 3"), "{text}");
    }
}
