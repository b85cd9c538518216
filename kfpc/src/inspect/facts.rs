//! The output of `inspect.py`: what is known about each source.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::bail;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::lines::Cell;
use super::position::Position;
use super::sources::{Code, Source};
use crate::python;

/// The maximum size of all sources in bytes.
const LIMIT: usize = 16 * 1024 * 1024;

/// The time after which no more processes are started.
const PATIENCE: Duration = Duration::from_secs(30);

/// A source in the form that `inspect.py` receives.
#[derive(Serialize)]
struct Item<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    function: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cells: Option<&'a [Cell]>,
    modules: &'a BTreeMap<String, String>,
}

/// What is known about a source and its modules.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Facts {
    /// The syntax errors: the first one of the source, of each cell and of each module.
    pub(super) errors: Vec<SyntaxError>,
    /// The imports that are executed.
    pub(super) imports: Vec<Import>,
    /// The modules whose names Python normalizes to others, or that are not identifiers.
    #[serde(default)]
    pub(super) renamed: Vec<String>,
    /// The function of the step, if it is certain that the step calls it as the source defines it.
    #[serde(default)]
    pub(super) step: Option<Step>,
    /// The variables that the cells of a notebook set; `None` if it is not a notebook or they are not known.
    #[serde(default)]
    pub(super) sets: Option<Vec<String>>,
}

/// A syntax error.
#[derive(Debug, Deserialize)]
pub(super) struct SyntaxError {
    #[serde(flatten)]
    pub(super) position: Position,
    /// Python's message.
    pub(super) message: String,
}

/// An import.
#[derive(Debug, Deserialize)]
pub(super) struct Import {
    #[serde(flatten)]
    pub(super) position: Position,
    /// The dotted name; empty for `from . import name`.
    pub(super) module: String,
    /// The number of leading dots.
    pub(super) level: usize,
    /// The names behind `import` of a `from` statement.
    pub(super) names: Vec<String>,
    /// Whether Python itself contains the module.
    pub(super) is_standard: bool,
}

/// The function of a step.
#[derive(Debug, Deserialize)]
pub(super) struct Step {
    #[serde(flatten)]
    pub(super) position: Position,
    pub(super) parameters: Vec<Parameter>,
    /// The values that it returns.
    pub(super) returned: Vec<Returned>,
    /// Whether it has no statement that returns a value, raises an error or exits.
    pub(super) returns_nothing: bool,
}

/// A parameter of the function.
#[derive(Debug, Deserialize)]
pub(super) struct Parameter {
    pub(super) name: String,
    /// `Input`, `Output`, `InputPath` or `OutputPath` in its annotation.
    pub(super) role: Option<Name>,
    pub(super) default: Option<DefaultValue>,
}

/// A name at a position.
#[derive(Debug, Deserialize)]
pub(super) struct Name {
    #[serde(flatten)]
    pub(super) position: Position,
    pub(super) name: String,
}

/// The default of a parameter.
#[derive(Debug, Deserialize)]
pub(super) struct DefaultValue {
    /// The value, if it is a constant that JSON can represent.
    #[serde(default, deserialize_with = "present")]
    pub(super) value: Option<Value>,
    pub(super) source: String,
    pub(super) place: Position,
}

/// A returned value.
#[derive(Debug, Deserialize)]
pub(super) struct Returned {
    #[serde(flatten)]
    pub(super) position: Position,
    pub(super) kind: Kind,
    /// The keys or fields.
    #[serde(default)]
    pub(super) names: Vec<Name>,
    /// The number of items of a tuple.
    #[serde(default)]
    pub(super) count: usize,
}

/// The kind of a returned value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    /// A dictionary with constant keys.
    Dict,
    /// A named tuple.
    Named,
    /// A data class.
    Object,
    /// A tuple with a known number of items.
    Tuple,
    /// `None`.
    None,
    /// Any other expression.
    Unknown,
}

/// Has the interpreter parse all sources. A problem with one of them does not affect the others: nothing is known about
/// it, as about those that exceed the limit.
pub(super) fn ask(sources: &[Source<'_>], interpreter: &Path) -> anyhow::Result<Vec<Facts>> {
    let items: Vec<String> = sources.iter().map(item).collect::<Result<_, _>>()?;
    let mut size = 0;
    let fits = |idx: &usize| {
        let length = items[*idx].len() + 1;
        let is_small = size + length < LIMIT;
        size += if is_small { length } else { 0 };
        is_small
    };
    let chosen: Vec<usize> = (0..items.len()).filter(fits).collect();
    if chosen.is_empty() {
        bail!("the sources exceed the limit of {LIMIT} bytes");
    }
    let texts: Vec<&str> = chosen.iter().map(|idx| items[*idx].as_str()).collect();
    let start = Instant::now();
    let answers = match run(&texts, interpreter) {
        // One source may stop the interpreter.
        Err(_) if texts.len() > 1 && start.elapsed() < PATIENCE => separately(&texts, interpreter, start)?,
        result => result?,
    };
    let mut facts: Vec<Facts> = items.iter().map(|_| Facts::default()).collect();
    for (idx, answer) in chosen.into_iter().zip(answers) {
        facts[idx] = answer.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    }
    Ok(facts)
}

/// Returns the source in the form that `inspect.py` receives.
fn item(source: &Source<'_>) -> serde_json::Result<String> {
    let (text, function, cells) = match &source.code {
        Code::Function { source, name } => (Some(*source), Some(*name), None),
        Code::Notebook(cells) => (None, None, Some(cells.as_slice())),
    };
    serde_json::to_string(&Item { source: text, function, cells, modules: source.modules })
}

/// Returns what one process writes about each item: JSON, or `None` if it failed.
fn run(items: &[&str], interpreter: &Path) -> anyhow::Result<Vec<Option<String>>> {
    let input = format!("[{}]", items.join(",")).into_bytes();
    let answers: Vec<Option<String>> =
        python::ask(interpreter, &python::inspection(), input, "set `python` in kfpc.toml")?;
    if answers.len() != items.len() {
        bail!("unexpected output of `{}`", interpreter.display());
    }
    Ok(answers)
}

/// Runs a process for each item.
///
/// # Errors
/// All processes fail.
fn separately(items: &[&str], interpreter: &Path, start: Instant) -> anyhow::Result<Vec<Option<String>>> {
    let mut failure = None;
    let mut answers = Vec::with_capacity(items.len());
    for item in items {
        let result = if start.elapsed() < PATIENCE { run(&[item], interpreter) } else { Ok(vec![None]) };
        match result {
            Ok(found) => answers.extend(found),
            Err(error) => {
                answers.push(None);
                failure = Some(error);
            }
        }
    }
    match failure {
        Some(error) if answers.iter().all(Option::is_none) => Err(error),
        _ => Ok(answers),
    }
}

/// Deserializes a value that is present, which may be `null`.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}
