//! Conditions depend on the run. A warning: a constant one is a decision that was made already.

use kfp_diag::{Diagnostic, codes};

use crate::check::ctx::Ctx;

pub(super) fn check(ctx: &Ctx<'_>, found: &mut Vec<Diagnostic>) {
    for site in &ctx.sites.conditions {
        let mut depends = false;
        site.condition.for_each_reference(&mut |_| depends = true);
        if !depends {
            let message = "the condition is the same in every run";
            let diagnostic = Diagnostic::warning(codes::CONSTANT_CONDITION, &site.place, message);
            found.push(
                diagnostic
                    .label("names no value of the run")
                    .help("decide while the pipeline is built, with `if`"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::check::testing::{branch, check_tasks, load};

    #[test]
    fn constant_conditions_are_noticed() {
        check_tasks(
            json!([branch("b", json!({"holds": {"constant": true}}), json!({"tasks": [load()]}), None)]),
            &["KFP0417 tasks/0/kind/branch/arms/0/condition: the condition is the same in every run"],
        );
    }
}
