//! Secrets are only passed directly to inputs of type `Secret`.

use kfp_diag::{Diagnostic, codes};
use kfp_model::{Expression, Place, Type};

use crate::check::ctx::Ctx;
use crate::check::sites::{Role, Site, for_each_part};

pub(super) fn check(ctx: &Ctx<'_>, found: &mut Vec<Diagnostic>) {
    for site in &ctx.sites.expressions {
        for_each_part(site.expression, &site.place, &mut |part, place| {
            if let Expression::Reference(reference) = part
                && ctx
                    .inference()
                    .reference(reference)
                    .is_some_and(|r#type| *r#type.present() == Type::Secret)
            {
                found.extend(misuse(ctx, site, part, place));
            }
        });
    }
}

fn misuse(ctx: &Ctx<'_>, site: &Site<'_>, part: &Expression, place: &Place) -> Option<Diagnostic> {
    let whole = std::ptr::eq(site.expression, part);
    let usage = match site.role {
        Role::Argument(call, name) if whole => {
            let callee = ctx.callee(call)?;
            let input = callee.inputs.get(name)?;
            if *input.r#type.present() == Type::Secret {
                return None;
            }
            let message = format!("cannot pass a secret to input `{name}` of `{}`", callee.name);
            return Some(
                Diagnostic::error(codes::SECRET_USE, place, message)
                    .label("this is `Secret`")
                    .also(&callee.input_place(name), format!("`{name}` is declared `{}` here", input.r#type))
                    .help("declare the input as `Secret`"),
            );
        }
        Role::Argument(..) => "as part of a larger value",
        Role::Condition => "in a condition",
        Role::Items => "as the items of a loop",
        Role::Uri | Role::Metadata => "in an import",
        Role::Yield => "as a yielded value",
    };
    let usage = if matches!(site.expression, Expression::Concat(_)) { "in a string" } else { usage };
    let diagnostic = Diagnostic::error(codes::SECRET_USE, place, format!("cannot use a secret {usage}"));
    Some(diagnostic.label("this is `Secret`").help("pass the secret directly to an input of type `Secret`"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::check::testing::{branch, call, check_tasks, input};

    #[test]
    fn secrets_are_only_passed_to_steps() {
        let text = json!({"concat": [{"value": input("token")}]});
        let condition = json!({"compare": {
            "left": input("token"), "operator": "equal", "right": {"constant": "x"},
        }});
        let notify = |name: &str, text| call(name, "notify", json!({"text": text, "token": input("token")}));
        check_tasks(
            json!([
                notify("a", text),
                notify("b", input("token")),
                branch("c", condition, json!({"tasks": [notify("d", json!({"constant": "x"}))]}), None),
            ]),
            &[
                "KFP0311 tasks/0/kind/call/arguments/text/concat/0/value: cannot use a secret in a string",
                "KFP0311 tasks/1/kind/call/arguments/text: cannot pass a secret to input `text` of `notify`",
                "KFP0311 tasks/2/kind/branch/arms/0/condition/compare/left: cannot use a secret in a condition",
            ],
        );
    }
}
