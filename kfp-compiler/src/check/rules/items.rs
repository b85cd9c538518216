//! Loops iterate over lists.

use kfp_diag::{Diagnostic, codes};
use kfp_model::Type;

use super::phrases::{named, option_help};
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
                let message = format!("the items of {} may be absent", named(task));
                let diagnostic = Diagnostic::error(codes::OPTION_UNHANDLED, &site.place, message);
                found.push(diagnostic.label(label).help(option_help(&r#type)));
            }
            _ => {
                let message = format!("expected a list for {}, found `{type}`", named(task));
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
    fn loops_iterate_over_lists() {
        let body = json!({"tasks": [call("n", "notify", json!({"text": {"constant": "x"}}))]});
        check_tasks(
            json!([repeat("each", input("count"), body.clone())]),
            &["KFP0310 tasks/0/kind/loop/items: expected a list for loop `each`, found `i64`"],
        );
        check_tasks(json!([repeat("each", json!({"list": [input("count"), {"constant": 1}]}), body)]), &[]);
    }
}
