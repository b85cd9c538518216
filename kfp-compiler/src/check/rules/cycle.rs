//! No task depends on itself, directly or through others.

use std::collections::BTreeMap;

use kfp_diag::graph::cycles;
use kfp_diag::{Diagnostic, codes};
use kfp_model::{Place, TaskId};

use super::phrases::named;
use crate::check::ctx::Ctx;
use crate::check::dependencies::for_each_edge;

pub(super) fn check(ctx: &Ctx<'_>, found: &mut Vec<Diagnostic>) {
    let index: BTreeMap<&TaskId, usize> =
        ctx.scopes.entries.keys().enumerate().map(|(idx, id)| (*id, idx)).collect();
    let mut edges = Vec::new();
    for_each_edge(&ctx.scopes, &ctx.sites, &mut |waiting, before, _| {
        edges.push((index[waiting], index[before]));
    });
    let cycles = cycles(index.len(), &edges);
    if cycles.is_empty() {
        return;
    }
    let ids: Vec<&TaskId> = ctx.scopes.entries.keys().copied().collect();
    // The places of the dependencies are needed for the report only.
    let mut reasons: BTreeMap<(&TaskId, &TaskId), Place> = BTreeMap::new();
    for_each_edge(&ctx.scopes, &ctx.sites, &mut |waiting, before, place| {
        reasons.entry((waiting, before)).or_insert_with(|| place.clone());
    });
    for cycle in cycles {
        let cycle: Vec<&TaskId> = cycle.into_iter().map(|idx| ids[idx]).collect();
        found.extend(report(ctx, &cycle, &reasons));
    }
}

fn report(
    ctx: &Ctx<'_>,
    cycle: &[&TaskId],
    reasons: &BTreeMap<(&TaskId, &TaskId), Place>,
) -> Option<Diagnostic> {
    let next = |idx: usize| cycle[(idx + 1) % cycle.len()];
    let name = |id: &TaskId| ctx.scopes.entries.get(id).map_or_else(String::new, |entry| named(entry.task));
    let place = |idx: usize| reasons.get(&(cycle[idx], next(idx)));
    let is_order = cycle.len() == 1 && place(0).is_some_and(is_after);
    let label = |idx: usize| match cycle {
        [_] if is_order => "depends on itself here".to_owned(),
        [_] => "uses its own result here".to_owned(),
        _ => format!("{} depends on {} here", name(cycle[idx]), name(next(idx))),
    };
    let message = match cycle {
        [only] => format!("{} depends on itself", name(only)),
        [first, second] => format!("{} and {} depend on each other", name(first), name(second)),
        _ => format!("dependency cycle of {} tasks", cycle.len()),
    };
    let mut diagnostic = Diagnostic::error(codes::CYCLE, place(0)?, message).label(label(0));
    for idx in 1..cycle.len() {
        diagnostic = diagnostic.also(place(idx)?, label(idx));
    }
    Some(diagnostic.help(match cycle {
        [_] if is_order => "remove this dependency",
        [_] => "use a value from outside, or from a task in the same body",
        _ => "remove one of these dependencies",
    }))
}

/// Whether the dependency is an entry of `after`, not a value that the task uses.
fn is_after(place: &Place) -> bool {
    let steps: Vec<_> = place.steps().collect();
    matches!(&*steps, [.., list, index] if list == "after" && index.parse::<usize>().is_ok())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::check::testing::{call, check_tasks, input, load, output, repeat};

    #[test]
    fn cycles_are_reported() {
        let step = |name: &str, before: &str| {
            let mut step = call(name, "load", json!({"path": input("path")}));
            step["after"] = json!([before]);
            step
        };
        check_tasks(
            json!([step("a", "c"), step("b", "a"), step("c", "b"), step("d", "d")]),
            &[
                "KFP0404 tasks/0/after/0: dependency cycle of 3 tasks",
                "KFP0404 tasks/3/after/0: task `d` depends on itself",
            ],
        );
    }

    #[test]
    fn a_loop_does_not_use_its_own_result() {
        let rate = json!({"field": {"of": output("each", "x"), "name": "y"}});
        let train = call("t", "train", json!({"table": output("load", "table"), "rate": rate}));
        let body = json!({"tasks": [train], "yields": {"x": output("t", "accuracy")}});
        check_tasks(
            json!([load(), repeat("each", input("rates"), body)]),
            &[
                "KFP0404 tasks/1/kind/loop/body/tasks/0/kind/call/arguments/rate: loop `each` depends on itself",
                "KFP0308 tasks/1/kind/loop/body/tasks/0/kind/call/arguments/rate/field/name: a `Vec<f64>` has no \
                 field `y`",
            ],
        );
    }
}
