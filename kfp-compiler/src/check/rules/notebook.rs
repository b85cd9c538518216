//! Notebooks are valid, are written in Python, and set the inputs and outputs that the component declares.
//!
//! Cells are not parsed as Python. An input counts as set if it is a target of an assignment in one line of the
//! parameters cell, and an output if its name appears in any cell.

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
            let assigned: BTreeSet<&str> = parameters.lines().flat_map(assigned_names).collect();
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

/// Returns the variables that a line assigns: with or without a type annotation, as in `a, b = 1, 2` or `a = b = 1`.
fn assigned_names(line: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for statement in line.split(';').filter(|_| !line.starts_with(char::is_whitespace)) {
        let mut rest = statement;
        while let Some((left, right)) = split_assignment(rest)
            && let Some(targets) = targets(left)
        {
            names.extend(targets);
            rest = right;
        }
    }
    names
}

/// Splits at the first `=` that is neither in brackets nor a part of another operator.
fn split_assignment(statement: &str) -> Option<(&str, &str)> {
    let mut depth = 0_usize;
    let mut characters = statement.char_indices().peekable();
    while let Some((idx, character)) = characters.next() {
        match character {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            '=' if characters.next_if(|(_, next)| *next == '=').is_some() => {}
            '=' if depth == 0 => return Some((&statement[..idx], &statement[idx + 1..])),
            _ => {}
        }
    }
    None
}

/// Returns the names on the left side of an assignment. Returns `None` if it has anything else, such as `a[0]`.
fn targets(left: &str) -> Option<Vec<&str>> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let is_name =
        |text: &str| text.starts_with(|c: char| is_part(c) && !c.is_numeric()) && text.chars().all(is_part);
    let left = left.split_once(':').map_or(left, |(name, _)| name);
    let target = |target| {
        let opened = |c: char| c.is_whitespace() || "([*".contains(c);
        let closed = |c: char| c.is_whitespace() || ")]".contains(c);
        str::trim_end_matches(str::trim_start_matches(target, opened), closed)
    };
    // The last target may be empty, as in `a, = [1]`.
    let names: Vec<&str> = left.split(',').map(target).filter(|name| !name.is_empty()).collect();
    names.iter().all(|name| is_name(name)).then_some(names)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::check::testing::{check_with, load};

    #[test]
    fn assignments_are_found() {
        for (line, names) in [
            ("rate = 0.5", &["rate"][..]),
            ("n: Dict[str, int]=1", &["n"]),
            ("n: Literal['a=b'] = 'a=b'", &["n"]),
            ("n: int", &[]),
            ("a, b = 1, 2", &["a", "b"]),
            ("(a, [b, *c]) = x", &["a", "b", "c"]),
            ("a, = [1]", &["a"]),
            ("a = b = f(c=1)", &["a", "b"]),
            ("a = 1; b = 'é'", &["a", "b"]),
            ("a = b == c", &["a"]),
            ("a = 'b = 1'", &["a"]),
            ("rate == 1", &[]),
            ("rate += 1", &[]),
            ("rates[0] = 1", &[]),
            ("rate.x = 1", &[]),
            ("  rate = 1", &[]),
            ("print(rate)", &[]),
            ("print(rate, end='')", &[]),
            ("# rate = 1", &[]),
            ("", &[]),
        ] {
            assert_eq!(assigned_names(line), names, "{line}");
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
