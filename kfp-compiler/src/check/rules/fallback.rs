//! A task that runs even after failures has a fallback for every value that may be missing.

use kfp_diag::{Diagnostic, codes};
use kfp_model::{Expression, Place, Reference, Trigger};

use super::phrases::named;
use crate::check::ctx::Ctx;
use crate::check::sites::{Role, Site, parts};

pub(super) fn check(ctx: &Ctx<'_>, found: &mut Vec<Diagnostic>) {
    for site in &ctx.sites.expressions {
        // The values that the regions of the task yield come from tasks in them.
        let own = !matches!(site.role, Role::Yield);
        if own && site.task.is_some_and(|task| task.trigger == Trigger::AllDone) && !takes_null(ctx, site) {
            report_required(ctx, site, site.expression, &site.place, found);
        }
    }
}

/// Whether the site is an argument for an optional input.
fn takes_null(ctx: &Ctx<'_>, site: &Site<'_>) -> bool {
    let Role::Argument(call, name) = site.role else { return false };
    let input = ctx.callee(call).and_then(|callee| callee.inputs.get(name));
    matches!(site.expression, Expression::Reference(_)) && input.is_some_and(|input| !input.is_required())
}

/// Reports every reference that the expression requires.
fn report_required(
    ctx: &Ctx<'_>,
    site: &Site<'_>,
    expression: &Expression,
    place: &Place,
    found: &mut Vec<Diagnostic>,
) {
    let parts = parts(expression, place);
    // Of several alternatives, only the last one has to be present.
    let needed =
        if matches!(expression, Expression::FirstPresent(_)) { parts.len().saturating_sub(1) } else { 0 };
    for (part, place) in &parts[needed..] {
        report_required(ctx, site, part, place, found);
    }
    let Expression::Reference(Reference::Output(output)) = expression else { return };
    let (Some(task), Some(producer)) = (site.task, ctx.scopes.entries.get(&output.task)) else { return };
    if ctx.inference().expression(expression).is_some_and(|r#type| r#type.is_option()) {
        return;
    }
    let (task, producer_name) = (named(task), named(producer.task));
    let message =
        format!("{task} runs even if {producer_name} fails, but requires its output `{}`", output.output);
    found.push(
        Diagnostic::error(codes::NO_FALLBACK, place, message)
            .label(format!("missing if {producer_name} fails"))
            .also(&producer.place, "produced here")
            .help("use `.or(value)` to set a fallback"),
    );
}

#[cfg(test)]
#[expect(clippy::needless_pass_by_value, reason = "tests read better with values written in place")]
mod tests {
    use serde_json::{Value, json};

    use crate::check::testing::{call, check_tasks, load, output};

    fn check(text: Value, expect: &[&str]) {
        let mut notify = call("n", "notify", json!({"text": text}));
        notify["trigger"] = json!("all_done");
        let train = call("t", "train", json!({"table": output("load", "table")}));
        check_tasks(json!([load(), train, notify]), expect);
    }

    #[test]
    fn values_that_may_be_missing_have_a_fallback() {
        let accuracy = output("t", "accuracy");
        let safe = json!({"first_present": [accuracy.clone(), {"constant": 0.5}]});
        check(json!({"concat": [{"value": safe}]}), &[]);
        check(
            json!({"concat": [{"value": accuracy}]}),
            &[
                "KFP0414 tasks/2/kind/call/arguments/text/concat/0/value: task `n` runs even if task `t` fails, but \
               requires its output `accuracy`",
            ],
        );
    }
}
