//! Every tag is closed, and reads a variable that exists and is set before it is read.

use kfp_argo::tag::{TagKind, tags};
use kfp_diag::spelling::nearest_path;
use kfp_diag::{Diagnostic, codes};
use kfp_model::Place;

use crate::ctx::Ctx;
use crate::variables::{Lookup, Missing, Site, Text, VariableScope, for_each_text};

pub(super) fn check(ctx: &Ctx<'_, '_>, found: &mut Vec<Diagnostic>) {
    for_each_text(ctx, &mut |text| one(text, found));
}

fn one(text: &Text<'_, '_, '_, '_>, found: &mut Vec<Diagnostic>) {
    for tag in tags(text.written) {
        match tag {
            Err(_) => found.push(unclosed(text)),
            // The name of an outer tag is unknown until the inner tag is replaced.
            Ok(tag) if tag.nested().is_some() => {}
            Ok(tag) if tag.kind == TagKind::Simple => {
                let name = tag.name();
                let lookup = text.scope.look_up(name, false);
                if lookup == Lookup::Known && is_artifact(name) && !is_source(text) {
                    found.push(no_value(text, name));
                    continue;
                }
                found.extend(report(text.scope, name, &text.node.place, lookup, str::to_owned));
            }
            Ok(_) => {}
        }
    }
}

/// Returns whether the variable is an artifact as a whole.
fn is_artifact(name: &str) -> bool {
    let parts: Vec<&str> = name.split('.').collect();
    matches!(parts.as_slice(), ["tasks" | "steps", _, "outputs", "artifacts", _] | ["inputs", "artifacts", _])
        || matches!(parts.as_slice(), ["workflow", "outputs", "artifacts", _])
}

/// Returns whether the text is the source of an artifact.
fn is_source(text: &Text<'_, '_, '_, '_>) -> bool {
    text.node.place.as_str().ends_with("/from")
}

fn no_value(text: &Text<'_, '_, '_, '_>, name: &str) -> Diagnostic {
    let message = format!("`{name}` is an artifact, not a string");
    let diagnostic =
        Diagnostic::error(codes::ARGO_VARIABLE, &text.node.place, message).label("this tag is not replaced");
    match name.strip_prefix("inputs.artifacts.") {
        Some(_) => diagnostic.help(format!("read the file at `{{{{{name}.path}}}}`")),
        None => diagnostic.help("pass it in `arguments.artifacts` with `from`, or output a parameter"),
    }
}

fn unclosed(text: &Text<'_, '_, '_, '_>) -> Diagnostic {
    let diagnostic =
        Diagnostic::error(codes::ARGO_TAG, &text.node.place, "unterminated tag: missing `}}` after `{{`")
            .help("add `}}`; for two literal braces, write `{` as `\\u007b` in JSON, or separate them");
    if text.scope.site == Site::Workflow {
        diagnostic.note("Argo accepts the workflow but never starts it")
    } else {
        diagnostic
    }
}

/// Returns a diagnostic for the result of looking up a name. `written` returns a name as it is written here.
pub(super) fn report(
    scope: &VariableScope<'_, '_, '_>,
    name: &str,
    place: &Place,
    lookup: Lookup,
    written: fn(&str) -> String,
) -> Option<Diagnostic> {
    match lookup {
        Lookup::Known | Lookup::NotAVariable => None,
        // Arguments of a workflow may contain tags that templates replace later.
        Lookup::Missing(_) if scope.site == Site::Workflow && !name.starts_with("workflow.") => None,
        Lookup::Missing(_) if name == "workflow.failures" => None,
        Lookup::Missing(missing) => Some(absent(name, place, &missing, written)),
        Lookup::NotBefore(task) => not_before(scope, name, place, task),
    }
}

fn absent(name: &str, place: &Place, missing: &Missing, written: fn(&str) -> String) -> Diagnostic {
    let is_item = name == "item" || name.starts_with("item.");
    let code = if is_item { codes::ARGO_ITEM } else { codes::ARGO_VARIABLE };
    let message = format!("unknown variable `{name}`");
    let diagnostic = if missing.is_refused {
        Diagnostic::error(code, place, message)
    } else {
        Diagnostic::warning(code, place, message).label("this tag is not replaced")
    };
    let diagnostic = match &missing.why {
        Some(why) => diagnostic.note(why.clone()),
        None => diagnostic,
    };
    let near = || nearest_path(name, missing.candidates.iter().map(String::as_str));
    let near = missing.intended.as_deref().or_else(near);
    match (near, name.split_once('.')) {
        (Some(near), _) => diagnostic.help(format!("use `{}`", written(near))),
        (None, Some(("inputs", _))) => {
            diagnostic.help("add it to the inputs of the template and to the arguments of every call")
        }
        (None, Some(("workflow", rest))) if rest.starts_with("parameters.") => {
            diagnostic.help("add it to the arguments of the workflow")
        }
        (None, Some(("tasks" | "steps", _))) if missing.candidates.len() > 1 => {
            let names = missing.candidates.iter().map(|name| written(name));
            diagnostic.help(format!("use one of {}", kfp_diag::spelling::list(names)))
        }
        _ if is_item => diagnostic.help("read it in a task with a loop and pass it as a parameter"),
        _ => diagnostic.help("fix the name, or remove the tag"),
    }
}

fn not_before(
    scope: &VariableScope<'_, '_, '_>,
    name: &str,
    place: &Place,
    task: usize,
) -> Option<Diagnostic> {
    let (own, other) = (scope.task()?, scope.template()?.tasks.get(task)?);
    let is_step = name.starts_with("steps.");
    let what = if is_step { "step" } else { "task" };
    if std::ptr::eq(own, other) {
        let message = format!("{what} `{}` reads its own output", own.name);
        return Some(
            Diagnostic::error(codes::ARGO_ORDER, place, message)
                .help("read it in a hook, or in a task that depends on this one"),
        );
    }
    let message = format!("`{}` reads `{name}`, but does not depend on `{}`", own.name, other.name);
    let help = if is_step {
        format!("move `{}` to a later group", own.name)
    } else {
        format!("add `{}` to the dependencies of `{}`", other.name, own.name)
    };
    Some(
        Diagnostic::error(codes::ARGO_ORDER, place, message)
            .also(&other.name_place(), "may run at the same time or later")
            .help(help),
    )
}
