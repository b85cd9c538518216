//! Python functions exist in their source and have the parameters that the component declares.
//!
//! The source is not parsed: a top-level function is found by its `def`, and its parameter list is split at commas
//! outside brackets, strings and comments.

use kfp_diag::{Diagnostic, codes, spelling};
use kfp_model::{Component, Implementation, Place, PythonStep};

use super::phrases::suggest_name;

pub(super) fn check(component: &Component, place: &Place, found: &mut Vec<Diagnostic>) {
    let Implementation::Python(step) = &component.implementation else { return };
    let place = place.key("implementation").key("python").key("function");
    let Some(list) = parameter_list(&step.source, &step.function) else {
        found.push(missing_function(component, step, &place));
        return;
    };
    found.extend(parameter_problems(component, step, &parameters(list), &place));
}

fn missing_function(component: &Component, step: &PythonStep, place: &Place) -> Diagnostic {
    let PythonStep { file, function, source, .. } = step;
    let message =
        format!("`{file}` does not define the function `{function}` of component `{}`", component.name);
    let diagnostic =
        Diagnostic::error(codes::PYTHON_FUNCTION, place, message).label("no `def` with this name");
    let defined: Vec<&str> = source.lines().filter_map(defined_name).collect();
    suggest_name(diagnostic, function, defined.iter().copied(), |diagnostic| {
        diagnostic.note(format!("`{file}` defines {} at its top level", spelling::list(&defined)))
    })
}

/// Returns the name of the function that a top-level line defines.
fn defined_name(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("def ")?.trim_start();
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_')?;
    rest[end..].trim_start().starts_with(['(', '[']).then_some(&rest[..end])
}

/// One parameter of a Python function.
#[derive(Debug, PartialEq)]
pub(super) struct Parameter<'a> {
    pub(super) name: &'a str,
    /// The text between the colon and the default.
    pub(super) annotation: Option<&'a str>,
    required: bool,
    /// Whether it is before a `/`, so it cannot be passed by name.
    positional_only: bool,
}

/// Returns the parameters of the function that the step calls, or `None` if the source does not define it.
pub(super) fn declared(step: &PythonStep) -> Option<Vec<Parameter<'_>>> {
    parameter_list(&step.source, &step.function).map(parameters)
}

fn parameter_problems(
    component: &Component,
    step: &PythonStep,
    parameters: &[Parameter<'_>],
    place: &Place,
) -> Vec<Diagnostic> {
    let PythonStep { file, function, .. } = step;
    let takes_all = parameters.iter().any(|parameter| parameter.name.starts_with("**"));
    let is_positional_only =
        |name: &str| parameters.iter().any(|each| each.name == name && each.positional_only);
    let has = |name: &str| takes_all || parameters.iter().any(|parameter| parameter.name == name);
    let report = |message: String, label: String| {
        Diagnostic::error(codes::PYTHON_PARAMETERS, place, message).label(label)
    };
    let artifacts = component.outputs.iter().filter(|(_, output)| output.r#type.artifact().is_some());
    let passed = || component.inputs.keys().chain(artifacts.clone().map(|(name, _)| name));
    let missing = passed().filter(|name| !has(name)).map(|name| {
        let message = format!("`{function}` in `{file}` has no parameter `{name}`");
        report(message, format!("`{}` declares `{name}`", component.name))
    });
    let unknown = parameters
        .iter()
        .filter(|parameter| parameter.required && !component.outputs.contains_key(parameter.name))
        .filter(|parameter| !passed().any(|name| name == parameter.name))
        .map(|parameter| {
            let message =
                format!("`{function}` in `{file}` has the undeclared parameter `{}`", parameter.name);
            report(message, format!("`{}` has no input with this name", component.name))
        });
    let positional = passed().filter(|name| is_positional_only(name)).map(|name| {
        let message = format!("parameter `{name}` of `{function}` in `{file}` is positional-only");
        report(message, "steps pass arguments by name".to_owned()).help("remove the `/` from its parameters")
    });
    missing.chain(unknown).chain(positional).collect()
}

/// Returns the text between the parentheses after `def NAME`.
fn parameter_list<'a>(source: &'a str, function: &str) -> Option<&'a str> {
    let mut offset = 0;
    for line in source.split_inclusive('\n') {
        if defined_name(line) == Some(function) {
            let start = offset + line.find('(')? + 1;
            let end = Splitter::new(&source[start..]).find(|(_, c)| *c == Some(')')).map(|(idx, _)| idx)?;
            return Some(&source[start..start + end]);
        }
        offset += line.len();
    }
    None
}

/// Parses a parameter list. `*`, `/` and `*args` are left out, because they take no arguments by name.
fn parameters(list: &str) -> Vec<Parameter<'_>> {
    let mut parameters: Vec<Parameter<'_>> = Vec::new();
    let mut start = 0;
    let mut required = true;
    let mut close = |start: usize, end: usize, required: bool| {
        let text = without_comments(&list[start..end]);
        let name = text.split([':', '=']).next().unwrap_or_default().trim();
        if name == "/" {
            for before in &mut parameters {
                before.positional_only = true;
            }
        } else if !name.is_empty() && (name.starts_with("**") || !name.starts_with('*')) {
            let required = required && !name.starts_with("**");
            let annotation = annotation(text);
            parameters.push(Parameter { name, annotation, required, positional_only: false });
        }
    };
    for (idx, character) in Splitter::new(list) {
        match character {
            Some(',') => {
                close(start, idx, required);
                (start, required) = (idx + 1, true);
            }
            Some('=') => required = false,
            _ => {}
        }
    }
    close(start, list.len(), required);
    parameters
}

