//! References and `after` name parameters, tasks and outputs that exist and have the right kind.

use kfp_diag::{Diagnostic, codes, spelling};
use kfp_model::{OutputReference, Place, Reference, TaskId, TaskKind};

use super::phrases::{named, suggest_name};
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
        (Reference::Item(_), _) => Some(wrong_kind(entry, &place.key("item"), "an item", "a loop")),
        (Reference::Status(_), _) => {
            Some(wrong_kind(entry, &place.key("status"), "a final status", "an exit handler"))
        }
        (Reference::Guarded(output), TaskKind::ExitHandler(_)) => {
            unknown_output(ctx, entry, output, &place.key("guarded"))
        }
        (Reference::Guarded(_), _) => {
            Some(wrong_kind(entry, &place.key("guarded"), "captured values", "an exit handler"))
        }
        (Reference::Output(output), _) => unknown_output(ctx, entry, output, &place.key("output")),
    }
}

/// Returns the place of the task in a reference.
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
    let message = format!("unknown parameter `{name}` of pipeline `{}`", ctx.pipeline.name);
    let diagnostic = Diagnostic::error(codes::UNKNOWN_INPUT, place, message).label("unknown parameter");
    suggest_name(diagnostic, name, names(), |diagnostic| {
        diagnostic.note(format!("the pipeline has {}", spelling::having("parameter", names())))
    })
}

fn unknown_task(ctx: &Ctx<'_>, id: &TaskId, place: &Place) -> Diagnostic {
    let message = format!("unknown task `{id}` in pipeline `{}`", ctx.pipeline.name);
    let diagnostic = Diagnostic::error(codes::UNKNOWN_TASK, place, message).label("unknown task id");
    let elsewhere =
        ctx.document.pipelines.iter().find(|other| {
            other.name != ctx.pipeline.name && other.root.tasks.iter().any(|task| task.id == *id)
        });
    match elsewhere {
        Some(other) => diagnostic
            .note(format!("pipeline `{}` has a task with this id", other.name))
            .help("pass values between pipelines as arguments and outputs"),
        None => {
            let known = ctx.scopes.entries.keys().map(|id| id.0.as_str());
            suggest_name(diagnostic, &id.0, known, |diagnostic| diagnostic)
        }
    }
}

fn wrong_kind(entry: &Entry<'_>, place: &Place, what: &str, noun: &str) -> Diagnostic {
    let message = format!("cannot use {what} of {}", named(entry.task));
    Diagnostic::error(codes::WRONG_KIND_OF_TASK, place, message)
        .label(format!("only {noun} has {what}"))
        .also(&entry.place, format!("not {noun}"))
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
        format!("unknown output `{output}` of {task}"),
    )
    .label("unknown output")
    .also(&entry.place, has);
    Some(suggest_name(diagnostic, output, known.iter().copied(), |diagnostic| diagnostic))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::check::testing::{call, check_tasks, load, output};

    #[test]
    fn unknown_names_are_reported() {
        let mut after = call("c", "load", json!({"path": {"reference": {"input": "paht"}}}));
        after["after"] = json!(["missing"]);
        check_tasks(
            json!([
                load(),
                call("a", "train", json!({"table": output("load", "tabel")})),
                call("b", "train", json!({"table": output("laod", "table")})),
                after,
            ]),
            &[
                "KFP0204 tasks/1/kind/call/arguments/table/reference/output/output: unknown output `tabel` of \
                 task `load`",
                "KFP0203 tasks/2/kind/call/arguments/table/reference/output/task: unknown task `laod` in \
                 pipeline `demo`",
                "KFP0203 tasks/3/after/0: unknown task `missing` in pipeline `demo`",
                "KFP0205 tasks/3/kind/call/arguments/path/reference/input: unknown parameter `paht` of \
                 pipeline `demo`",
            ],
        );
    }

    #[test]
    fn references_name_tasks_of_the_right_kind() {
        let value = |kind: &str| json!({"reference": {kind: "load"}});
        check_tasks(
            json!([
                load(),
                call("a", "train", json!({"table": output("load", "table"), "rate": value("item")}))
            ]),
            &["KFP0211 tasks/1/kind/call/arguments/rate/reference/item: cannot use an item of task `load`"],
        );
    }
}
