//! Regions contain tasks (a warning).

use kfp_diag::{Diagnostic, codes};

use super::phrases::region;
use crate::check::ctx::Ctx;
use crate::check::scope::Slot;

pub(super) fn check(ctx: &Ctx<'_>, found: &mut Vec<Diagnostic>) {
    for (_, entry) in ctx.scopes.regions() {
        // Another rule reports an exit region without its task. A region without tasks may still yield values.
        let exit = entry.holder.is_some_and(|(_, slot)| slot == Slot::Exit);
        let for_value = entry.holder.is_some() && !entry.region.yields.is_empty();
        if entry.region.tasks.is_empty() && !exit && !for_value {
            let (what, place) = match entry.holder {
                Some(_) => (region(entry), entry.place.clone()),
                None => (format!("pipeline `{}`", ctx.pipeline.name), ctx.place.clone()),
            };
            let diagnostic = Diagnostic::warning(codes::EMPTY_BODY, &place, format!("{what} has no tasks"));
            found.push(diagnostic.label("nothing runs here"));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::check::testing::{check_tasks, input, repeat};

    #[test]
    fn empty_regions_are_reported() {
        check_tasks(json!([]), &["KFP0416 /pipelines/0: pipeline `demo` has no tasks"]);
        check_tasks(
            json!([repeat("each", input("rates"), json!({}))]),
            &["KFP0416 tasks/0/kind/loop/body: the body of loop `each` has no tasks"],
        );
    }
}
