//! Conditions depend on values of the run (a warning).

use kfp_diag::{Diagnostic, codes};

use crate::check::ctx::Ctx;

pub(super) fn check(ctx: &Ctx<'_>, found: &mut Vec<Diagnostic>) {
    for site in &ctx.sites.conditions {
        let mut depends = false;
        site.condition.for_each_reference(&mut |_| depends = true);
        if !depends {
            let message = "the condition has the same value in every run";
            let diagnostic = Diagnostic::warning(codes::CONSTANT_CONDITION, &site.place, message);
            found.push(
                diagnostic
                    .label("does not depend on any value of the run")
                    .help("use a plain `if` when building the pipeline"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::check::testing::{branch, check_tasks, load};

    #[test]
    fn constant_conditions_are_reported() {
        check_tasks(
            json!([branch("b", json!({"holds": {"constant": true}}), json!({"tasks": [load()]}), None)]),
            &["KFP0417 tasks/0/kind/branch/arms/0/condition: the condition has the same value in every run"],
        );
    }
}
