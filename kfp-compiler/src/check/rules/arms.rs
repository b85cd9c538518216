//! A branch has arms, and all its arms yield the same names with compatible types.

use kfp_diag::{Diagnostic, codes};
use kfp_model::{Branch, Place, Region, TaskKind, Type};

use crate::check::ctx::Ctx;
use crate::check::infer::common;
use crate::check::scope::Entry;

pub(super) fn check(ctx: &Ctx<'_>, found: &mut Vec<Diagnostic>) {
    for entry in ctx.scopes.entries.values() {
        let TaskKind::Branch(branch) = &entry.task.kind else { continue };
        if branch.arms.is_empty() {
            let message = format!("branch `{}` has no arms", entry.task.name);
            found.push(
                Diagnostic::error(codes::NO_ARM, &entry.place, message).label("expected at least one arm"),
            );
            continue;
        }
        let regions = regions(branch, &entry.place.key("kind").key("branch"));
        names(entry, &regions, found);
        types(ctx, entry, &regions, found);
    }
}

/// A region of a branch with its name and place.
type Alternative<'a> = (String, &'a Region, Place);

fn regions<'a>(branch: &'a Branch, place: &Place) -> Vec<Alternative<'a>> {
    let arms = branch.arms.iter().enumerate().map(|(idx, arm)| {
        (format!("arm `{}`", arm.name), &arm.region, place.key("arms").index(idx).key("region"))
    });
    let otherwise = branch
        .otherwise
        .iter()
        .map(|region| ("the `otherwise` arm".to_owned(), region, place.key("otherwise")));
    arms.chain(otherwise).collect()
}

fn names(entry: &Entry<'_>, regions: &[Alternative<'_>], found: &mut Vec<Diagnostic>) {
    let Some(((first_name, first, first_place), others)) = regions.split_first() else { return };
    for (name, region, place) in others {
        for missing in first.yields.keys().filter(|key| !region.yields.contains_key(*key)) {
            let message = format!("{name} of branch `{}` does not yield `{missing}`", entry.task.name);
            let diagnostic = Diagnostic::error(codes::ARM_YIELDS, place, message);
            let other = first_place.key("yields").key(missing);
            found.push(
                diagnostic.label("not yielded here").also(&other, format!("{first_name} yields it here")),
            );
        }
        for extra in region.yields.keys().filter(|key| !first.yields.contains_key(*key)) {
            let message = format!("{first_name} of branch `{}` does not yield `{extra}`", entry.task.name);
            let diagnostic = Diagnostic::error(codes::ARM_YIELDS, first_place, message);
            let other = place.key("yields").key(extra);
            found.push(diagnostic.label("not yielded here").also(&other, format!("{name} yields it here")));
        }
    }
}

fn types(ctx: &Ctx<'_>, entry: &Entry<'_>, regions: &[Alternative<'_>], found: &mut Vec<Diagnostic>) {
    let Some((_, first, _)) = regions.first() else { return };
    for name in first.yields.keys() {
        let typed = |(_, region, place): &Alternative<'_>| {
            let r#type = ctx.inference().expression(region.yields.get(name)?)?;
            Some((r#type, place.key("yields").key(name)))
        };
        let typed: Vec<(Type, Place)> = regions.iter().filter_map(typed).collect();
        let Some((first, first_place)) = typed.first() else { continue };
        for (other, place) in &typed[1..] {
            let together = common([first.clone(), other.clone()]);
            let plain = |r#type: &Type| *r#type.present() == Type::Any;
            if plain(&together) && !plain(first) && !plain(other) {
                let message =
                    format!("branch `{}` yields `{name}` as `{first}` and as `{other}`", entry.task.name);
                let diagnostic = Diagnostic::error(codes::ARM_TYPES, place, message);
                let diagnostic = diagnostic.label(format!("`{name}` is `{other}` here"));
                found.push(diagnostic.also(first_place, format!("`{name}` is `{first}` here")));
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::needless_pass_by_value, reason = "tests read better with values written in place")]
mod tests {
    use serde_json::{Value, json};

    use crate::check::testing::{branch, check_tasks, input, some_condition};

    fn check(yes: Value, otherwise: Value, expect: &[&str]) {
        let branch =
            branch("b", some_condition(), json!({"yields": yes}), Some(json!({"yields": otherwise})));
        check_tasks(json!([branch]), expect);
    }

    #[test]
    fn arms_yield_the_same_values() {
        check(json!({"x": input("count")}), json!({"x": {"constant": 0.5}}), &[]);
        check(
            json!({"x": input("count"), "y": input("count")}),
            json!({"x": input("count"), "z": input("count")}),
            &[
                "KFP0408 tasks/0/kind/branch/arms/0/region: arm `b-yes` of branch `b` does not yield `z`",
                "KFP0408 tasks/0/kind/branch/otherwise: the `otherwise` arm of branch `b` does not yield `y`",
            ],
        );
        check(
            json!({"x": input("count")}),
            json!({"x": input("path")}),
            &[
                "KFP0409 tasks/0/kind/branch/otherwise/yields/x: branch `b` yields `x` as `i64` and as `String`",
            ],
        );
    }

    #[test]
    fn a_branch_has_an_arm() {
        check_tasks(
            json!([{"id": "b", "name": "b", "kind": {"branch": {"arms": []}}}]),
            &["KFP0410 tasks/0: branch `b` has no arms"],
        );
    }
}
