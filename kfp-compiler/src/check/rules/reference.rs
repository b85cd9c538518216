//! References and `after` name parameters, tasks and outputs that exist, and tasks of the right kind.

use kfp_diag::{Diagnostic, codes, spelling};
use kfp_model::{OutputReference, Place, Reference, TaskId, TaskKind};

use super::words::{named, spelt};
use crate::check::ctx::Ctx;
use crate::check::scope::Entry;
use crate::check::sites::for_each_part;

pub(super) fn check(ctx: &Ctx<'_>, found: &mut Vec<Diagnostic>) {
    for site in &ctx.sites.expressions {
        for_each_part(site.expression, &site.place, &mut |part, place| {
            if let kfp_model::Expression::Reference(reference) = part {
                found.extend(problem(ctx, reference, &place.key("reference")));
            }
        });
    }
    for entry in ctx.scopes.entries.values() {
        for (idx, id) in entry.task.after.iter().enumerate() {
            if !ctx.scopes.entries.contains_key(id) {
                found.push(unknown_task(ctx, id, &entry.place.key("after").index(idx)));
            }
        }
    }
}

fn problem(ctx: &Ctx<'_>, reference: &Reference, place: &Place) -> Option<Diagnostic> {
    let id = match reference {
        Reference::Input(name) if ctx.pipeline.inputs.contains_key(name) => return None,
        Reference::Input(name) => return Some(unknown_input(ctx, name, &place.key("input"))),
        other => other.task()?,
    };
    let Some(entry) = ctx.scopes.entries.get(id) else {
        return Some(unknown_task(ctx, id, &task_place(reference, place)));
    };
    match (reference, &entry.task.kind) {
        (Reference::Item(_), TaskKind::Loop(_))
        | (Reference::Status(_), TaskKind::ExitHandler(_))
        | (Reference::Input(_), _) => None,
        (Reference::Item(_), _) => Some(wrong_kind(entry, &place.key("item"), "the item", "loop")),
        (Reference::Status(_), _) => {
            Some(wrong_kind(entry, &place.key("status"), "the final status", "guard"))
        }
        (Reference::Guarded(output), TaskKind::ExitHandler(_)) => {
            unknown_output(ctx, entry, output, &place.key("guarded"))
        }
        (Reference::Guarded(_), _) => {
            Some(wrong_kind(entry, &place.key("guarded"), "a guarded value", "guard"))
        }
        (Reference::Output(output), _) => unknown_output(ctx, entry, output, &place.key("output")),
    }
}

/// Where a reference names its task.
fn task_place(reference: &Reference, place: &Place) -> Place {
    match reference {
        Reference::Input(_) => place.key("input"),
        Reference::Output(_) => place.key("output").key("task"),
        Reference::Guarded(_) => place.key("guarded").key("task"),
        Reference::Item(_) => place.key("item"),
        Reference::Status(_) => place.key("status"),
    }
}

fn unknown_input(ctx: &Ctx<'_>, name: &str, place: &Place) -> Diagnostic {
    let names = || ctx.pipeline.inputs.keys().map(String::as_str);
    let message = format!("pipeline `{}` has no parameter `{name}`", ctx.pipeline.name);
    let diagnostic =
        Diagnostic::error(codes::UNKNOWN_INPUT, place, message).label("no parameter of that name");
    spelt(diagnostic, name, names(), |diagnostic| {
        diagnostic.note(format!("it has {}", spelling::having("parameter", names())))
    })
}

fn unknown_task(ctx: &Ctx<'_>, id: &TaskId, place: &Place) -> Diagnostic {
    let message = format!("pipeline `{}` has no task `{id}`", ctx.pipeline.name);
    let diagnostic = Diagnostic::error(codes::UNKNOWN_TASK, place, message).label("no task of that id");
    let elsewhere =
        ctx.document.pipelines.iter().find(|other| {
            other.name != ctx.pipeline.name && other.root.tasks.iter().any(|task| task.id == *id)
        });
    match elsewhere {
        Some(other) => diagnostic
            .note(format!("pipeline `{}` has one of that name", other.name))
            .help("values go from one pipeline to another as arguments and outputs"),
        None => {
            let known = ctx.scopes.entries.keys().map(|id| id.0.as_str());
            spelt(diagnostic, &id.0, known, |diagnostic| diagnostic)
        }
    }
}

fn wrong_kind(entry: &Entry<'_>, place: &Place, what: &str, noun: &str) -> Diagnostic {
    let message = format!("{what} of {} is wanted, which is no {noun}", named(entry.task));
    Diagnostic::error(codes::WRONG_KIND_OF_TASK, place, message)
        .label(format!("expected a {noun}"))
        .also(&entry.place, format!("this is {}", named(entry.task)))
}

fn unknown_output(
    ctx: &Ctx<'_>,
    entry: &Entry<'_>,
    reference: &OutputReference,
    place: &Place,
) -> Option<Diagnostic> {
    let OutputReference { task, output } = reference;
    let known = ctx.inference().output_names(task)?;
    if known.contains(&output.as_str()) {
        return None;
    }
    let task = named(entry.task);
    let has = format!("{task} has {}", spelling::having("output", &known));
    let diagnostic = Diagnostic::error(
        codes::UNKNOWN_OUTPUT,
        &place.key("output"),
        format!("{task} has no output `{output}`"),
    )
    .label("no output of that name")
    .also(&entry.place, has);
    Some(spelt(diagnostic, output, known.iter().copied(), |diagnostic| diagnostic))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::check::testing::{call, check_tasks, load, output};

    #[test]
    fn names_that_lead_nowhere_are_reported() {
        let mut after = call("c", "load", json!({"path": {"reference": {"input": "paht"}}}));
        after["after"] = json!(["nobody"]);
        check_tasks(
            json!([
                load(),
                call("a", "train", json!({"table": output("load", "tabel")})),
                call("b", "train", json!({"table": output("laod", "table")})),
                after,
            ]),
            &[
                "KFP0204 tasks/1/kind/call/arguments/table/reference/output/output: task `load` has no output \
                 `tabel`",
                "KFP0203 tasks/2/kind/call/arguments/table/reference/output/task: pipeline `demo` has no task \
                 `laod`",
                "KFP0203 tasks/3/after/0: pipeline `demo` has no task `nobody`",
                "KFP0205 tasks/3/kind/call/arguments/path/reference/input: pipeline `demo` has no parameter \
                 `paht`",
            ],
        );
    }

    #[test]
    fn items_and_statuses_belong_to_loops_and_guards() {
        let value = |kind: &str| json!({"reference": {kind: "load"}});
        check_tasks(
            json!([
                load(),
                call("a", "train", json!({"table": output("load", "table"), "rate": value("item")}))
            ]),
            &[
                "KFP0211 tasks/1/kind/call/arguments/rate/reference/item: the item of task `load` is wanted, which \
               is no loop",
            ],
        );
    }
}