/// Returns the text between the colon and the default of a parameter.
fn annotation(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once(':')?;
    let default = Splitter::new(rest).find(|(_, character)| *character == Some('=')).map(|(idx, _)| idx);
    Some(rest[..default.unwrap_or(rest.len())].trim())
}

/// Returns the text without leading comment lines.
fn without_comments(text: &str) -> &str {
    let mut text = text.trim_start();
    while text.starts_with('#') {
        text = text.split_once('\n').map_or("", |(_, rest)| rest).trim_start();
    }
    text
}

/// Iterates over Python text and returns the characters outside brackets, strings and comments. An unmatched closing
/// bracket is returned like any other character.
struct Splitter<'a> {
    text: &'a str,
    position: usize,
    depth: usize,
}

impl<'a> Splitter<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, position: 0, depth: 0 }
    }

    /// Returns the length of the string literal at the current position, including its quotes.
    fn string_length(&self) -> usize {
        let rest = &self.text[self.position..];
        let quote = &rest[..1];
        let triple = quote.repeat(3);
        let close = if rest.starts_with(&triple) { triple.as_str() } else { quote };
        let mut idx = close.len();
        while idx < rest.len() {
            if rest[idx..].starts_with(close) {
                return idx + close.len();
            }
            let mut characters = rest[idx..].chars();
            let escaped = characters.next() == Some('\\');
            let length = rest.len() - idx - characters.as_str().len();
            idx += length + if escaped { characters.next().map_or(0, char::len_utf8) } else { 0 };
        }
        rest.len()
    }
}

impl Iterator for Splitter<'_> {
    /// The position of a character, and the character if it is outside brackets, strings and comments.
    type Item = (usize, Option<char>);

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.position;
        let character = self.text[start..].chars().next()?;
        let length = match character {
            '"' | '\'' => self.string_length(),
            '#' => self.text[start..].find('\n').unwrap_or(self.text.len() - start),
            other => other.len_utf8(),
        };
        self.position += length;
        let outside = self.depth == 0 && !matches!(character, '"' | '\'' | '#');
        match character {
            '(' | '[' | '{' => self.depth += 1,
            ')' | ']' | '}' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        Some((start, outside.then_some(character)))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::check::testing::{check_with, load};

    #[test]
    fn parameters_are_parsed() {
        let source = "
def other(x): pass

@component
def train (  # the step
    table: Input[Dataset],
    # between
    rate: float = f(1, ')'),
    *, names: Dict[str, int],
    text: str = \"a, b\\\" #\",
    **rest,
) -> None:
    pass
";
        let found = parameters(parameter_list(source, "train").unwrap());
        let found: Vec<(&str, bool)> = found.iter().map(|found| (found.name, found.required)).collect();
        assert_eq!(
            found,
            [("table", true), ("rate", false), ("names", true), ("text", false), ("**rest", false)]
        );
        assert_eq!(parameters(parameter_list(source, "other").unwrap()).len(), 1);
        let annotations = parameters(parameter_list(source, "train").unwrap());
        let annotations: Vec<_> = annotations.iter().map(|found| found.annotation).collect();
        assert_eq!(
            annotations,
            [Some("Input[Dataset]"), Some("float"), Some("Dict[str, int]"), Some("str"), None]
        );
        assert_eq!(parameter_list("def f(a, '", "f"), None);
        assert_eq!(parameter_list("def fit(a):", "f"), None);
    }

    fn check(source: &str, expect: &[&str]) {
        let python = json!({"python": {"file": "load.py", "source": source, "function": "load"}});
        let expect: Vec<String> = expect
            .iter()
            .map(|line| line.replacen(':', " /components/load/implementation/python/function:", 1))
            .collect();
        let expect: Vec<&str> = expect.iter().map(String::as_str).collect();
        let edits: [(&str, Value); 2] =
            [("tasks", json!([load()])), ("/components/load/implementation", python)];
        check_with(&edits, &expect);
    }

    #[test]
    fn the_function_and_its_parameters_exist() {
        check("def load(path, table): ...", &[]);
        check("def load(**everything): ...", &[]);
        check(
            "def laod(path, table): ...",
            &["KFP0209: `load.py` does not define the function `load` of component `load`"],
        );
        check(
            "def load(table, size, speed=1): ...",
            &[
                "KFP0210: `load` in `load.py` has no parameter `path`",
                "KFP0210: `load` in `load.py` has the undeclared parameter `size`",
            ],
        );
        check(
            "def load(path, /, table): ...",
            &["KFP0210: parameter `path` of `load` in `load.py` is positional-only"],
        );
    }
}
