//! Values that an exit task is told are made by steps that run at most once.

use std::collections::BTreeSet;

use kfp_diag::{Diagnostic, codes};
use kfp_model::{Call, Callee, Expression, Place, Reference, Region, Task, TaskId, TaskKind};

use super::words::named;
use crate::check::ctx::Ctx;
use crate::check::scope::{Entry, RegionId, Slot};
use crate::check::sites::for_each_part;

pub(super) fn check(ctx: &Ctx<'_>, found: &mut Vec<Diagnostic>) {
    for site in &ctx.sites.expressions {
        for_each_part(site.expression, &site.place, &mut |part, place| {
            if let Expression::Reference(Reference::Guarded(output)) = part
                && let Some(guard) = ctx.scopes.entries.get(&output.task)
                && let TaskKind::ExitHandler(kind) = &guard.task.kind
                && let Some(value) = kind.body.yields.get(&output.output)
            {
                let name = &output.output;
                match loop_around(ctx, guard.region).or_else(|| loop_behind(ctx, value)) {
                    Some(many) => found.push(report(guard, name, many, place)),
                    None => found.extend(recursion(ctx).map(|call| in_turns(ctx, guard, name, &call, place))),
                }
            }
        });
    }
}

/// The loop that the region stands in, if it does.
fn loop_around<'c, 'a>(ctx: &'c Ctx<'a>, region: RegionId) -> Option<&'c Entry<'a>> {
    let holders = ctx.scopes.outwards(region).filter_map(|(_, entry)| entry.holder);
    let mut loops = holders.filter(|(_, slot)| *slot == Slot::LoopBody);
    ctx.scopes.entries.get(&loops.next()?.0.id)
}

/// The loop that collects the value, or a value that it is made of, if one does.
fn loop_behind<'c, 'a>(ctx: &'c Ctx<'a>, value: &'a Expression) -> Option<&'c Entry<'a>> {
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

/// The regions in which the outputs of the task are made.
fn sources(kind: &TaskKind) -> Vec<&Region> {
    match kind {
        TaskKind::Branch(branch) => {
            branch.arms.iter().map(|arm| &arm.region).chain(&branch.otherwise).collect()
        }
        TaskKind::ExitHandler(guard) => vec![&guard.body],
        TaskKind::Call(_) | TaskKind::Loop(_) | TaskKind::Approval(_) | TaskKind::Import(_) => Vec::new(),
    }
}

/// The call through which the pipeline comes back to itself, if it does.
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

fn in_turns(ctx: &Ctx<'_>, guard: &Entry<'_>, output: &str, call: &Place, place: &Place) -> Diagnostic {
    let (guard, name) = (named(guard.task), &ctx.pipeline.name);
    let message =
        format!("the exit task of {guard} is told `{output}`, which is made in every turn of `{name}`");
    Diagnostic::error(codes::GUARDED_IN_LOOP, place, message)
        .label("an exit task is told values of steps that run once")
        .also(call, format!("`{name}` comes back to itself through this call"))
        .help("let the exit task do without the value, or put the group around the first call")
}

fn report(guard: &Entry<'_>, output: &str, many: &Entry<'_>, place: &Place) -> Diagnostic {
    let (guard, many_name) = (named(guard.task), named(many.task));
    let message = format!("the exit task of {guard} is told `{output}`, which is made in {many_name}");
    Diagnostic::error(codes::GUARDED_IN_LOOP, place, message)
        .label("an exit task is told values of steps that run once")
        .also(&many.place, format!("{many_name} runs its body many times"))
        .help("let a step after the loop make the value")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::check::testing::{call, check_tasks, guard, input, load, output, repeat};

    #[test]
    fn values_of_loops_are_not_told() {
        let train = call("t", "train", json!({"table": output("load", "table")}));
        let each = repeat(
            "each",
            input("rates"),
            json!({"tasks": [train], "yields": {"all": output("t", "accuracy")}}),
        );
        let body = json!({"tasks": [load(), each], "yields": {"all": output("each", "all"), "note": output("load", "note")}});
        let told = |name: &str| json!({"reference": {"guarded": {"task": "g", "output": name}}});
        let text = json!({"first_present": [told("note"), {"constant": "none"}]});
        check_tasks(json!([guard("g", body.clone(), text)]), &[]);
        let mut guarded = guard("g", body, json!({"constant": "x"}));
        guarded["kind"]["guard"]["exit"]["tasks"][0]["kind"]["call"]["arguments"]["values"] = told("all");
        check_tasks(
            json!([guarded]),
            &[
                "KFP0407 tasks/0/kind/exit_handler/exit/tasks/0/kind/call/arguments/values: the exit task of group `g` is \
               told `all`, which is made in loop `each`",
            ],
        );
    }
}
