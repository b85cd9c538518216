//! Pipelines that call themselves, directly or through others, have a bound.

use std::collections::BTreeMap;

use kfp_diag::graph::cycles;
use kfp_diag::spelling::list;
use kfp_diag::{Diagnostic, codes};
use kfp_model::{Callee, Document, Place, Region, TaskKind};

use crate::check::calls::{CallGraph, Reached};
use crate::check::scope::nested_regions;

pub(super) fn check(_document: &Document, graph: &CallGraph<'_>, found: &mut Vec<Diagnostic>) {
    // Sorted so that a cycle is reported in the same way wherever it is entered.
    let mut pipelines: Vec<&Reached<'_>> = graph.pipelines.iter().collect();
    pipelines.sort_by_key(|reached| reached.idx);
    let index: BTreeMap<&str, usize> =
        pipelines.iter().enumerate().map(|(idx, reached)| (reached.pipeline.name.as_str(), idx)).collect();
    let mut calls: BTreeMap<(usize, usize), Place> = BTreeMap::new();
    for (from, Reached { pipeline, place, .. }) in pipelines.iter().copied().enumerate() {
        for_each_call(&pipeline.root, &place.key("root"), &mut |name, max_depth, place| {
            if max_depth == Some(0) {
                let message = format!("the maximum depth of the call of pipeline `{name}` is 0");
                let place = place.key("kind").key("call").key("max_depth");
                found.push(
                    Diagnostic::error(codes::UNBOUNDED_RECURSION, &place, message)
                        .label("expected at least 1"),
                );
            }
            if let (None, Some(to)) = (max_depth, index.get(name)) {
                calls.entry((from, *to)).or_insert_with(|| place.clone());
            }
        });
    }
    let edges: Vec<(usize, usize)> = calls.keys().copied().collect();
    for cycle in cycles(pipelines.len(), &edges) {
        found.extend(report(&cycle, &pipelines, &calls));
    }
}

fn for_each_call<'a>(
    region: &'a Region,
    place: &Place,
    visit: &mut impl FnMut(&'a str, Option<u32>, &Place),
) {
    for (idx, task) in region.tasks.iter().enumerate() {
        let place = place.key("tasks").index(idx);
        if let TaskKind::Call(call) = &task.kind
            && let Callee::Pipeline(name) = &call.callee
        {
            visit(name, call.max_depth, &place);
        }
        for nested in nested_regions(task, &place) {
            for_each_call(nested.region, &nested.place, visit);
        }
    }
}

fn report(
    cycle: &[usize],
    pipelines: &[&Reached<'_>],
    calls: &BTreeMap<(usize, usize), Place>,
) -> Option<Diagnostic> {
    let name = |idx: usize| pipelines[cycle[idx % cycle.len()]].pipeline.name.as_str();
    let place = |idx: usize| calls.get(&(cycle[idx], cycle[(idx + 1) % cycle.len()]));
    let label = |idx: usize| format!("`{}` calls `{}` here", name(idx), name(idx + 1));
    let message = match cycle {
        [_] => format!("unbounded recursion of pipeline `{}`", name(0)),
        _ => format!("unbounded recursion of pipelines {}", list((0..cycle.len()).map(name))),
    };
    let mut diagnostic = Diagnostic::error(codes::UNBOUNDED_RECURSION, place(0)?, message).label(label(0));
    for idx in 1..cycle.len() {
        diagnostic = diagnostic.also(place(idx)?, label(idx));
    }
    Some(diagnostic.help("add `.max_depth(n)` to the call"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::check::testing::check_tasks;

    #[test]
    fn recursion_has_a_bound() {
        let again = |max_depth| {
            let arguments = json!({
                "path": {"constant": "x"}, "trial": {"reference": {"input": "trial"}},
                "token": {"reference": {"input": "token"}},
            });
            let mut call = json!({"callee": {"pipeline": "demo"}, "arguments": arguments});
            if let Some(max_depth) = max_depth {
                call["max_depth"] = json!(max_depth);
            }
            json!([{"id": "again", "name": "again", "kind": {"call": call}}])
        };
        check_tasks(again(Some(3)), &[]);
        check_tasks(again(None), &["KFP0413 tasks/0: unbounded recursion of pipeline `demo`"]);
        check_tasks(
            again(Some(0)),
            &["KFP0413 tasks/0/kind/call/max_depth: the maximum depth of the call of pipeline `demo` is 0"],
        );
    }
}
