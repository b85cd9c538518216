//! Task ids are unique in their pipeline.

use kfp_diag::{Diagnostic, codes};

use crate::check::ctx::Ctx;

pub(super) fn check(ctx: &Ctx<'_>, found: &mut Vec<Diagnostic>) {
    for (task, place) in &ctx.scopes.duplicates {
        let message = format!("duplicate task id `{}` in pipeline `{}`", task.id, ctx.pipeline.name);
        let diagnostic =
            Diagnostic::error(codes::DUPLICATE_TASK_ID, &place.key("id"), message).label("duplicate id");
        found.push(match ctx.scopes.entries.get(&task.id) {
            Some(first) => diagnostic.also(&first.place.key("id"), "first used here"),
            None => diagnostic,
        });
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::check::testing::{check_tasks, load};

    #[test]
    fn ids_are_unique() {
        let mut other = load();
        other["name"] = json!("other");
        check_tasks(
            json!([load(), other]),
            &["KFP0502 tasks/1/id: duplicate task id `load` in pipeline `demo`"],
        );
    }
}
