//! Notebooks are valid, are written in Python, and set the inputs and outputs that the component declares.
//!
//! Cells are not parsed as Python. An input counts as set if a line of the parameters cell starts with its name and
//! `=`, and an output if its name appears in any cell.

use std::collections::BTreeSet;

use kfp_diag::spelling::{self, nearest};
use kfp_diag::{Diagnostic, codes};
use kfp_model::{Component, Implementation, NotebookStep, Place, Type};
use serde_json::Value;

/// The major version of the notebook format.
const FORMAT: u64 = 4;
/// The tag of the cell that sets the defaults of the parameters.
const TAG: &str = "parameters";

pub(super) fn check(component: &Component, place: &Place, found: &mut Vec<Diagnostic>) {
    let Implementation::Notebook(step) = &component.implementation else { return };
    let place = place.key("implementation").key("notebook").key("source");
    match Notebook::read(&step.source) {
        Ok(notebook) => found.extend(name_problems(component, step, &notebook, &place)),
        Err((problem, help)) => {
            let message = format!("cannot run notebook `{}`: {problem}", step.file);
            let diagnostic = Diagnostic::error(codes::NOTEBOOK, &place, message);
            found.push(diagnostic.label(format!("the notebook of `{}`", component.name)).help(help));
        }
    }
}

/// The code of a notebook.
struct Notebook {
    /// The source of the first cell with the tag `parameters`.
    parameters: Option<String>,
    /// The source of all code cells.
    code: String,
}

/// What is wrong with a notebook, and how to fix it.
type Problem = (String, &'static str);

impl Notebook {
    fn read(source: &str) -> Result<Self, Problem> {
        const SAVE: &str = "save the notebook as an `.ipynb` file in Jupyter";
        let notebook: Value =
            serde_json::from_str(source).map_err(|error| (format!("invalid JSON ({error})"), SAVE))?;
        match notebook.get("nbformat").and_then(Value::as_u64) {
            Some(FORMAT) => {}
            Some(other) => {
                return Err((
                    format!("unsupported format {other}, expected {FORMAT}"),
                    "save the notebook in a current version of Jupyter",
                ));
            }
            None => return Err(("missing `nbformat`".to_owned(), SAVE)),
        }
        if let Some(language) = language(&notebook)
            && !language.eq_ignore_ascii_case("python")
        {
            return Err((format!("unsupported language `{language}`"), "use a Python notebook"));
        }
        let cells = notebook.get("cells").and_then(Value::as_array);
        let cells = cells.ok_or_else(|| ("missing list of cells".to_owned(), SAVE))?;
        let mut read = Self { parameters: None, code: String::new() };
        for (idx, cell) in cells.iter().enumerate() {
            let kind = cell.get("cell_type").and_then(Value::as_str);
            let (Some(kind), Some(text)) = (kind, cell.get("source").and_then(text)) else {
                return Err((format!("missing type or source of cell {}", idx + 1), SAVE));
            };
            if kind == "code" {
                read.code.push_str(&text);
                read.code.push('\n');
                if read.parameters.is_none() && has_tag(cell) {
                    read.parameters = Some(text);
                }
            }
        }
        Ok(read)
    }

    /// Whether the code may set variables that it does not mention.
    fn may_set_any(&self) -> bool {
        let words = |text: &'static [&'static str]| text.iter().any(|name| self.mentions(name));
        let is_dynamic = |line: &str| {
            let line = line.trim();
            let magic = line.trim_start_matches('%').split_whitespace().next();
            let is_import = line.starts_with("from ") && line.contains("import") && line.contains('*');
            is_import || line.starts_with('%') && magic.is_some_and(|magic| !HARMLESS.contains(&magic))
        };
        words(&DYNAMIC) || self.code.lines().any(is_dynamic)
    }

    /// Whether the identifier appears anywhere in the code.
    fn mentions(&self, name: &str) -> bool {
        self.code.split(|c: char| !c.is_alphanumeric() && c != '_').any(|other| other == name)
    }
}

/// Names with which code can set variables that it does not mention.
const DYNAMIC: [&str; 9] =
    ["__main__", "builtins", "eval", "exec", "get_ipython", "globals", "locals", "setattr", "vars"];
/// Magics of `IPython` that set no variables. Others may.
const HARMLESS: [&str; 8] =
    ["autoreload", "capture", "conda", "load_ext", "matplotlib", "pip", "time", "timeit"];

fn language(notebook: &Value) -> Option<&str> {
    let string = |pointer: &str| notebook.pointer(pointer).and_then(Value::as_str);
    string("/metadata/kernelspec/language").or_else(|| string("/metadata/language_info/name"))
}

/// Returns the source of a cell, which is a string or a list of lines.
fn text(source: &Value) -> Option<String> {
    match source {
        Value::String(text) => Some(text.clone()),
        Value::Array(lines) => lines.iter().map(Value::as_str).collect(),
        _ => None,
    }
}

fn has_tag(cell: &Value) -> bool {
    let tags = cell.pointer("/metadata/tags").and_then(Value::as_array);
    tags.is_some_and(|tags| tags.iter().any(|tag| tag == TAG))
}

