//! Parts of strings are strings, numbers, booleans and enums.

use kfp_diag::{Diagnostic, codes};
use kfp_model::{Expression, Place, Type};

use super::phrases::{article, option_help};
use crate::check::ctx::Ctx;
use crate::check::sites::{for_each_part, parts};

pub(super) fn check(ctx: &Ctx<'_>, found: &mut Vec<Diagnostic>) {
    for site in &ctx.sites.expressions {
        for_each_part(site.expression, &site.place, &mut |part, place| {
            if !matches!(part, Expression::Concat(_)) {
                return;
            }
            for (value, place) in parts(part, place) {
                if let Some(r#type) = ctx.inference().expression(value) {
                    found.extend(problem(&r#type, &place));
                }
            }
        });
    }
}

fn problem(r#type: &Type, place: &Place) -> Option<Diagnostic> {
    let label = format!("this is `{type}`");
    match r#type {
        Type::String | Type::Integer | Type::Float | Type::Boolean | Type::Enum(_) => None,
        // Another rule reports secrets.
        other if *other.present() == Type::Secret => None,
        Type::Option(_) => {
            let message = format!("cannot use an `{type}` in a string, because it may be absent");
            Some(
                Diagnostic::error(codes::OPTION_UNHANDLED, place, message)
                    .label(label)
                    .help(option_help(r#type)),
            )
        }
        _ => {
            let message = format!("cannot use {} `{type}` in a string", article(r#type));
            let diagnostic = Diagnostic::error(codes::TEXT_PART, place, message).label(label);
            Some(diagnostic.help("use a string, number, boolean or enum"))
        }
    }
}

#[cfg(test)]
#[expect(clippy::needless_pass_by_value, reason = "tests read better with values written in place")]
mod tests {
    use serde_json::{Value, json};

    use crate::check::testing::{call, check_tasks, input, load, output};

    fn check(value: Value, expect: &[&str]) {
        let text = json!({"concat": [{"literal": "n="}, {"value": value}]});
        check_tasks(json!([load(), call("a", "notify", json!({"text": text}))]), expect);
    }

    #[test]
    fn only_plain_values_are_part_of_a_string() {
        check(input("mode"), &[]);
        check(
            output("load", "table"),
            &["KFP0309 tasks/1/kind/call/arguments/text/concat/1/value: cannot use a `Dataset` in a string"],
        );
        check(
            input("limit"),
            &[
                "KFP0307 tasks/1/kind/call/arguments/text/concat/1/value: cannot use an `Option<i64>` in a string, \
               because it may be absent",
            ],
        );
    }
}
