//! Bounds are at least one.

use kfp_diag::{Diagnostic, codes};
use kfp_model::{Place, TaskKind};

use crate::check::ctx::Ctx;

pub(super) fn check(ctx: &Ctx<'_>, found: &mut Vec<Diagnostic>) {
    let mut bound = |value: Option<u32>, what: &str, of: &str, place: Place| {
        if value == Some(0) {
            let diagnostic = Diagnostic::error(codes::BOUND, &place, format!("the {what} of {of} is 0"));
            found.push(diagnostic.label("expected at least 1"));
        }
    };
    let pipeline = format!("pipeline `{}`", ctx.pipeline.name);
    let place = ctx.place.key("settings").key("parallelism");
    bound(ctx.pipeline.settings.parallelism, "parallelism", &pipeline, place);
    for entry in ctx.scopes.entries.values() {
        if let TaskKind::Loop(repeat) = &entry.task.kind {
            let (name, place) = (format!("loop `{}`", entry.task.name), entry.place.key("kind").key("loop"));
            bound(repeat.parallelism, "parallelism", &name, place.key("parallelism"));
            bound(repeat.max_items, "maximum number of items", &name, place.key("max_items"));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::check::testing::{check_with, nested_loop};

    #[test]
    fn bounds_are_at_least_one() {
        check_with(
            &[
                ("tasks", nested_loop()),
                ("tasks/1/kind/loop/parallelism", json!(0)),
                ("tasks/1/kind/loop/max_items", json!(0)),
                ("/pipelines/0/settings", json!({"parallelism": 0})),
            ],
            &[
                "KFP0708 tasks/1/kind/loop/max_items: the maximum number of items of loop `each` is 0",
                "KFP0708 tasks/1/kind/loop/parallelism: the parallelism of loop `each` is 0",
                "KFP0708 /pipelines/0/settings/parallelism: the parallelism of pipeline `demo` is 0",
            ],
        );
    }
}
