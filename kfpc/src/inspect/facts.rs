//! The output of `inspect.py`: what is known about each source.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::bail;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::lines::Cell;
use super::position::Position;
use super::sources::{Code, Source};
use crate::python;

/// The maximum size of all sources in bytes.
const LIMIT: usize = 16 * 1024 * 1024;

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
#[derive(Debug, Deserialize)]
pub(super) struct Facts {
    /// The syntax errors: the first one of the source, of each cell and of each module.
    pub(super) errors: Vec<SyntaxError>,
    /// The imports that must succeed.
    pub(super) imports: Vec<Import>,
    /// The function of the step, if the source defines it at its top level.
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

/// Has the interpreter parse all sources.
pub(super) fn ask(sources: &[Source<'_>], interpreter: &Path) -> anyhow::Result<Vec<Facts>> {
    let item = |source: &'_ Source<'_>| match &source.code {
        Code::Function { source: text, name } => serde_json::to_value(Item {
            source: Some(*text),
            function: Some(*name),
            cells: None,
            modules: source.modules,
        }),
        Code::Notebook(cells) => serde_json::to_value(Item {
            source: None,
            function: None,
            cells: Some(cells.as_slice()),
            modules: source.modules,
        }),
    };
    let items = sources.iter().map(item).collect::<Result<Vec<Value>, _>>()?;
    let input = serde_json::to_vec(&items)?;
    if input.len() > LIMIT {
        bail!("the sources have {} bytes, more than the limit of {LIMIT}", input.len());
    }
    let facts: Vec<Facts> =
        python::ask(interpreter, &python::inspection(), input, "set `python` in kfpc.toml")?;
    if facts.len() != sources.len() {
        bail!("unexpected output of `{}`", interpreter.display());
    }
    Ok(facts)
}

/// Deserializes a value that is present, which may be `null`.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}
