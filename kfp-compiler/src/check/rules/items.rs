//! Loops repeat over lists.

use kfp_diag::{Diagnostic, codes};
use kfp_model::Type;

use super::words::{named, option_help};
use crate::check::ctx::Ctx;
use crate::check::sites::Role;

pub(super) fn check(ctx: &Ctx<'_>, found: &mut Vec<Diagnostic>) {
    for site in &ctx.sites.expressions {
        let (Role::Items, Some(task)) = (site.role, site.task) else { continue };
        let Some(r#type) = ctx.inference().expression(site.expression) else { continue };
        let label = format!("this is `{type}`");
        match &r#type {
            Type::List(_) => {}
            other if *other.present() == Type::Secret => {}
            Type::Option(inner) if matches!(**inner, Type::List(_)) => {
                let message = format!("the list of {} may be absent", named(task));
                let diagnostic = Diagnostic::error(codes::OPTION_UNHANDLED, &site.place, message);
                found.push(diagnostic.label(label).help(option_help(&r#type)));
            }
            _ => {
                let message = format!("{} repeats over `{type}`, which is no list", named(task));
                found.push(Diagnostic::error(codes::LOOP_ITEMS, &site.place, message).label(label));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::check::testing::{call, check_tasks, input, repeat};

    #[test]
    fn only_lists_are_repeated_over() {
        let body = json!({"tasks": [call("n", "notify", json!({"text": {"constant": "x"}}))]});
        check_tasks(
            json!([repeat("each", input("count"), body.clone())]),
            &["KFP0310 tasks/0/kind/loop/items: loop `each` repeats over `i64`, which is no list"],
        );
        check_tasks(json!([repeat("each", json!({"list": [input("count"), {"constant": 1}]}), body)]), &[]);
    }
}
