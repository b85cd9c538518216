//! References stay in scope: a region sees its own tasks and those of enclosing regions only.

use kfp_diag::{Diagnostic, codes};
use kfp_model::{Expression, Place, Reference, TaskId, TaskKind};

use super::phrases::{named, region};
use crate::check::ctx::Ctx;
use crate::check::scope::{Entry, RegionEntry, RegionId, Slot};
use crate::check::sites::for_each_part;

pub(super) fn check(ctx: &Ctx<'_>, found: &mut Vec<Diagnostic>) {
    for site in &ctx.sites.expressions {
        for_each_part(site.expression, &site.place, &mut |part, place| {
            if let Expression::Reference(reference) = part {
                found.extend(problem(ctx, reference, site.region, place));
            }
        });
    }
    for entry in ctx.scopes.entries.values() {
        for (idx, target) in entry.task.after.iter().enumerate() {
            let place = entry.place.key("after").index(idx);
            found.extend(hidden(ctx, target, None, entry.region, &place));
        }
    }
}

fn problem(ctx: &Ctx<'_>, reference: &Reference, from: RegionId, place: &Place) -> Option<Diagnostic> {
    match reference {
        Reference::Input(_) => None,
        Reference::Output(output) => hidden(ctx, &output.task, Some(&output.output), from, place),
        Reference::Item(id) => {
            let entry = loop_entry(ctx, id)?;
            if ctx.scopes.is_within(from, id, Slot::LoopBody) {
                return None;
            }
            let name = named(entry.task);
            let message = format!("the item of {name} is used outside its body");
            let diagnostic = Diagnostic::error(codes::ITEM_OUT_OF_SCOPE, place, message);
            let diagnostic = diagnostic.label("used here");
            Some(diagnostic.also(&entry.place, format!("{name} is defined here")))
        }
        Reference::Status(id) => exit_only(ctx, id, from, place, "the final status"),
        Reference::Guarded(output) => exit_only(ctx, &output.task, from, place, "an exit handler value"),
    }
}

/// Reports a task that is not visible from the region. `output` is the output that is used, or `None` for `after`.
fn hidden(
    ctx: &Ctx<'_>,
    id: &TaskId,
    output: Option<&str>,
    from: RegionId,
    place: &Place,
) -> Option<Diagnostic> {
    let entry = ctx.scopes.entries.get(id)?;
    let around = outermost_hidden(ctx, from, entry)?;
    let (name, around_name) = (named(entry.task), region(around));
    let (message, label) = match output {
        Some(output) => (format!("`{output}` of {name} is used outside {around_name}"), "used here"),
        None => (format!("cannot depend on {name} from outside {around_name}"), "used here"),
    };
    let diagnostic = Diagnostic::error(codes::OUT_OF_SCOPE, place, message)
        .label(label)
        .also(&entry.place, format!("{name} is in {}", region(ctx.scopes.region(entry.region))));
    Some(diagnostic.help(match (output, around.holder) {
        (None, Some((holder, _))) => format!("depend on {} as a whole", named(holder)),
        _ => way_out(around),
    }))
}

/// Returns the outermost region that contains the task but not the place where its value is used.
fn outermost_hidden<'c, 'a>(
    ctx: &'c Ctx<'a>,
    from: RegionId,
    entry: &Entry<'_>,
) -> Option<&'c RegionEntry<'a>> {
    let hidden = ctx.scopes.outwards(entry.region).filter(|(id, _)| !ctx.scopes.sees(from, *id));
    hidden.last().map(|(_, entry)| entry)
}

/// Returns the help on how to use a value outside the region.
fn way_out(entry: &RegionEntry<'_>) -> String {
    let Some((task, slot)) = entry.holder else { return String::new() };
    let name = named(task);
    match slot {
        Slot::LoopBody => {
            format!("return the value from the body of {name}; outside, it is a list with one value per item")
        }
        Slot::Arm(_) | Slot::Otherwise => {
            format!("return a value from every arm of {name}; outside, it is the value of the arm that ran")
        }
        Slot::GroupBody => format!("return the value from the body of {name}"),
        Slot::Exit => format!("produce the value outside the exit task of {name}"),
    }
}

fn loop_entry<'c, 'a>(ctx: &'c Ctx<'a>, id: &TaskId) -> Option<&'c Entry<'a>> {
    ctx.scopes.entries.get(id).filter(|entry| matches!(entry.task.kind, TaskKind::Loop(_)))
}

fn exit_only(ctx: &Ctx<'_>, id: &TaskId, from: RegionId, place: &Place, what: &str) -> Option<Diagnostic> {
    let entry = ctx.scopes.entries.get(id)?;
    if !matches!(entry.task.kind, TaskKind::ExitHandler(_)) || ctx.scopes.is_within(from, id, Slot::Exit) {
        return None;
    }
    let name = named(entry.task);
    let message = format!("{what} of {name} is used outside its exit task");
    let diagnostic = Diagnostic::error(codes::EXIT_ONLY, place, message)
        .label("used here")
        .also(&entry.place, format!("{name} is defined here"));
    Some(diagnostic.help(format!("outside the exit task, use the outputs of {name}")))
}

#[cfg(test)]
#[expect(clippy::needless_pass_by_value, reason = "tests read better with values written in place")]
mod tests {
    use serde_json::{Value, json};

    use crate::check::testing::{
        branch, call, check_tasks, exit_handler, input, load, output, repeat, some_condition,
    };

    fn train(name: &str, rate: Value) -> Value {
        call(name, "train", json!({"table": output("load", "table"), "rate": rate}))
    }

    #[test]
    fn values_stay_in_their_region() {
        let body = json!({"tasks": [train("t", json!({"reference": {"item": "each"}}))]});
        let arm = json!({"tasks": [train("u", json!({"constant": 1}))]});
        check_tasks(
            json!([
                load(),
                repeat("each", input("rates"), body),
                branch("b", some_condition(), arm, None),
                train("a", output("t", "accuracy")),
                train("c", output("u", "accuracy")),
                train("d", json!({"reference": {"item": "each"}})),
            ]),
            &[
                "KFP0401 tasks/3/kind/call/arguments/rate: `accuracy` of task `t` is used outside the body of \
                 loop `each`",
                "KFP0401 tasks/4/kind/call/arguments/rate: `accuracy` of task `u` is used outside arm `b-yes`",
                "KFP0402 tasks/5/kind/call/arguments/rate: the item of loop `each` is used outside its body",
            ],
        );
    }

    #[test]
    fn dependencies_stay_in_their_region() {
        let mut late = train("late", json!({"constant": 1}));
        late["after"] = json!(["t"]);
        check_tasks(
            json!([
                load(),
                repeat("each", input("rates"), json!({"tasks": [train("t", json!({"constant": 1}))]})),
                late
            ]),
            &["KFP0401 tasks/2/after/0: cannot depend on task `t` from outside the body of loop `each`"],
        );
    }

    #[test]
    fn the_final_status_is_for_the_exit_task() {
        let state = json!({"field": {"of": {"reference": {"status": "g"}}, "name": "state"}});
        let body = json!({"tasks": [load()]});
        check_tasks(
            json!([exit_handler("g", body, state.clone()), call("n", "notify", json!({"text": state}))]),
            &[
                "KFP0403 tasks/1/kind/call/arguments/text/field/of: the final status of exit handler `g` is used outside \
               its exit task",
            ],
        );
    }
}
