//! Arguments are of the types that the inputs declare.

use kfp_diag::spelling::list;
use kfp_diag::{Diagnostic, codes};
use kfp_model::{Expression, Reference, Type};

use super::words::{article, nearest_variant, option_help, shown};
use crate::check::ctx::{Ctx, Interface};
use crate::check::fit::{Given, Misfit, misfits};
use crate::check::sites::Role;

pub(super) fn check(ctx: &Ctx<'_>, found: &mut Vec<Diagnostic>) {
    for site in &ctx.sites.expressions {
        let Role::Argument(call, name) = site.role else { continue };
        let Some(callee) = ctx.callee(call) else { continue };
        let Some(input) = callee.inputs.get(name) else { continue };
        for misfit in misfits(ctx.inference(), &input.r#type, site.expression, &site.place) {
            if let Given::Type(given) = &misfit.given
                && *given.present() == Type::Secret
            {
                continue;
            }
            let diagnostic = report(&misfit, &callee, name)
                .also(&callee.input_place(name), format!("`{name}` is declared `{}` here", input.r#type));
            found.push(with_producer(ctx, site.expression, &misfit, diagnostic));
        }
    }
}

fn report(misfit: &Misfit<'_>, callee: &Interface<'_>, name: &str) -> Diagnostic {
    let Misfit { place, expected, given } = misfit;
    let subject = format!("input `{name}` of `{}`", callee.name);
    match given {
        Given::Constant(value) => constant(misfit, value, &subject),
        Given::Type(given) => {
            let message = format!(
                "{subject} takes {} `{expected}`, not {} `{given}`",
                article(expected),
                article(given)
            );
            let diagnostic =
                Diagnostic::error(codes::ARGUMENT_TYPE, place, message).label(format!("this is `{given}`"));
            let absent = given.is_option() && expected.accepts(given.present());
            if absent { diagnostic.help(option_help(given)) } else { diagnostic }
        }
        Given::WithoutField(field) => {
            let message =
                format!("{subject} takes {} `{expected}`, which has a field `{field}`", article(expected));
            Diagnostic::error(codes::ARGUMENT_TYPE, place, message).label(format!("`{field}` is missing"))
        }
        Given::WithField(field) => {
            let message =
                format!("{subject} takes {} `{expected}`, which has no field `{field}`", article(expected));
            Diagnostic::error(codes::ARGUMENT_TYPE, &place.key("struct").key(field), message)
                .label("no field of that name")
        }
    }
}

fn constant(misfit: &Misfit<'_>, value: &serde_json::Value, subject: &str) -> Diagnostic {
    let Misfit { place, expected, .. } = misfit;
    let place = &place.key("constant");
    if let (Type::Enum(choice), Some(text)) = (expected.present(), value.as_str()) {
        let message = format!("{subject} takes one of {}, not `{text}`", list(&choice.variants));
        let diagnostic = Diagnostic::error(codes::UNKNOWN_VARIANT, place, message)
            .label(format!("`{}` has no such text", choice.name));
        return nearest_variant(diagnostic, text, &choice.variants);
    }
    let message = format!("{subject} takes {} `{expected}`, not {}", article(expected), shown(value));
    Diagnostic::error(codes::CONSTANT_TYPE, place, message).label(format!("expected `{expected}`"))
}

/// Shows where a value of the wrong type was made, if it is the output of a task as it stands.
fn with_producer(
    ctx: &Ctx<'_>,
    expression: &Expression,
    misfit: &Misfit<'_>,
    diagnostic: Diagnostic,
) -> Diagnostic {
    match (expression, &misfit.given) {
        (Expression::Reference(Reference::Output(output)), Given::Type(given)) => {
            match ctx.scopes.entries.get(&output.task) {
                Some(entry) if entry.task.continues_on_failure() => {
                    let reason = "as others go on after a failure of the task";
                    diagnostic.also(&entry.place, format!("`{}` is `{given}` here, {reason}", output.output))
                }
                Some(entry) if entry.task.has_bound() => {
                    let reason = "as the pipeline is not called again once its `max_depth` is reached";
                    diagnostic.also(&entry.place, format!("`{}` is `{given}` here, {reason}", output.output))
                }
                Some(entry) => {
                    diagnostic.also(&entry.place, format!("`{}` is `{given}` here", output.output))
                }
                None => diagnostic,
            }
        }
        _ => diagnostic,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::check::testing::{call, check_tasks, input, load, output};

    #[test]
    fn values_of_another_type_are_refused() {
        check_tasks(
            json!([
                load(),
                call("a", "train", json!({"table": output("load", "rows"), "rate": input("path")})),
                call("b", "notify", json!({"text": output("load", "note")})),
                call("c", "train", json!({"table": output("load", "table"), "rate": input("count")})),
            ]),
            &[
                "KFP0301 tasks/1/kind/call/arguments/rate: input `rate` of `train` takes an `f64`, not a `String`",
                "KFP0301 tasks/1/kind/call/arguments/table: input `table` of `train` takes a `Dataset`, not an \
                 `i64`",
                "KFP0301 tasks/2/kind/call/arguments/text: input `text` of `notify` takes a `String`, not an \
                 `Option<String>`",
            ],
        );
    }

    #[test]
    fn constants_are_looked_into() {
        let trial = json!({"struct": {
            "rate": {"constant": "high"}, "mode": {"constant": "exakt"}, "speed": {"constant": 1},
        }});
        check_tasks(
            json!([call("a", "notify", json!({"text": {"constant": 5}, "trial": trial}))]),
            &[
                "KFP0302 tasks/0/kind/call/arguments/text/constant: input `text` of `notify` takes a `String`, not \
                 `5`",
                "KFP0304 tasks/0/kind/call/arguments/trial/struct/mode/constant: input `trial` of `notify` takes one of \
                 `fast` and `exact`, not `exakt`",
                "KFP0302 tasks/0/kind/call/arguments/trial/struct/rate/constant: input `trial` of `notify` takes an `f64`, \
                 not `\"high\"`",
                "KFP0301 tasks/0/kind/call/arguments/trial/struct/speed: input `trial` of `notify` takes an \
                 `Option<Trial>`, which has no field `speed`",
            ],
        );
    }
}
