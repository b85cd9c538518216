//! Checks the nesting depth of templates against the limit of the controller.
//!
//! Every template that calls another one is a level, and a recursive pipeline adds its levels as often as its maximum
//! depth allows.

use std::collections::{BTreeMap, BTreeSet};

use kfp_argo::limits::LEVELS;
use kfp_diag::{Diagnostic, codes};
use kfp_model::{Call, TaskKind};

use crate::check::{Checked, Program};
use crate::lower::analyse::captured::Captured;
use crate::lower::analyse::names;
use crate::lower::plan::{Plan, Task};

/// The maximum number of search steps.
const STEPS: usize = 200_000;

/// Reports a workflow that is nested too deeply.
pub(in crate::lower) fn check(
    checked: &Checked<'_>,
    program: &Program<'_>,
    plan: &Plan,
) -> Option<Diagnostic> {
    let bounds = bounds(program);
    if let Some(levels) = Graph::of(plan, &bounds).levels_with(&bounds)
        && levels <= LEVELS
    {
        return None;
    }
    let name = &checked.pipeline().name;
    let message = format!("pipeline `{name}` is nested too deeply");
    let diagnostic = Diagnostic::error(codes::TOO_DEEP, &checked.place(), message)
        .label(format!("at most {LEVELS} nested graphs and steps are allowed"));
    Some(with_advice(diagnostic, program, plan, &bounds))
}

/// Adds the places of bounded calls, and the largest maximum depth that would be allowed.
fn with_advice(
    mut diagnostic: Diagnostic,
    program: &Program<'_>,
    plan: &Plan,
    bounds: &Bounds,
) -> Diagnostic {
    let graph = Graph::of(plan, bounds);
    let most = bounds.values().copied().max().unwrap_or(0);
    for pipeline in program.pipelines() {
        for node in pipeline.nodes() {
            let TaskKind::Call(Call { max_depth: Some(depth), .. }) = &node.task.kind else { continue };
            let place = node.place.key("kind").key("call").key("max_depth");
            diagnostic = diagnostic.also(&place, format!("this call adds up to {depth} recursion levels"));
        }
    }
    let fits = |bound: u32| {
        let bounds = bounds.iter().map(|(name, old)| (name.clone(), bound.min(*old))).collect();
        graph.levels_with(&bounds).is_some_and(|levels| levels <= LEVELS)
    };
    match (1..=most.min(u32::try_from(LEVELS).unwrap_or(u32::MAX))).rev().find(|bound| fits(*bound)) {
        Some(bound) => diagnostic.help(format!("use `.max_depth({bound})` or less")),
        None => diagnostic.help("reduce the nesting: each branch, loop and sub-pipeline adds a level"),
    }
}

/// The maximum depths of calls, by the parameter that counts the depth.
type Bounds = BTreeMap<String, u32>;

fn bounds(program: &Program<'_>) -> Bounds {
    let mut bounds = Bounds::new();
    for pipeline in program.pipelines() {
        for node in pipeline.nodes() {
            if let TaskKind::Call(Call { max_depth: Some(depth), .. }) = &node.task.kind {
                let counter = Captured::Depth(pipeline.pipeline().name.clone(), node.task.id.clone());
                bounds.insert(names::parameter(&counter), *depth);
            }
        }
    }
    bounds
}

/// The call graph of templates: the callees of each template, with the counter that the call increments.
struct Graph<'w> {
    calls: BTreeMap<&'w str, Vec<(&'w str, Option<&'w str>)>>,
    roots: Vec<&'w str>,
}

impl<'w> Graph<'w> {
    fn of(plan: &'w Plan, bounds: &Bounds) -> Self {
        let counted =
            |task: &'w Task| task.counter.as_deref().filter(|counter| bounds.contains_key(*counter));
        let calls = plan.templates.iter().map(|template| {
            let tasks = template.tasks().iter();
            let calls: BTreeSet<_> = tasks.map(|task| (task.calls.as_str(), counted(task))).collect();
            (template.name.as_str(), calls.into_iter().collect())
        });
        Self { calls: calls.collect(), roots: plan.roots().collect() }
    }

    /// Returns the maximum number of levels with these bounds; `None` if the search takes too many steps.
    fn levels_with(&self, bounds: &Bounds) -> Option<usize> {
        let mut search = Search { graph: self, known: BTreeMap::new(), left: STEPS };
        let bounds: BTreeMap<&str, u32> =
            bounds.iter().map(|(name, bound)| (name.as_str(), *bound)).collect();
        let levels = self.roots.iter().map(|root| search.levels(root, &bounds, 0));
        let levels: Option<Vec<usize>> = levels.collect();
        levels.map(|levels| levels.into_iter().max().unwrap_or(0))
    }
}

struct Search<'g, 'w> {
    graph: &'g Graph<'w>,
    /// The number of levels below a template, by the remaining recursion levels.
    known: BTreeMap<(&'w str, Vec<u32>), usize>,
    left: usize,
}

impl<'w> Search<'_, 'w> {
    /// Returns the number of levels from the template on; `above` is the number of levels above it. The search stops at
    /// the limit.
    fn levels(&mut self, template: &'w str, remaining: &BTreeMap<&str, u32>, above: usize) -> Option<usize> {
        if above > LEVELS {
            return Some(1);
        }
        let key = (template, remaining.values().copied().collect::<Vec<_>>());
        if let Some(known) = self.known.get(&key) {
            return Some(*known);
        }
        self.left = self.left.checked_sub(1)?;
        let calls = self.graph.calls.get(template).cloned().unwrap_or_default();
        let mut below = 0;
        for (callee, counter) in calls {
            let mut remaining = remaining.clone();
            if let Some(counter) = counter {
                match remaining.get_mut(counter) {
                    Some(left) if *left > 0 => *left -= 1,
                    _ => continue,
                }
            }
            below = below.max(self.levels(callee, &remaining, above + 1)?);
        }
        // A truncated result is not cached, because the same template may be reached at a higher level.
        if above + 1 + below <= LEVELS {
            self.known.insert(key, below + 1);
        }
        Some(below + 1)
    }
}
