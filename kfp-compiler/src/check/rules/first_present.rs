//! The alternatives of a fallback have one type, and all but the last may be absent.

use kfp_diag::{Diagnostic, codes};
use kfp_model::{Expression, Reference, Trigger, Type};

use crate::check::ctx::Ctx;
use crate::check::needs::missing_of;
use crate::check::sites::{for_each_part, parts};

pub(super) fn check(ctx: &Ctx<'_>, found: &mut Vec<Diagnostic>) {
    for site in &ctx.sites.expressions {
        // A task that runs after failures may find a value missing that is not an option.
        let unsure = site.task.is_some_and(|task| task.trigger == Trigger::AllDone);
        for_each_part(site.expression, &site.place, &mut |part, place| {
            if matches!(part, Expression::FirstPresent(_)) {
                alternatives(ctx, part, place, unsure, found);
            }
        });
    }
}

fn alternatives(
    ctx: &Ctx<'_>,
    part: &Expression,
    place: &kfp_model::Place,
    unsure: bool,
    found: &mut Vec<Diagnostic>,
) {
    let options = parts(part, place);
    if options.is_empty() {
        found.push(Diagnostic::error(codes::FIRST_PRESENT, place, "missing alternatives"));
    }
    let last = options.len().saturating_sub(1);
    let mut first: Option<(Type, &kfp_model::Place)> = None;
    for (idx, (option, place)) in options.iter().enumerate() {
        let Some(r#type) = ctx.inference().expression(option) else { continue };
        let may_fail = unsure && matches!(option, Expression::Reference(Reference::Output(_)));
        let is_absent = |reference: &Reference| ctx.skips.may_be_absent(ctx.inference(), reference);
        let may_be_absent = may_fail || missing_of(option, &is_absent).is_some();
        if idx < last && !r#type.is_option() && !may_be_absent {
            let message = format!("a `{type}` is always present, so the fallback is never used");
            let diagnostic = Diagnostic::error(codes::FIRST_PRESENT, place, message);
            found.push(diagnostic.label(format!("this is `{type}`")));
        }
        let fits = |(other, _): &(Type, _)| {
            let (other, this): (&Type, &Type) = (other.present(), r#type.present());
            other.accepts(this)
                || this.accepts(other)
                || matches!(option, Expression::Constant(value) if other.accepts_value(value))
        };
        match &first {
            None => first = Some((r#type, place)),
            Some(earlier) if fits(earlier) => {}
            Some((other, other_place)) => {
                let message =
                    format!("incompatible alternatives `{}` and `{}`", other.present(), r#type.present());
                let diagnostic = Diagnostic::error(codes::FIRST_PRESENT, place, message)
                    .label(format!("this is `{type}`"))
                    .also(other_place, format!("this is `{other}`"));
                found.push(diagnostic);
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::needless_pass_by_value, reason = "tests read better with values written in place")]
mod tests {
    use serde_json::{Value, json};

    use crate::check::testing::{call, check_tasks, input, load, output};

    fn check(options: Value, expect: &[&str]) {
        let text = json!({"first_present": options});
        check_tasks(json!([load(), call("a", "notify", json!({"text": text}))]), expect);
    }

    #[test]
    fn alternatives_are_compatible() {
        check(json!([output("load", "note"), {"constant": "none"}]), &[]);
        check(
            json!([input("path"), {"constant": "none"}]),
            &["KFP0313 tasks/1/kind/call/arguments/text/first_present/0: a `String` is always present, so \
               the fallback is never used"],
        );
        check(
            json!([output("load", "note"), {"concat": []}, input("path")]),
            &["KFP0313 tasks/1/kind/call/arguments/text/first_present/1: a `String` is always present, so \
               the fallback is never used"],
        );
    }
}
