//! Every tag is closed, and reads a variable that is there and made in time.

use kfp_argo::tag::{TagKind, tags};
use kfp_diag::spelling::nearest;
use kfp_diag::{Diagnostic, codes};
use kfp_model::Place;

use crate::ctx::Ctx;
use crate::variables::{Missing, Sight, Site, Text, Verdict, for_each_text};

pub(super) fn check(ctx: &Ctx<'_, '_>, found: &mut Vec<Diagnostic>) {
    for_each_text(ctx, &mut |text| one(text, found));
}

fn one(text: &Text<'_, '_, '_, '_>, found: &mut Vec<Diagnostic>) {
    for tag in tags(text.written) {
        match tag {
            Err(_) => found.push(unclosed(text)),
            // The name of an outer tag is made when its inner one is replaced.
            Ok(tag) if tag.nested().is_some() => {}
            Ok(tag) if tag.kind == TagKind::Simple => {
                let name = tag.name();
                found.extend(report(text.sight, name, &text.spot.place, text.sight.look(name, false)));
            }
            Ok(_) => {}
        }
    }
}

fn unclosed(text: &Text<'_, '_, '_, '_>) -> Diagnostic {
    let diagnostic =
        Diagnostic::error(codes::ARGO_TAG, &text.spot.place, "a tag begins with `{{` and has no `}}`")
            .help("close it; where two braces are meant so, write `{` as `\\u007b` in JSON, or put something between them");
    if text.sight.site == Site::Workflow {
        diagnostic.note("such a workflow is accepted and never starts")
    } else {
        diagnostic
    }
}

/// What is wrong with reading that name there.
pub(super) fn report(
    sight: &Sight<'_, '_, '_>,
    name: &str,
    place: &Place,
    verdict: Verdict,
) -> Option<Diagnostic> {
    match verdict {
        Verdict::Known | Verdict::Foreign => None,
        // Workflows are given arguments that hold tags for others to replace.
        Verdict::Missing(_) if sight.site == Site::Workflow && !name.starts_with("workflow.") => None,
        Verdict::Missing(_) if name == "workflow.failures" => None,
        Verdict::Missing(missing) => Some(absent(name, place, &missing)),
        Verdict::NotBefore(task) => not_before(sight, name, place, task),
    }
}

fn absent(name: &str, place: &Place, missing: &Missing) -> Diagnostic {
    let is_item = name == "item" || name.starts_with("item.");
    let code = if is_item { codes::ARGO_ITEM } else { codes::ARGO_VARIABLE };
    let message = format!("there is no `{name}` here");
    let diagnostic = if missing.is_refused {
        Diagnostic::error(code, place, message)
    } else {
        Diagnostic::warning(code, place, message).label("this stays as it is written")
    };
    let diagnostic = match &missing.why {
        Some(why) => diagnostic.note(why.clone()),
        None => diagnostic,
    };
    let near = nearest(name, missing.candidates.iter().map(String::as_str));
    match (near, name.split_once('.')) {
        (Some(near), _) => diagnostic.help(format!("use `{near}`")),
        (None, Some(("inputs", _))) => {
            diagnostic.help("add it to the inputs of the template, and to every call")
        }
        (None, Some(("workflow", rest))) if rest.starts_with("parameters.") => {
            diagnostic.help("add it to the arguments of the workflow")
        }
        (None, Some(("tasks" | "steps", _))) if missing.candidates.len() > 1 => {
            diagnostic.help(format!("there is {}", kfp_diag::spelling::list(&missing.candidates)))
        }
        _ if is_item => diagnostic.help("read it in a task with a loop, and hand it over as a parameter"),
        _ => diagnostic.help("correct the name, or remove the tag"),
    }
}

fn not_before(sight: &Sight<'_, '_, '_>, name: &str, place: &Place, task: usize) -> Option<Diagnostic> {
    let (own, other) = (sight.task()?, sight.template()?.tasks.get(task)?);
    let is_step = name.starts_with("steps.");
    let what = if is_step { "step" } else { "task" };
    if std::ptr::eq(own, other) {
        let message = format!("{what} `{}` reads what it makes itself", own.name);
        return Some(
            Diagnostic::error(codes::ARGO_ORDER, place, message)
                .help("read it in a hook, or in a task that waits for this one"),
        );
    }
    let message = format!("`{}` reads `{name}`, but does not wait for `{}`", own.name, other.name);
    let help = if is_step {
        format!("move `{}` to a later group", own.name)
    } else {
        format!("add `{}` to what `{}` depends on", other.name, own.name)
    };
    Some(
        Diagnostic::error(codes::ARGO_ORDER, place, message)
            .also(&other.names(), "it may run at the same time, or later")
            .help(help),
    )
}
