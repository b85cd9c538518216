//! The Python sources of a document, and their files on this machine.

use std::collections::BTreeMap;

use kfp_diag::{Code as DiagnosticCode, Diagnostic};
use kfp_model::{Component, ComponentId, Document, Implementation, Location, Place, value};
use serde_json::Value;

use super::lines::{Cell, Lines};
use super::position::Position;
use crate::files::Excerpts;

/// All sources of a document.
pub(super) struct Sources<'a> {
    pub(super) all: Vec<Source<'a>>,
}

/// The source of a component, with its modules.
pub(super) struct Source<'a> {
    pub(super) id: &'a ComponentId,
    pub(super) component: &'a Component,
    /// The implementation of the component.
    pub(super) place: Place,
    /// The path of the file as the author wrote it.
    pub(super) file: &'a str,
    pub(super) code: Code<'a>,
    pub(super) modules: &'a BTreeMap<String, String>,
    pub(super) packages: &'a [String],
    /// The location of the path in Rust.
    pub(super) declared: Option<&'a Location>,
    pub(super) files: &'a Excerpts,
    /// The path of the file as locations spell paths.
    shown: String,
    /// Whether the file exists on this machine.
    pub(super) is_here: bool,
    /// The lines of the cells in the file, if it is a notebook on this machine.
    lines: Option<Lines>,
}

/// The code of a source.
pub(super) enum Code<'a> {
    /// A Python function.
    Function { source: &'a str, name: &'a str },
    /// The code cells of a notebook.
    Notebook(Vec<Cell>),
}

impl<'a> Sources<'a> {
    /// Returns the sources of all Python functions and readable notebooks.
    pub(super) fn of(document: &'a Document, files: &'a Excerpts) -> Self {
        let all = document
            .components
            .iter()
            .filter_map(|(id, component)| Source::of(document, id, component, files))
            .collect();
        Self { all }
    }

    /// Returns the texts of all files, by their paths as locations spell them.
    pub(super) fn into_texts(self) -> BTreeMap<String, String> {
        let mut texts = BTreeMap::new();
        for source in self.all {
            for (path, text) in source.modules {
                texts.insert(source.beside(path), text.clone());
            }
            match (source.code, source.lines) {
                (Code::Function { source: text, .. }, _) => texts.insert(source.shown, text.to_owned()),
                (Code::Notebook(_), Some(lines)) => texts.insert(source.shown, lines.text),
                (Code::Notebook(_), None) => None,
            };
        }
        texts
    }
}

impl<'a> Source<'a> {
    fn of(
        document: &'a Document,
        id: &'a ComponentId,
        component: &'a Component,
        files: &'a Excerpts,
    ) -> Option<Self> {
        let place = Place::root().key("components").key(&id.0).key("implementation");
        let (place, file, code, modules, packages) = match &component.implementation {
            Implementation::Python(step) => {
                let code = Code::Function { source: &step.source, name: &step.function };
                (place.key("python"), &step.file, code, &step.modules, &step.packages)
            }
            Implementation::Notebook(step) => {
                let cells = Code::Notebook(cells(&value::decode(&step.source).ok()?)?);
                (place.key("notebook"), &step.file, cells, &step.modules, &step.packages)
            }
            Implementation::Rust(_) | Implementation::Container(_) => return None,
        };
        let declared = document.locations.get(&place.key("file"));
        let near = document.locations.nearest(&place).map(|location| location.file.as_str());
        let found = files.path_in_crate(near, file);
        let is_here = found.is_some();
        let shown = found.unwrap_or_else(|| file.clone());
        let lines = match &code {
            Code::Notebook(cells) => files.text(&shown, "ipynb").and_then(|text| Lines::of(text, cells)),
            Code::Function { .. } => None,
        };
        Some(Self {
            id,
            component,
            place,
            file,
            code,
            modules,
            packages,
            declared,
            files,
            shown,
            is_here,
            lines,
        })
    }

    /// Returns an error at a position of the source.
    pub(super) fn error(
        &self,
        code: DiagnosticCode,
        position: &Position,
        message: impl Into<String>,
    ) -> Diagnostic {
        self.located(Diagnostic::error(code, &self.place, message), position)
    }

    /// Returns a warning at a position of the source.
    pub(super) fn warning(
        &self,
        code: DiagnosticCode,
        position: &Position,
        message: impl Into<String>,
    ) -> Diagnostic {
        self.located(Diagnostic::warning(code, &self.place, message), position)
    }

    fn located(&self, diagnostic: Diagnostic, position: &Position) -> Diagnostic {
        match self.location(position) {
            Some(location) => diagnostic.at(location),
            None => diagnostic,
        }
    }

    /// Returns the location of a position; `None` for a cell whose position in the file is unknown.
    pub(super) fn location(&self, position: &Position) -> Option<Location> {
        let (line, column) = (position.line.unwrap_or(1), position.column);
        if let Some(path) = &position.module_path {
            return Some(Location { file: self.beside(path), line, column });
        }
        let (line, column) = match position.cell {
            Some(cell) => self.lines.as_ref()?.position(cell, line, column)?,
            None => (line, column),
        };
        Some(Location { file: self.shown.clone(), line, column })
    }

    /// Returns the name of the file or module that contains the position, for messages.
    pub(super) fn name(&self, position: &Position) -> String {
        match (&position.module_path, position.cell, position.line) {
            (Some(path), ..) => format!("module `{path}`"),
            (None, Some(cell), Some(line)) => format!("cell {cell} of `{}`, line {line}", self.file),
            (None, Some(cell), None) => format!("cell {cell} of `{}`", self.file),
            (None, None, _) => format!("`{}`", self.file),
        }
    }

    /// Returns the path of a file or folder next to the source.
    pub(super) fn beside(&self, path: &str) -> String {
        match self.shown.rsplit_once('/') {
            Some((folder, _)) => format!("{folder}/{path}"),
            None => path.to_owned(),
        }
    }
}

/// Returns the code cells that are executed, without those that papermill added.
fn cells(notebook: &Value) -> Option<Vec<Cell>> {
    let cells = notebook.get("cells")?.as_array()?.iter().enumerate();
    let has_tag = |cell: &Value, expected: &str| {
        let tags = cell.pointer("/metadata/tags").and_then(Value::as_array);
        tags.is_some_and(|tags| tags.iter().any(|tag| tag == expected))
    };
    let is_skipped =
        |cell: &Value| ["injected-parameters", "skip-execution"].iter().any(|tag| has_tag(cell, tag));
    let code = cells
        .filter(|(_, cell)| cell.get("cell_type").is_some_and(|kind| kind == "code") && !is_skipped(cell));
    let text = |source: &Value| match source {
        Value::String(text) => Some(text.clone()),
        Value::Array(lines) => lines.iter().map(Value::as_str).collect(),
        _ => None,
    };
    let read = |(idx, cell): (usize, &Value)| {
        let source = text(cell.get("source")?)?;
        Some(Cell { number: idx + 1, source, may_fail: has_tag(cell, "raises-exception") })
    };
    code.map(read).collect()
}
