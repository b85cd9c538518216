//! The tasks of a run on a time line, as SVG.

use kfp_runner::{RunSummary, State, TaskSummary};

use super::html::Html;
use crate::table::time;

/// The width of the bars and of the labels before them.
const WIDTH: f64 = 700.0;
const LABELS: f64 = 300.0;
const ROW: f64 = 20.0;
/// The maximum number of tasks; a longer time line is hard to read, and the table has all of them.
const MAX_TASKS: usize = 200;
/// The maximum number of characters of a label.
const MAX_CHARACTERS: usize = 42;

/// Adds a bar for each task that has started.
pub(super) fn add(html: &mut Html, run: &RunSummary, tasks: &[TaskSummary]) {
    let tasks: Vec<(&TaskSummary, i64, i64)> = tasks
        .iter()
        .filter_map(|task| {
            let start = task.started_at? - run.started_at;
            let length =
                task.duration.map_or(0, |duration| i64::try_from(duration.as_millis()).unwrap_or(i64::MAX));
            // The part of a resumed run that ran before it was interrupted counts as well.
            Some((task, start.max(0), start.max(0).saturating_add(length)))
        })
        .take(MAX_TASKS)
        .collect();
    let Some(end) = tasks.iter().map(|(.., end)| *end).max() else { return };
    let scale = WIDTH / as_float(end.max(1));
    let height = ROW * as_float(i64::try_from(tasks.len()).unwrap_or(0)) + ROW;
    let (width, height) = ((LABELS + WIDTH + 80.0).to_string(), height.to_string());
    let view = format!("0 0 {width} {height}");
    html.element("svg", &[("width", "100%"), ("viewBox", &view), ("role", "img")], |html| {
        for (row, (task, start, end)) in tasks.iter().enumerate() {
            let y = ROW * as_float(i64::try_from(row).unwrap_or(0));
            bar(html, task, y, LABELS + as_float(*start) * scale, as_float(end - start) * scale);
        }
    });
    html.markup("\n");
}

fn bar(html: &mut Html, task: &TaskSummary, y: f64, x: f64, length: f64) {
    let duration = task.duration.map_or_else(String::new, time);
    let baseline = (y + 14.0).to_string();
    html.element("text", &[("x", "0"), ("y", &baseline)], |html| {
        html.element_of("title", &[], &task.label);
        let count = task.label.chars().count();
        if count > MAX_CHARACTERS {
            let end: String = task.label.chars().skip(count - MAX_CHARACTERS + 1).collect();
            html.text(&format!("…{end}"));
        } else {
            html.text(&task.label);
        }
    });
    let (left, top, width) = (format!("{x:.1}"), (y + 4.0).to_string(), format!("{:.1}", length.max(2.0)));
    let attributes = [
        ("x", left.as_str()),
        ("y", &top),
        ("width", &width),
        ("height", "12"),
        ("rx", "3"),
        ("fill", colour(task.state)),
    ];
    html.element("rect", &attributes, |html| {
        html.element_of("title", &[], &format!("{} {} {duration}", task.label, task.state));
    });
    let after = format!("{:.1}", x + length.max(2.0) + 6.0);
    html.element_of("text", &[("x", &after), ("y", &baseline)], &duration);
}

/// Returns the colour of a state, as in the style sheet of the page.
fn colour(state: State) -> &'static str {
    match state {
        State::Succeeded => "#2b7a3d",
        State::Cached => "#2f7f86",
        State::Running => "#3b6ea5",
        State::Failed | State::Error => "#b3261e",
        State::Cancelled | State::Interrupted => "#a5661f",
        State::Skipped | State::Omitted => "#6b7684",
    }
}

/// Converts a number of milliseconds or rows, which are far below the limit of exact numbers.
fn as_float(number: i64) -> f64 {
    f64::from(i32::try_from(number).unwrap_or(i32::MAX))
}
