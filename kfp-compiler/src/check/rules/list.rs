//! The items of a list expression are all artifacts or all plain values.

use kfp_diag::{Diagnostic, codes};
use kfp_model::{Expression, Type};

use crate::check::ctx::Ctx;
use crate::check::sites::{for_each_part, parts};

pub(super) fn check(ctx: &Ctx<'_>, found: &mut Vec<Diagnostic>) {
    for site in &ctx.sites.expressions {
        for_each_part(site.expression, &site.place, &mut |part, place| {
            if !matches!(part, Expression::List(_)) {
                return;
            }
            let items = parts(part, place);
            let mut types = items.iter().map(|(item, place)| (ctx.inference().expression(item), place));
            // A list may mix plain values of any type, because they are JSON, but not plain values and artifacts.
            let Some((Some(first), first_place)) = types.next() else { return };
            for (other, place) in types {
                let Some(other) = other else { continue };
                if artifact_name(&first).is_some() != artifact_name(&other).is_some() {
                    let message = format!("cannot mix `{first}` and `{other}` in one list");
                    let diagnostic = Diagnostic::error(codes::MIXED_LIST, place, message);
                    let diagnostic = diagnostic.label(format!("this is `{other}`"));
                    found.push(diagnostic.also(first_place, format!("this is `{first}`")));
                    return;
                }
            }
        });
    }
}

fn artifact_name(r#type: &Type) -> Option<&str> {
    r#type.artifact().map(|artifact| artifact.name.as_str())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::check::testing::{check_tasks, load, output, repeat};

    #[test]
    fn artifacts_and_plain_values_are_not_mixed() {
        let items = json!({"list": [output("load", "table"), output("load", "rows")]});
        let mut inner = load();
        inner["id"] = json!("each.load");
        check_tasks(
            json!([load(), repeat("each", items, json!({"tasks": [inner]}))]),
            &["KFP0314 tasks/1/kind/loop/items/list/1: cannot mix `Dataset` and `i64` in one list"],
        );
    }
}
