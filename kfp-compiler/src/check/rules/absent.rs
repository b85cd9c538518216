//! A value that may be absent must be an option or have a fallback when it leaves its region.

use kfp_diag::{Diagnostic, codes};
use kfp_model::{Expression, Place, Reference};

use super::phrases::{named, region};
use crate::check::ctx::Ctx;
use crate::check::needs::missing_of;
use crate::check::sites::{Role, for_each_part};

pub(super) fn check(ctx: &Ctx<'_>, found: &mut Vec<Diagnostic>) {
    if ctx.skips.is_empty() {
        return;
    }
    for site in &ctx.sites.expressions {
        if matches!(site.role, Role::Yield) {
            let is_absent = |reference: &Reference| {
                // If a value from outside is absent, the task that contains the region does not run.
                let is_here = reference
                    .task()
                    .and_then(|task| ctx.scopes.entries.get(task))
                    .is_some_and(|entry| entry.region == site.region);
                is_here && ctx.skips.may_be_absent(ctx.inference(), reference)
            };
            if let Some(Reference::Output(output)) = missing_of(site.expression, &is_absent) {
                let name = site.place.steps().last().unwrap_or_default();
                let leaves = region(ctx.scopes.region(site.region));
                let message = format!("`{name}` may be absent, but {leaves} returns it");
                found.push(report(ctx, output, &site.place, message));
            }
        }
        for_each_part(site.expression, &site.place, &mut |part, place| {
            let Expression::FirstPresent(options) = part else { return };
            let is_absent = |reference: &Reference| ctx.skips.may_be_absent(ctx.inference(), reference);
            if let Some(last) = options.last()
                && let Some(Reference::Output(output)) = missing_of(last, &is_absent)
            {
                let place = place.key("first_present").index(options.len() - 1);
                found.push(report(ctx, output, &place, "the fallback may also be absent".to_owned()));
            }
        });
    }
}

fn report(ctx: &Ctx<'_>, output: &kfp_model::OutputReference, place: &Place, message: String) -> Diagnostic {
    let diagnostic = Diagnostic::error(codes::ABSENT_VALUE, place, message);
    let Some(producer) = ctx.scopes.entries.get(&output.task) else { return diagnostic };
    let producer_name = named(producer.task);
    diagnostic
        .label(format!("absent if {producer_name} is skipped"))
        .also(&producer.place, format!("{producer_name} is skipped if a task that it depends on is skipped"))
        .help("use `.or(value)` to set a fallback, or `.or_none()` to make the value an option")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::check::testing::{branch, call, check_tasks, input, load, output, repeat, some_condition};

    /// A branch without values, and a task that runs after it.
    fn late() -> [Value; 2] {
        let region = json!({"tasks": [call("inside", "notify", json!({"text": {"constant": "x"}}))]});
        let mut late = load();
        late["after"] = json!(["b"]);
        [branch("b", some_condition(), region, None), late]
    }

    fn in_a_loop(value: Value, expect: &[&str]) {
        let [branch, late] = late();
        check_tasks(
            json!([repeat(
                "each",
                input("rates"),
                json!({"tasks": [branch, late], "yields": {"all": value}})
            )]),
            expect,
        );
    }

    #[test]
    fn yielded_values_are_present_or_options() {
        let rows = || output("load", "rows");
        in_a_loop(json!({"first_present": [rows(), {"constant": 0}]}), &[]);
        in_a_loop(json!({"first_present": [rows(), {"constant": null}]}), &[]);
        // The output is an option.
        in_a_loop(output("load", "note"), &[]);
        for value in [rows(), json!({"list": [{"constant": 1}, rows()]})] {
            in_a_loop(
                value,
                &[
                    "KFP0418 tasks/0/kind/loop/body/yields/all: `all` may be absent, but the body of loop `each` returns it",
                ],
            );
        }
    }

    #[test]
    fn a_fallback_is_always_present() {
        let [branch, late] = late();
        let text = json!({"first_present": [output("other", "note"), {"concat": [{"value": output("load", "rows")}]}]});
        let mut other = load();
        other["id"] = "other".into();
        other["name"] = "other".into();
        check_tasks(
            json!([branch, late, other, call("n", "notify", json!({"text": text}))]),
            &["KFP0418 tasks/3/kind/call/arguments/text/first_present/1: the fallback may also be absent"],
        );
    }
}