fn name_problems(
    component: &Component,
    step: &NotebookStep,
    notebook: &Notebook,
    place: &Place,
) -> Vec<Diagnostic> {
    let (file, name) = (&step.file, &component.name);
    let report = |message: String| Diagnostic::error(codes::NOTEBOOK_NAMES, place, message);
    let is_plain = |r#type: &Type| r#type.artifact().is_none() && *r#type.present() != Type::Secret;
    let inputs = component.inputs.iter().filter(|(_, input)| is_plain(&input.r#type)).map(|(name, _)| name);
    let mut found = Vec::new();
    match &notebook.parameters {
        Some(parameters) => {
            let assigned: BTreeSet<&str> = parameters.lines().filter_map(assigned_name).collect();
            for input in inputs.filter(|input| !assigned.contains(input.as_str())) {
                let message = format!("the cell tagged `{TAG}` in `{file}` does not set `{input}`");
                let diagnostic = report(message).label(format!("`{name}` declares `{input}`"));
                found.push(match nearest(input, assigned.iter().copied()) {
                    Some(set) => diagnostic.help(format!("a variable with a similar name exists: `{set}`")),
                    None => diagnostic.note(format!("it sets {}", spelling::list(assigned.iter().copied()))),
                });
            }
        }
        None if inputs.count() > 0 => {
            let diagnostic = report(format!("missing cell tagged `{TAG}` in `{file}`"));
            let help = format!(
                "set the defaults of the inputs of `{name}` in a separate cell, and tag the cell `{TAG}`"
            );
            found.push(diagnostic.label(format!("`{name}` has inputs")).help(help));
        }
        None => {}
    }
    if notebook.may_set_any() {
        return found;
    }
    let outputs = component.outputs.iter().filter(|(_, output)| !output.r#type.is_option());
    let outputs = outputs.map(|(name, _)| name).filter(|output| !notebook.mentions(output));
    found.extend(outputs.map(|output| {
        report(format!("no cell of `{file}` sets `{output}`"))
            .label(format!("`{name}` declares the output `{output}`"))
            .help(format!("set a variable `{output}`, or write to `{output}.path` if it is an artifact"))
    }));
    found
}

/// Returns the variable that a line assigns, with or without a type annotation.
fn assigned_name(line: &str) -> Option<&str> {
    let end = line.find(|c: char| !c.is_alphanumeric() && c != '_')?;
    let (name, rest) = line.split_at(end);
    let rest = rest.trim_start();
    let rest = if rest.starts_with(':') { &rest[rest.find('=')?..] } else { rest };
    let is_set = rest.starts_with('=') && !rest.starts_with("==");
    (is_set && !name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit())).then_some(name)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::check::testing::{check_with, load};

    #[test]
    fn assignments_are_found() {
        for (line, name) in [
            ("rate = 0.5", Some("rate")),
            ("n: Dict[str, int]=1", Some("n")),
            ("rate == 1", None),
            ("  rate = 1", None),
            ("print(rate)", None),
            ("# rate = 1", None),
            ("", None),
        ] {
            assert_eq!(assigned_name(line), name, "{line}");
        }
    }

    fn notebook(cells: Value) -> String {
        json!({"nbformat": 4, "metadata": {"kernelspec": {"language": "python"}}, "cells": cells}).to_string()
    }

    fn check(source: &str, expect: &[&str]) {
        let step = json!({"notebook": {"file": "load.ipynb", "source": source}});
        let expect: Vec<String> = expect
            .iter()
            .map(|line| line.replacen(':', " /components/load/implementation/notebook/source:", 1))
            .collect();
        let expect: Vec<&str> = expect.iter().map(String::as_str).collect();
        check_with(&[("tasks", json!([load()])), ("/components/load/implementation", step)], &expect);
    }

    #[test]
    fn invalid_notebooks_are_rejected() {
        let message = |problem: &str| format!("KFP0212: cannot run notebook `load.ipynb`: {problem}");
        for (source, problem) in [
            ("{", "invalid JSON (EOF while parsing an object at line 1 column 1)"),
            ("{}", "missing `nbformat`"),
            (r#"{"nbformat": 3}"#, "unsupported format 3, expected 4"),
            (r#"{"nbformat": 4}"#, "missing list of cells"),
            (r#"{"nbformat": 4, "cells": [{"cell_type": "code"}]}"#, "missing type or source of cell 1"),
            (
                r#"{"nbformat": 4, "cells": [], "metadata": {"language_info": {"name": "R"}}}"#,
                "unsupported language `R`",
            ),
        ] {
            check(source, &[&message(problem)]);
        }
    }

    #[test]
    fn cells_set_inputs_and_outputs() {
        let code = |source: Value, tags: Value| json!({"cell_type": "code", "metadata": {"tags": tags}, "source": source});
        let text = json!({"cell_type": "markdown", "metadata": {}, "source": ["table"]});
        let works = notebook(json!([
            text,
            code(json!(["path: str = ''\n", "other = 1"]), json!(["parameters"])),
            code(json!("open(table.path, 'w').write(path)\nrows, note = 1, None"), json!([])),
        ]));
        check(&works, &[]);
        let parameters = code(json!("path = ''"), json!(["parameters"]));
        for dynamic in ["%run load.py", "from load import *", "globals().update(load())", "%store -r"] {
            check(&notebook(json!([parameters, code(json!(dynamic), json!([]))])), &[]);
        }
        check(
            &notebook(json!([text, code(json!("pth = note = rows = ''"), json!(["parameters"]))])),
            &[
                "KFP0213: the cell tagged `parameters` in `load.ipynb` does not set `path`",
                "KFP0213: no cell of `load.ipynb` sets `table`",
            ],
        );
        check(
            &notebook(json!([code(json!("path = table = note = rows = ''"), json!([]))])),
            &["KFP0213: missing cell tagged `parameters` in `load.ipynb`"],
        );
    }
}
