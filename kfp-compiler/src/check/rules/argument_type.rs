//! Arguments have the types that the inputs declare.

use kfp_diag::spelling::list;
use kfp_diag::{Diagnostic, codes};
use kfp_model::{Expression, Reference, Type, ValueMismatch, ValuePath};
use serde_json::Value;

use super::phrases::{article, nearest_variant, option_help, part, shown};
use crate::check::ctx::{Ctx, Interface};
use crate::check::mismatch::{Actual, Mismatch, mismatches};
use crate::check::sites::Role;

pub(super) fn check(ctx: &Ctx<'_>, found: &mut Vec<Diagnostic>) {
    for site in &ctx.sites.expressions {
        let Role::Argument(call, name) = site.role else { continue };
        let Some(callee) = ctx.callee(call) else { continue };
        let Some(input) = callee.inputs.get(name) else { continue };
        for mismatch in mismatches(ctx.inference(), &input.r#type, site.expression, &site.place) {
            if let Actual::Type(actual) = &mismatch.actual
                && *actual.present() == Type::Secret
            {
                continue;
            }
            let diagnostic = report(&mismatch, &callee, name)
                .also(&callee.input_place(name), format!("`{name}` is declared `{}` here", input.r#type));
            found.push(with_producer(ctx, site.expression, &mismatch, diagnostic));
        }
    }
}

fn report(mismatch: &Mismatch<'_>, callee: &Interface<'_>, name: &str) -> Diagnostic {
    let Mismatch { place, expected, actual } = mismatch;
    let subject = format!("input `{name}` of `{}`", callee.name);
    match actual {
        Actual::Constant(value) => constant(mismatch, value, &subject, name),
        Actual::Type(actual) => {
            let message = format!(
                "{subject} expects {} `{expected}`, found {} `{actual}`",
                article(expected),
                article(actual)
            );
            let diagnostic =
                Diagnostic::error(codes::ARGUMENT_TYPE, place, message).label(format!("this is `{actual}`"));
            let absent = actual.is_option() && expected.accepts(actual.present());
            if absent { diagnostic.help(option_help(actual)) } else { diagnostic }
        }
        Actual::MissingField(field) => {
            let message = format!("missing field `{field}` of `{expected}` in {subject}");
            Diagnostic::error(codes::ARGUMENT_TYPE, place, message).label(format!("missing `{field}`"))
        }
        Actual::UnknownField(field) => {
            let message = format!("unknown field `{field}` of `{expected}` in {subject}");
            Diagnostic::error(codes::ARGUMENT_TYPE, &place.key("struct").key(field), message)
                .label("unknown field")
        }
    }
}

fn constant(
    Mismatch { place, expected, .. }: &Mismatch<'_>,
    value: &Value,
    subject: &str,
    name: &str,
) -> Diagnostic {
    let whole = ValueMismatch { path: ValuePath::default(), expected, found: value };
    let ValueMismatch { path, expected, found } = expected.mismatch(value).unwrap_or(whole);
    let (place, part) = (path.place(&place.key("constant")), part(name, &path));
    if let (Type::Enum(choice), Some(text)) = (expected.present(), found.as_str()) {
        let message = format!("{subject} expects one of {}{part}, found `{text}`", list(&choice.variants));
        let diagnostic = Diagnostic::error(codes::UNKNOWN_VARIANT, &place, message)
            .label(format!("not a variant of `{}`", choice.name));
        return nearest_variant(diagnostic, text, &choice.variants);
    }
    let message =
        format!("{subject} expects {} `{expected}`{part}, found {}", article(expected), shown(found));
    Diagnostic::error(codes::CONSTANT_TYPE, &place, message).label(format!("expected `{expected}`"))
}

/// Shows where a value of the wrong type is produced, if the argument is the output of a task.
fn with_producer(
    ctx: &Ctx<'_>,
    expression: &Expression,
    mismatch: &Mismatch<'_>,
    diagnostic: Diagnostic,
) -> Diagnostic {
    match (expression, &mismatch.actual) {
        (Expression::Reference(Reference::Output(output)), Actual::Type(actual)) => {
            match ctx.scopes.entries.get(&output.task) {
                Some(entry) if entry.task.continues_on_failure() => {
                    let reason = "because other tasks continue if the task fails";
                    diagnostic.also(&entry.place, format!("`{}` is `{actual}` here, {reason}", output.output))
                }
                Some(entry) if entry.task.has_bound() => {
                    let reason = "because the call is skipped once its `max_depth` is reached";
                    diagnostic.also(&entry.place, format!("`{}` is `{actual}` here, {reason}", output.output))
                }
                Some(entry) => {
                    diagnostic.also(&entry.place, format!("`{}` is `{actual}` here", output.output))
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

    use crate::check::testing::{call, check_tasks, input, load, output, repeat};

    #[test]
    fn values_of_the_wrong_type_are_rejected() {
        check_tasks(
            json!([
                load(),
                call("a", "train", json!({"table": output("load", "rows"), "rate": input("path")})),
                call("b", "notify", json!({"text": output("load", "note")})),
                call("c", "train", json!({"table": output("load", "table"), "rate": input("count")})),
            ]),
            &[
                "KFP0301 tasks/1/kind/call/arguments/rate: input `rate` of `train` expects an `f64`, found a `String`",
                "KFP0301 tasks/1/kind/call/arguments/table: input `table` of `train` expects a `Dataset`, found an \
                 `i64`",
                "KFP0301 tasks/2/kind/call/arguments/text: input `text` of `notify` expects a `String`, found an \
                 `Option<String>`",
            ],
        );
    }

    #[test]
    fn items_of_an_empty_list_have_any_type() {
        for items in [json!({"list": []}), json!({"constant": []})] {
            let item = json!({"reference": {"item": "l"}});
            let body = json!({"tasks": [call("a", "notify", json!({"text": item}))]});
            check_tasks(json!([repeat("l", items, body)]), &[]);
        }
    }

    #[test]
    fn the_item_of_the_wrong_type_is_named() {
        let values = json!({"text": {"constant": "x"}, "values": {"constant": [0.5, "high"]}});
        check_tasks(
            json!([call("a", "notify", values)]),
            &[
                "KFP0302 tasks/0/kind/call/arguments/values/constant/1: input `values` of `notify` expects an `f64` in \
               `values[1]`, found `\"high\"`",
            ],
        );
    }

    #[test]
    fn constants_are_checked_recursively() {
        let trial = json!({"struct": {
            "rate": {"constant": "high"}, "mode": {"constant": "exakt"}, "speed": {"constant": 1},
        }});
        check_tasks(
            json!([call("a", "notify", json!({"text": {"constant": 5}, "trial": trial}))]),
            &[
                "KFP0302 tasks/0/kind/call/arguments/text/constant: input `text` of `notify` expects a `String`, found \
                 `5`",
                "KFP0304 tasks/0/kind/call/arguments/trial/struct/mode/constant: input `trial` of `notify` expects one of \
                 `fast` and `exact`, found `exakt`",
                "KFP0302 tasks/0/kind/call/arguments/trial/struct/rate/constant: input `trial` of `notify` expects an `f64`, \
                 found `\"high\"`",
                "KFP0301 tasks/0/kind/call/arguments/trial/struct/speed: unknown field `speed` of \
                 `Option<Trial>` in input `trial` of `notify`",
            ],
        );
    }
}
