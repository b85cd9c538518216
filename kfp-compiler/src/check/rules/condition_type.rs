//! Conditions are booleans, and only options are tested for presence.

use kfp_diag::{Diagnostic, codes};
use kfp_model::{Condition, Type};

use super::phrases::option_help;
use crate::check::ctx::Ctx;
use crate::check::sites::{for_each_condition, operands};

pub(super) fn check(ctx: &Ctx<'_>, found: &mut Vec<Diagnostic>) {
    for site in &ctx.sites.conditions {
        for_each_condition(site.condition, &site.place, &mut |condition, place| {
            let Some((expression, place)) = operands(condition, place).pop() else { return };
            let Some(r#type) = ctx.inference().expression(expression) else { return };
            if *r#type.present() == Type::Secret {
                return;
            }
            let label = format!("this is `{type}`");
            match condition {
                Condition::Holds(_) if r#type == Type::Boolean => {}
                Condition::Holds(_) if *r#type.present() == Type::Boolean => {
                    let message = "cannot use an `Option<bool>` as a condition, because it may be absent";
                    let diagnostic = Diagnostic::error(codes::OPTION_UNHANDLED, &place, message);
                    found.push(diagnostic.label(label).help(option_help(&r#type)));
                }
                Condition::Holds(_) => {
                    let message = format!("expected a condition of type `bool`, found `{type}`");
                    found.push(Diagnostic::error(codes::CONDITION_TYPE, &place, message).label(label));
                }
                Condition::Present(_) if !r#type.is_option() => {
                    let message =
                        format!("cannot test a `{type}` for presence, because it is always present");
                    found.push(Diagnostic::error(codes::CONDITION_TYPE, &place, message).label(label));
                }
                _ => {}
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::check::testing::{branch, call, check_tasks, input};

    fn check(condition: Value, expect: &[&str]) {
        let notify = call("n", "notify", json!({"text": {"constant": "x"}}));
        check_tasks(json!([branch("b", condition, json!({"tasks": [notify]}), None)]), expect);
    }

    #[test]
    fn conditions_are_booleans() {
        check(json!({"present": input("limit")}), &[]);
        check(
            json!({"holds": input("count")}),
            &[
                "KFP0306 tasks/0/kind/branch/arms/0/condition/holds: expected a condition of type `bool`, found `i64`",
            ],
        );
        check(
            json!({"and": [{"present": input("path")}]}),
            &["KFP0306 tasks/0/kind/branch/arms/0/condition/and/0/present: cannot test a `String` for \
               presence, because it is always present"],
        );
    }
}
