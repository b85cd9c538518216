//! Values that an exit task uses come from steps that run at most once.

use std::collections::BTreeSet;

use kfp_diag::{Diagnostic, codes};
use kfp_model::{Call, Callee, Expression, Place, Reference, Region, Task, TaskId, TaskKind};

use super::phrases::named;
use crate::check::ctx::Ctx;
use crate::check::scope::{Entry, RegionId, Slot};
use crate::check::sites::for_each_part;

pub(super) fn check(ctx: &Ctx<'_>, found: &mut Vec<Diagnostic>) {
    for site in &ctx.sites.expressions {
        for_each_part(site.expression, &site.place, &mut |part, place| {
            if let Expression::Reference(Reference::Guarded(output)) = part
                && let Some(handler) = ctx.scopes.entries.get(&output.task)
                && let TaskKind::ExitHandler(kind) = &handler.task.kind
                && let Some(value) = kind.body.yields.get(&output.output)
            {
                let name = &output.output;
                match enclosing_loop(ctx, handler.region).or_else(|| producing_loop(ctx, value)) {
                    Some(repeat) => found.push(report_loop(handler, name, repeat, place)),
                    None => found.extend(
                        recursion(ctx).map(|call| report_recursion(ctx, handler, name, &call, place)),
                    ),
                }
            }
        });
    }
}

/// Returns the innermost loop that contains the region.
fn enclosing_loop<'c, 'a>(ctx: &'c Ctx<'a>, region: RegionId) -> Option<&'c Entry<'a>> {
    let holders = ctx.scopes.outwards(region).filter_map(|(_, entry)| entry.holder);
    let mut loops = holders.filter(|(_, slot)| *slot == Slot::LoopBody);
    ctx.scopes.entries.get(&loops.next()?.0.id)
}

/// Returns a loop that collects the value or one of the values that it is computed from.
fn producing_loop<'c, 'a>(ctx: &'c Ctx<'a>, value: &'a Expression) -> Option<&'c Entry<'a>> {
    let mut seen: BTreeSet<&TaskId> = BTreeSet::new();
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        let mut targets = Vec::new();
        value.for_each_reference(&mut |reference| {
            if let Reference::Output(output) = reference {
                targets.push(output);
            }
        });
        for target in targets {
            let Some(entry) = ctx.scopes.entries.get(&target.task) else { continue };
            if matches!(entry.task.kind, TaskKind::Loop(_)) {
                return Some(entry);
            }
            if seen.insert(&entry.task.id) {
                open.extend(
                    sources(&entry.task.kind)
                        .into_iter()
                        .filter_map(|region| region.yields.get(&target.output)),
                );
            }
        }
    }
    None
}

/// Returns the regions that produce the outputs of the task.
fn sources(kind: &TaskKind) -> Vec<&Region> {
    match kind {
        TaskKind::Branch(branch) => {
            branch.arms.iter().map(|arm| &arm.region).chain(&branch.otherwise).collect()
        }
        TaskKind::ExitHandler(handler) => vec![&handler.body],
        TaskKind::Call(_) | TaskKind::Loop(_) | TaskKind::Approval(_) | TaskKind::Import(_) => Vec::new(),
    }
}

/// Returns the place of a call through which the pipeline calls itself.
fn recursion(ctx: &Ctx<'_>) -> Option<Place> {
    let own = ctx.pipeline.name.as_str();
    let mut calls = ctx.scopes.entries.values().filter_map(|entry| Some((callee(entry.task)?, &entry.place)));
    calls.find(|(name, _)| leads_to(ctx, name, own)).map(|(_, place)| place.clone())
}

/// Whether the pipeline is `to`, or calls it, directly or through others.
fn leads_to(ctx: &Ctx<'_>, from: &str, to: &str) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![from];
    while let Some(name) = open.pop() {
        if name == to {
            return true;
        }
        if let Some(pipeline) = ctx.document.pipeline(name).filter(|_| seen.insert(name)) {
            for_each_task(&pipeline.root, &mut |task| open.extend(callee(task)));
        }
    }
    false
}

fn callee(task: &Task) -> Option<&str> {
    match &task.kind {
        TaskKind::Call(Call { callee: Callee::Pipeline(name), .. }) => Some(name),
        _ => None,
    }
}

fn for_each_task<'a>(region: &'a Region, visit: &mut impl FnMut(&'a Task)) {
    for task in &region.tasks {
        visit(task);
        for inner in task.regions() {
            for_each_task(inner, visit);
        }
    }
}

fn report_recursion(
    ctx: &Ctx<'_>,
    handler: &Entry<'_>,
    output: &str,
    call: &Place,
    place: &Place,
) -> Diagnostic {
    let (handler, name) = (named(handler.task), &ctx.pipeline.name);
    let message = format!(
        "the exit task of {handler} uses `{output}`, which is produced at each recursion level of `{name}`"
    );
    Diagnostic::error(codes::GUARDED_IN_LOOP, place, message)
        .label("an exit task can only use values of steps that run once")
        .also(call, format!("`{name}` calls itself through this call"))
        .help("remove the value from the exit task, or move the exit handler around the first call")
}

fn report_loop(handler: &Entry<'_>, output: &str, repeat: &Entry<'_>, place: &Place) -> Diagnostic {
    let (handler, repeat_name) = (named(handler.task), named(repeat.task));
    let message = format!("the exit task of {handler} uses `{output}`, which is produced in {repeat_name}");
    Diagnostic::error(codes::GUARDED_IN_LOOP, place, message)
        .label("an exit task can only use values of steps that run once")
        .also(&repeat.place, format!("{repeat_name} may run its body several times"))
        .help("produce the value in a step after the loop")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::check::testing::{call, check_tasks, exit_handler, input, load, output, repeat};

    #[test]
    fn exit_tasks_do_not_use_values_of_loops() {
        let train = call("t", "train", json!({"table": output("load", "table")}));
        let each = repeat(
            "each",
            input("rates"),
            json!({"tasks": [train], "yields": {"all": output("t", "accuracy")}}),
        );
        let body = json!({"tasks": [load(), each], "yields": {"all": output("each", "all"), "note": output("load", "note")}});
        let guarded = |name: &str| json!({"reference": {"guarded": {"task": "g", "output": name}}});
        let text = json!({"first_present": [guarded("note"), {"constant": "none"}]});
        check_tasks(json!([exit_handler("g", body.clone(), text)]), &[]);
        let mut handler = exit_handler("g", body, json!({"constant": "x"}));
        handler["kind"]["exit_handler"]["exit"]["tasks"][0]["kind"]["call"]["arguments"]["values"] =
            guarded("all");
        check_tasks(
            json!([handler]),
            &[
                "KFP0407 tasks/0/kind/exit_handler/exit/tasks/0/kind/call/arguments/values: the exit task of exit handler `g` \
               uses `all`, which is produced in loop `each`",
            ],
        );
    }
}
