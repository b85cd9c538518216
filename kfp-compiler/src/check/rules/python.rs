//! Python functions exist in their source and have the parameters that the component declares.
//!
//! The source is not parsed: the parameter list is split at commas outside brackets, strings, comments and lambdas. What
//! is not certain is not reported.

use kfp_diag::{Diagnostic, codes, spelling};
use kfp_model::{Component, Implementation, Place, PythonStep};

use super::phrases::suggest_name;
use super::python_source::{Found, Splitter, defined, find, skip};

pub(super) fn check(component: &Component, place: &Place, found: &mut Vec<Diagnostic>) {
    let Implementation::Python(step) = &component.implementation else { return };
    let place = place.key("implementation").key("python").key("function");
    match find(&step.source, &step.function) {
        Found::Function(list) => found.extend(parameter_problems(component, step, &parameters(list), &place)),
        Found::Missing => found.push(missing_function(component, step, &place)),
        Found::Unknown => {}
    }
}

fn missing_function(component: &Component, step: &PythonStep, place: &Place) -> Diagnostic {
    let PythonStep { file, function, source, .. } = step;
    let message =
        format!("`{file}` does not define the function `{function}` of component `{}`", component.name);
    let diagnostic =
        Diagnostic::error(codes::PYTHON_FUNCTION, place, message).label("no `def` with this name");
    let defined = defined(source);
    suggest_name(diagnostic, function, defined.iter().copied(), |diagnostic| {
        diagnostic.note(format!("`{file}` defines {} at its top level", spelling::list(&defined)))
    })
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

/// Returns the parameters of the function that the step calls, or `None` if they are not certain.
pub(super) fn declared(step: &PythonStep) -> Option<Vec<Parameter<'_>>> {
    match find(&step.source, &step.function) {
        Found::Function(list) => Some(parameters(list)),
        Found::Missing | Found::Unknown => None,
    }
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

/// Parses a parameter list. `*`, `/` and `*args` are left out, because they take no arguments by name.
fn parameters(list: &str) -> Vec<Parameter<'_>> {
    let mut parameters: Vec<Parameter<'_>> = Vec::new();
    let mut start = 0;
    let mut required = true;
    let mut close = |start: usize, end: usize, required: bool| {
        let text = without_comments(&list[start..end]);
        let name = text.split([':', '=', '#', '\\']).next().unwrap_or_default().trim();
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
    // The number of open parameter lists of lambdas, and the start of the current word.
    let (mut lambdas, mut word) = (0, None);
    for (idx, character) in Splitter::new(list) {
        if character.is_some_and(|c| c.is_alphanumeric() || c == '_') {
            word.get_or_insert(idx);
            continue;
        }
        if word.take().is_some_and(|start: usize| &list[start..idx] == "lambda") {
            lambdas += 1;
        }
        match character {
            Some(':') if lambdas > 0 => lambdas -= 1,
            Some(',') if lambdas == 0 => {
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
    let (end, _) = Splitter::new(text).find(|(_, character)| matches!(character, Some(':' | '=')))?;
    let rest = text[end..].strip_prefix(':')?;
    let default = Splitter::new(rest).find(|(_, character)| *character == Some('=')).map(|(idx, _)| idx);
    Some(rest[..default.unwrap_or(rest.len())].trim())
}

/// Returns the text without leading comment lines and continued lines.
fn without_comments(text: &str) -> &str {
    let mut text = skip(text);
    while text.starts_with('#') {
        text = text.split_once('\n').map_or("", |(_, rest)| skip(rest));
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::check::testing::{check_with, load};

    fn of<'a>(source: &'a str, name: &str) -> Vec<Parameter<'a>> {
        match find(source, name) {
            Found::Function(list) => parameters(list),
            other => panic!("{other:?}"),
        }
    }

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
        let found = of(source, "train");
        let found: Vec<(&str, bool)> = found.iter().map(|found| (found.name, found.required)).collect();
        assert_eq!(
            found,
            [("table", true), ("rate", false), ("names", true), ("text", false), ("**rest", false)]
        );
        assert_eq!(of(source, "other").len(), 1);
        let annotations = of(source, "train");
        let annotations: Vec<_> = annotations.iter().map(|found| found.annotation).collect();
        assert_eq!(
            annotations,
            [Some("Input[Dataset]"), Some("float"), Some("Dict[str, int]"), Some("str"), None]
        );
        let source = "def f(a=lambda x, y=lambda: 1, *z: (x, y), b: int = 2,  # the last\n c  # : none\n, \\\n d=1): pass";
        let found: Vec<_> =
            of(source, "f").iter().map(|each| (each.name, each.annotation, each.required)).collect();
        assert_eq!(
            found,
            [("a", None, false), ("b", Some("int"), false), ("c", None, true), ("d", None, false)]
        );
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
        check("def load(path, table, size=lambda x, y: x): ...", &[]);
        check("def load(size): ...\ndef load(path, table): ...", &[]);
        check("@cache\ndef load(size): ...", &[]);
        check("load = partial(read)", &[]);
        check("def load(:\n    pass", &[]);
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
