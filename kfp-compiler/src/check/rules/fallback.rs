//! A task that runs after failures has a fallback for every value that may be missing.

use kfp_diag::{Diagnostic, codes};
use kfp_model::{Expression, Place, Reference, Trigger};

use super::words::named;
use crate::check::ctx::Ctx;
use crate::check::sites::{Role, Site, parts};

pub(super) fn check(ctx: &Ctx<'_>, found: &mut Vec<Diagnostic>) {
    for site in &ctx.sites.expressions {
        // What the regions of the task yield is taken from tasks in them.
        let own = !matches!(site.role, Role::Yield);
        if own && site.task.is_some_and(|task| task.trigger == Trigger::AllDone) && !takes_null(ctx, site) {
            certain(ctx, site, site.expression, &site.place, found);
        }
    }
}

/// Whether the site is an argument for an input that may be left out.
fn takes_null(ctx: &Ctx<'_>, site: &Site<'_>) -> bool {
    let Role::Argument(call, name) = site.role else { return false };
    let input = ctx.callee(call).and_then(|callee| callee.inputs.get(name));
    matches!(site.expression, Expression::Reference(_)) && input.is_some_and(|input| !input.is_required())
}

/// Reports every reference that the value of the expression cannot do without.
fn certain(
    ctx: &Ctx<'_>,
    site: &Site<'_>,
    expression: &Expression,
    place: &Place,
    found: &mut Vec<Diagnostic>,
) {
    let parts = parts(expression, place);
    // Of several alternatives only the last one has to be there.
    let needed =
        if matches!(expression, Expression::FirstPresent(_)) { parts.len().saturating_sub(1) } else { 0 };
    for (part, place) in &parts[needed..] {
        certain(ctx, site, part, place, found);
    }
    let Expression::Reference(Reference::Output(output)) = expression else { return };
    let (Some(task), Some(producer)) = (site.task, ctx.scopes.entries.get(&output.task)) else { return };
    if ctx.inference().expression(expression).is_some_and(|r#type| r#type.is_option()) {
        return;
    }
    let (task, maker) = (named(task), named(producer.task));
    let message = format!("{task} runs even if {maker} fails, but needs its output `{}`", output.output);
    found.push(
        Diagnostic::error(codes::NO_FALLBACK, place, message)
            .label("missing after a failure")
            .also(&producer.place, format!("{maker} makes it here"))
            .help("use `.or(value)` to say what holds then"),
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
               needs its output `accuracy`",
            ],
        );
    }
}
