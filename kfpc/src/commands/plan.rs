//! `kfpc plan`: shows which steps of a run would use cached results, and why the others would run.

use std::collections::BTreeMap;

use kfp_runner::{Change, Forecast, MissReason, StepPreview};
use serde_json::{Value, json};

use super::local;
use super::open::with_document;
use crate::Outcome;
use crate::arguments::{DataFormat, PlanArguments};
use crate::document::{self, Document};
use crate::history::started;
use crate::printer::Printer;
use crate::reporter::Reporter;
use crate::settings;
use crate::table::table;

/// The kinds of forecasts, in the order of the summary, with the words that follow their numbers.
const KINDS: [(&str, [&str; 2]); 6] = [
    ("hit", ["hit", "hits"]),
    ("miss", ["miss", "misses"]),
    ("run", ["step that is not cached", "steps that are not cached"]),
    ("unknown", ["unknown", "unknown"]),
    ("skip", ["skipped", "skipped"]),
    ("fail", ["failure", "failures"]),
];

pub(crate) fn plan(arguments: &PlanArguments, printer: &Printer) -> anyhow::Result<Outcome> {
    document::refuse_param_option(&arguments.parameters.misspelled_parameters)?;
    with_document(&arguments.pipeline, &arguments.messages, printer, |document, reporter| {
        preview(arguments, document, reporter, printer)
    })
}

fn preview(
    arguments: &PlanArguments,
    document: &Document,
    reporter: &Reporter<'_>,
    printer: &Printer,
) -> anyhow::Result<Outcome> {
    let (settings, folder) = settings::here()?;
    let Some(program) = document.check(arguments.pipeline.pipeline.as_deref(), reporter)? else {
        return Ok(Outcome::Failed);
    };
    let pipeline = program.root().pipeline();
    let values = local::values(pipeline, &arguments.parameters, printer)?;
    let binary = document.binary.as_deref();
    let options =
        local::options(&arguments.local, &settings, &folder, binary, settings.trusted_python(binary))?;
    if let (Some(python), None, None) = (&settings.python, &arguments.local.python, binary) {
        printer.info(format!(
            "note: `python` in kfpc.toml is not used for a document: to compare with runs in `{0}`, pass `--python {0}`",
            python.display()
        ));
    }
    let steps = kfp_runner::preview(&program, values, &options)?;
    match arguments.format {
        DataFormat::Text => {
            let row = |step: &StepPreview| {
                [step.label.clone(), kind(&step.forecast).to_owned(), reason(&step.forecast)]
            };
            printer.text(&table(["TASK", "FORECAST", "REASON"], steps.iter().map(row)));
            printer.info(summary(&steps));
        }
        DataFormat::Json => {
            let steps: Value = steps.iter().map(step_json).collect();
            printer.json(&json!({"pipeline": pipeline.name, "steps": steps}))?;
        }
    }
    Ok(Outcome::Success)
}

/// Returns the word for the forecast in tables and in JSON.
fn kind(forecast: &Forecast) -> &'static str {
    match forecast {
        Forecast::Hit { .. } | Forecast::SharedHit { .. } => "hit",
        Forecast::Miss(_) => "miss",
        Forecast::NotCached { .. } => "run",
        Forecast::Unknown { .. } => "unknown",
        Forecast::Skipped { .. } => "skip",
        Forecast::Fails { .. } => "fail",
    }
}

fn reason(forecast: &Forecast) -> String {
    match forecast {
        Forecast::Hit { created_at } => format!("result from {}", started(*created_at)),
        Forecast::SharedHit { with } => format!("same key as `{with}`, which runs first"),
        Forecast::Miss(reason @ MissReason::Expired { created_at }) => {
            format!("{reason}: it is from {}", started(*created_at))
        }
        Forecast::Miss(reason) => reason.to_string(),
        Forecast::NotCached { reason } | Forecast::Skipped { reason } => reason.clone(),
        Forecast::Unknown { waits_for, may_share } => {
            let names: Vec<String> = waits_for.iter().map(|name| format!("`{name}`")).collect();
            let names = if names.is_empty() { "other tasks".to_owned() } else { names.join(", ") };
            match may_share {
                Some(label) if *waits_for == [label.clone()] => {
                    format!("depends on {names}, which may store the same result")
                }
                Some(label) => format!("depends on {names}; `{label}` may store the same result"),
                None => format!("depends on {names}"),
            }
        }
        Forecast::Fails { message } => message.clone(),
    }
}

/// Returns the number of steps of each kind.
fn summary(steps: &[StepPreview]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for step in steps {
        *counts.entry(kind(&step.forecast)).or_default() += 1;
    }
    let part = |(kind, [one, many]): &(&str, [&str; 2])| {
        let count = counts.get(kind)?;
        Some(format!("{count} {}", if *count == 1 { one } else { many }))
    };
    let parts: Vec<String> = KINDS.iter().filter_map(part).collect();
    if parts.is_empty() { "No steps".to_owned() } else { parts.join(", ") }
}

fn step_json(step: &StepPreview) -> Value {
    let mut value = json!({
        "task": step.path,
        "label": step.label,
        "forecast": kind(&step.forecast),
        "reason": reason(&step.forecast),
    });
    match &step.forecast {
        Forecast::Hit { created_at } | Forecast::Miss(MissReason::Expired { created_at }) => {
            value["created_at_ms"] = json!(created_at);
        }
        Forecast::Miss(MissReason::Changed { changes, task, run }) => {
            value["nearest"] = json!({"task": task, "run": run});
            value["changes"] = changes.iter().map(change_json).collect();
        }
        Forecast::Unknown { waits_for, .. } => value["waits_for"] = json!(waits_for),
        Forecast::SharedHit { .. }
        | Forecast::Miss(_)
        | Forecast::NotCached { .. }
        | Forecast::Skipped { .. }
        | Forecast::Fails { .. } => {}
    }
    value
}

fn change_json(change: &Change) -> Value {
    json!({"part": change.part, "before": change.before, "after": change.after})
}
