//! Notebooks are such ones, in Python, and their cells name what the component declares.
//!
//! Cells are not parsed as Python: in the cell with the parameters, lines that begin with a name and `=` count, and
//! elsewhere words do.

use std::collections::BTreeSet;

use kfp_diag::spelling::{self, nearest};
use kfp_diag::{Diagnostic, codes};
use kfp_model::{Component, Implementation, NotebookStep, Place, Type};
use serde_json::Value;

/// The major version of the format.
const FORMAT: u64 = 4;
/// The tag of the cell with the defaults of parameters.
const TAG: &str = "parameters";

pub(super) fn check(component: &Component, place: &Place, found: &mut Vec<Diagnostic>) {
    let Implementation::Notebook(step) = &component.implementation else { return };
    let place = place.key("implementation").key("notebook").key("source");
    match Notebook::read(&step.source) {
        Ok(notebook) => found.extend(name_problems(component, step, &notebook, &place)),
        Err((problem, help)) => {
            let message = format!("`{}` is no notebook that can be run: {problem}", step.file);
            let diagnostic = Diagnostic::error(codes::NOTEBOOK, &place, message);
            found.push(diagnostic.label(format!("the notebook of `{}`", component.name)).help(help));
        }
    }
}

/// The code of a notebook.
struct Notebook {
    /// The text of the first cell that has the tag.
    parameters: Option<String>,
    /// The text of all cells with code.
    code: String,
}

/// What is wrong with a notebook, and what to do.
type Refusal = (String, &'static str);

impl Notebook {
    fn read(source: &str) -> Result<Self, Refusal> {
        const SAVE: &str = "save it by Jupyter, as an `.ipynb` file";
        let notebook: Value =
            serde_json::from_str(source).map_err(|error| (format!("it is no JSON ({error})"), SAVE))?;
        match notebook.get("nbformat").and_then(Value::as_u64) {
            Some(FORMAT) => {}
            Some(other) => {
                return Err((
                    format!("its format is {other}, not {FORMAT}"),
                    "open it in a Jupyter of today and save it",
                ));
            }
            None => return Err(("it does not say its `nbformat`".to_owned(), SAVE)),
        }
        if let Some(language) = language(&notebook)
            && !language.eq_ignore_ascii_case("python")
        {
            return Err((format!("it is written in `{language}`"), "notebooks in Python can be steps"));
        }
        let cells = notebook.get("cells").and_then(Value::as_array);
        let cells = cells.ok_or_else(|| ("it has no list of cells".to_owned(), SAVE))?;
        let mut read = Self { parameters: None, code: String::new() };
        for (idx, cell) in cells.iter().enumerate() {
            let kind = cell.get("cell_type").and_then(Value::as_str);
            let (Some(kind), Some(text)) = (kind, cell.get("source").and_then(text)) else {
                return Err((format!("its cell {} has no type or no source", idx + 1), SAVE));
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

    /// Whether the word stands anywhere in the code.
    fn mentions(&self, word: &str) -> bool {
        self.code.split(|c: char| !c.is_alphanumeric() && c != '_').any(|other| other == word)
    }
}

fn language(notebook: &Value) -> Option<&str> {
    let told = |pointer: &str| notebook.pointer(pointer).and_then(Value::as_str);
    told("/metadata/kernelspec/language").or_else(|| told("/metadata/language_info/name"))
}

/// A text, which may be a list of lines.
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
                let message = format!("the cell with the tag `{TAG}` in `{file}` does not set `{input}`");
                let diagnostic = report(message).label(format!("`{name}` declares `{input}`"));
                found.push(match nearest(input, assigned.iter().copied()) {
                    Some(set) => diagnostic.help(format!("it sets `{set}`, with a similar name")),
                    None => diagnostic.note(format!("it sets {}", spelling::list(assigned.iter().copied()))),
                });
            }
        }
        None if inputs.count() > 0 => {
            let diagnostic = report(format!("`{file}` has no cell with the tag `{TAG}`"));
            let help = format!(
                "set the defaults of what `{name}` takes in a cell of their own, and give it the tag `{TAG}`"
            );
            found.push(diagnostic.label(format!("`{name}` has inputs")).help(help));
        }
        None => {}
    }
    let outputs = component.outputs.keys().filter(|output| !notebook.mentions(output));
    found.extend(outputs.map(|output| {
        report(format!("no cell of `{file}` has `{output}` in it"))
            .label(format!("`{name}` gives `{output}`"))
            .help(format!("set a variable `{output}`, or write to `{output}.path` where it is an artifact"))
    }));
    found
}

/// The name that a line sets, with or without its type.
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
    fn names_are_set_by_lines() {
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
    fn what_is_no_notebook_is_told() {
        let told = |problem: &str| format!("KFP0212: `load.ipynb` is no notebook that can be run: {problem}");
        for (source, problem) in [
            ("{", "it is no JSON (EOF while parsing an object at line 1 column 1)"),
            ("{}", "it does not say its `nbformat`"),
            (r#"{"nbformat": 3}"#, "its format is 3, not 4"),
            (r#"{"nbformat": 4}"#, "it has no list of cells"),
            (r#"{"nbformat": 4, "cells": [{"cell_type": "code"}]}"#, "its cell 1 has no type or no source"),
            (
                r#"{"nbformat": 4, "cells": [], "metadata": {"language_info": {"name": "R"}}}"#,
                "it is written in `R`",
            ),
        ] {
            check(source, &[&told(problem)]);
        }
    }

    #[test]
    fn names_stand_in_the_cells() {
        let code = |source: Value, tags: Value| json!({"cell_type": "code", "metadata": {"tags": tags}, "source": source});
        let text = json!({"cell_type": "markdown", "metadata": {}, "source": ["table"]});
        let works = notebook(json!([
            text,
            code(json!(["path: str = ''\n", "other = 1"]), json!(["parameters"])),
            code(json!("open(table.path, 'w').write(path)\nrows, note = 1, None"), json!([])),
        ]));
        check(&works, &[]);
        check(
            &notebook(json!([text, code(json!("pth = note = rows = ''"), json!(["parameters"]))])),
            &[
                "KFP0213: the cell with the tag `parameters` in `load.ipynb` does not set `path`",
                "KFP0213: no cell of `load.ipynb` has `table` in it",
            ],
        );
        check(
            &notebook(json!([code(json!("path = table = note = rows = ''"), json!([]))])),
            &["KFP0213: `load.ipynb` has no cell with the tag `parameters`"],
        );
    }
}
