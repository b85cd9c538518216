//! Functions return the values that the component declares as outputs, as far as that is known without running them.
//!
//! Values are matched as in the shim: by name if all names are present in a dictionary or structure, else by order.

use kfp_diag::{Diagnostic, codes, spelling};
use kfp_model::Type;

use super::facts::{Facts, Kind, Name, Returned};
use super::sources::{Code, Source};

/// An output that the function returns.
struct Output<'a> {
    name: &'a str,
    r#type: &'a Type,
}

pub(super) fn check(source: &Source<'_>, facts: &Facts, found: &mut Vec<Diagnostic>) {
    let (Code::Function { name: function, .. }, Some(step)) = (&source.code, &facts.step) else { return };
    let outputs: Vec<Output<'_>> = source
        .component
        .outputs
        .iter()
        .filter(|(_, output)| output.r#type.artifact().is_none())
        .map(|(name, output)| Output { name, r#type: &output.r#type })
        .collect();
    let required: Vec<&Output<'_>> = outputs.iter().filter(|output| !output.r#type.is_option()).collect();
    // Several outputs are matched with a returned value, even if each of them is optional.
    if required.is_empty() && outputs.len() < 2 {
        return;
    }
    if step.returns_nothing {
        let names: Vec<&str> = if required.is_empty() {
            outputs.iter().map(|output| output.name).collect()
        } else {
            required.iter().map(|output| output.name).collect()
        };
        let names = spelling::list(names);
        let message = format!("`{function}` in `{}` returns no value", source.file);
        found.push(
            source
                .error(codes::PYTHON_RETURN, &step.position, message)
                .label(format!("`{}` declares {names}", source.component.name))
                .help("return the outputs, or remove them from the component"),
        );
    }
    for value in &step.returned {
        found.extend(problem(source, function, &outputs, value));
    }
}

/// Returns what is wrong with a returned value.
fn problem(
    source: &Source<'_>,
    function: &str,
    outputs: &[Output<'_>],
    value: &Returned,
) -> Option<Diagnostic> {
    let count = outputs.len();
    let is_missing = |output: &&Output<'_>| value.names.iter().all(|name| name.name != output.name);
    let missing: Vec<&Output<'_>> = outputs.iter().filter(is_missing).collect();
    match value.kind {
        Kind::Tuple if count > 1 && value.count != count => {
            let message = format!(
                "`{function}` in `{}` returns {}, expected {count}",
                source.file,
                spelling::counted(value.count, "value")
            );
            let names = spelling::list(outputs.iter().map(|output| output.name));
            let error = source.error(codes::PYTHON_RETURN, &value.position, message);
            Some(error.label(format!("`{}` declares {names}", source.component.name)))
        }
        // A single output can be the whole value.
        Kind::Dict | Kind::Object | Kind::Named if count == 1 => None,
        Kind::Dict => {
            let required: Vec<&Output<'_>> =
                missing.into_iter().filter(|output| !output.r#type.is_option()).collect();
            (!required.is_empty()).then(|| without(source, function, outputs, value, &required, true))
        }
        Kind::Object if !missing.is_empty() => {
            Some(without(source, function, outputs, value, &missing, true))
        }
        Kind::Named if !missing.is_empty() => {
            // Items are matched by order if there are as many.
            Some(without(source, function, outputs, value, &missing, value.names.len() != count))
        }
        _ => None,
    }
}

/// Reports that a returned value lacks outputs.
fn without(
    source: &Source<'_>,
    function: &str,
    outputs: &[Output<'_>],
    value: &Returned,
    missing: &[&Output<'_>],
    is_error: bool,
) -> Diagnostic {
    let names = spelling::list(missing.iter().map(|output| output.name));
    let what = if value.kind == Kind::Dict { "keys" } else { "fields" };
    let message = format!("`{function}` in `{}` returns {what} without {names}", source.file);
    let position = &value.position;
    let diagnostic = if is_error {
        source.error(codes::PYTHON_RETURN, position, message)
    } else {
        source
            .warning(codes::PYTHON_RETURN, position, message)
            .note("the values are matched with the outputs by their order")
    };
    let diagnostic = diagnostic.label(format!("`{}` declares {names}", source.component.name));
    let unknown: Vec<&Name> =
        value.names.iter().filter(|name| outputs.iter().all(|output| output.name != name.name)).collect();
    match (missing, unknown.as_slice()) {
        ([output], [wrong]) if value.kind == Kind::Dict => {
            let help = format!("rename `{}` to `{}`", wrong.name, output.name);
            match source.location(&wrong.position) {
                Some(location) => diagnostic.replace_at(help, location, &wrong.name, output.name),
                None => diagnostic.help(help),
            }
        }
        (_, []) => diagnostic.help(format!("return {names}, or remove it from the component")),
        (_, unknown) => {
            let unknown = spelling::list(unknown.iter().map(|name| &name.name));
            diagnostic.help(format!("use the names of the outputs instead of {unknown}"))
        }
    }
}
