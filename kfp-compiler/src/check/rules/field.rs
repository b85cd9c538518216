//! Field accesses name fields that exist, on structs and maps.

use kfp_diag::{Diagnostic, codes, spelling};
use kfp_model::{Expression, Place, Type};

use super::phrases::{article, option_help, suggest_name};
use crate::check::ctx::Ctx;
use crate::check::infer::field;
use crate::check::sites::for_each_part;

pub(super) fn check(ctx: &Ctx<'_>, found: &mut Vec<Diagnostic>) {
    for site in &ctx.sites.expressions {
        for_each_part(site.expression, &site.place, &mut |part, place| {
            let Expression::Field(access) = part else { return };
            let Some(of) = ctx.inference().expression(&access.of) else { return };
            if of != Type::Secret && field(&of, &access.name).is_none() {
                found.push(report(&of, &access.name, &place.key("field").key("name")));
            }
        });
    }
}

fn report(of: &Type, name: &str, place: &Place) -> Diagnostic {
    if of.is_option() {
        let message = format!("cannot access field `{name}` of an `{of}`, which may be absent");
        return Diagnostic::error(codes::OPTION_UNHANDLED, place, message).help(option_help(of));
    }
    let Type::Struct(structure) = of else {
        let message = format!("{} `{of}` has no field `{name}`", article(of));
        return Diagnostic::error(codes::NO_SUCH_FIELD, place, message);
    };
    let names = || structure.fields.keys().map(String::as_str);
    let diagnostic =
        Diagnostic::error(codes::NO_SUCH_FIELD, place, format!("struct `{of}` has no field `{name}`"))
            .note(format!("it has {}", spelling::having("field", names())));
    suggest_name(diagnostic, name, names(), |diagnostic| diagnostic)
}

#[cfg(test)]
#[expect(clippy::needless_pass_by_value, reason = "tests read better with values written in place")]
mod tests {
    use serde_json::{Value, json};

    use crate::check::testing::{call, check_tasks, input};

    fn check(of: Value, name: &str, expect: &[&str]) {
        let field = json!({"field": {"of": of, "name": name}});
        let table = json!({"import": {
            "uri": {"constant": "s3://a/b"}, "type": {"artifact": {"name": "system.Dataset", "version": "0.0.1"}},
        }});
        let import = json!({"id": "import", "name": "import", "kind": table});
        let table = json!({"reference": {"output": {"task": "import", "output": "artifact"}}});
        check_tasks(json!([import, call("a", "train", json!({"table": table, "rate": field}))]), expect);
    }

    #[test]
    fn fields_exist() {
        check(input("trial"), "rate", &[]);
        check(
            input("trial"),
            "rat",
            &["KFP0308 tasks/1/kind/call/arguments/rate/field/name: struct `Trial` has no field `rat`"],
        );
        check(
            input("count"),
            "rate",
            &["KFP0308 tasks/1/kind/call/arguments/rate/field/name: an `i64` has no field `rate`"],
        );
        check(
            input("limit"),
            "rate",
            &[
                "KFP0307 tasks/1/kind/call/arguments/rate/field/name: cannot access field `rate` of an `Option<i64>`, \
               which may be absent",
            ],
        );
    }
}
