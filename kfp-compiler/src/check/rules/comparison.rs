//! Comparisons compare numbers with numbers, and other plain values with their like for equality.

use kfp_diag::{Diagnostic, codes};
use kfp_model::{Comparison, Condition, Expression, Place, Type};

use super::words::{article, nearest_variant, option_help};
use crate::check::ctx::Ctx;
use crate::check::sites::{for_each_condition, operands};

/// Values that can be compared with each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Text,
    Truth,
}

pub(super) fn check(ctx: &Ctx<'_>, found: &mut Vec<Diagnostic>) {
    for site in &ctx.sites.conditions {
        for_each_condition(site.condition, &site.place, &mut |condition, place| {
            if let Condition::Compare(comparison) = condition {
                compare(ctx, condition, comparison, place, found);
            }
        });
    }
}

fn compare(
    ctx: &Ctx<'_>,
    condition: &Condition,
    comparison: &Comparison,
    place: &Place,
    found: &mut Vec<Diagnostic>,
) {
    let mut sides = Vec::new();
    for (expression, place) in operands(condition, place) {
        // A side whose type is not known is reported as what it is, and so are secrets.
        let Some(r#type) = ctx.inference().expression(expression) else { return };
        if *r#type.present() == Type::Secret {
            return;
        }
        sides.push((expression, r#type, place));
    }
    let before = found.len();
    found.extend(sides.iter().filter_map(|(expression, r#type, place)| side(expression, r#type, place)));
    if let ([(_, left, left_place), (_, right, right_place)], true) =
        (sides.as_slice(), before == found.len())
    {
        found.extend(pair(comparison, (left, left_place), (right, right_place)));
    }
}

/// What is wrong with one side alone.
fn side(expression: &Expression, r#type: &Type, place: &Place) -> Option<Diagnostic> {
    if r#type.is_option() && !matches!(expression, Expression::Constant(_)) {
        let message = format!("an `{type}` is compared, which may be absent");
        let diagnostic = Diagnostic::error(codes::OPTION_UNHANDLED, place, message)
            .label(format!("this is `{type}`"))
            .help(option_help(r#type));
        return Some(diagnostic.help("use `.is_some()` to ask whether it is there"));
    }
    if kind(r#type).is_some() {
        return None;
    }
    let message = format!("{} `{type}` cannot be compared", article(r#type));
    let message = if matches!(expression, Expression::Constant(_)) {
        "only numbers, texts and truth values can be compared".to_owned()
    } else {
        message
    };
    Some(Diagnostic::error(codes::COMPARISON, place, message).label(format!("this is `{type}`")))
}

/// What is wrong with the two sides together.
fn pair(comparison: &Comparison, left: (&Type, &Place), right: (&Type, &Place)) -> Option<Diagnostic> {
    let ((left, left_place), (right, right_place)) = (left, right);
    let sign = comparison.operator.sign();
    let message = if kind(left) != kind(right) {
        format!("{} `{left}` is compared with {} `{right}`", article(left), article(right))
    } else if comparison.operator.needs_order() && kind(left) != Some(Kind::Number) {
        format!("`{left}` has no order for `{sign}`")
    } else {
        return unknown_variant(comparison, left, right_place)
            .or_else(|| unknown_variant(comparison, right, left_place));
    };
    let diagnostic = Diagnostic::error(codes::COMPARISON, left_place, message)
        .label(format!("this is `{left}`"))
        .also(right_place, format!("this is `{right}`"));
    let ordered = comparison.operator.needs_order() && kind(left) == kind(right);
    Some(if ordered { diagnostic.help("use `==` or `!=`, or compare numbers") } else { diagnostic })
}

/// A constant that is held against an enum without being one of its texts: never equal. Texts that are constants
/// themselves, alone or out of branches, have types like enums too, but nobody has declared those.
fn unknown_variant(comparison: &Comparison, r#type: &Type, other: &Place) -> Option<Diagnostic> {
    let Type::Enum(choice) = r#type else { return None };
    if choice.name == Type::String.to_string() {
        return None;
    }
    let ((Expression::Constant(value), _) | (_, Expression::Constant(value))) =
        (&comparison.left, &comparison.right)
    else {
        return None;
    };
    let text = value.as_str()?;
    if choice.variants.iter().any(|variant| variant == text) {
        return None;
    }
    let allowed = kfp_diag::spelling::list(&choice.variants);
    let message = format!("`{}` is one of {allowed}, never `{text}`", choice.name);
    let diagnostic = Diagnostic::error(codes::UNKNOWN_VARIANT, other, message);
    Some(nearest_variant(diagnostic, text, &choice.variants))
}

fn kind(r#type: &Type) -> Option<Kind> {
    match r#type {
        Type::Integer | Type::Float => Some(Kind::Number),
        Type::String | Type::Enum(_) => Some(Kind::Text),
        Type::Boolean => Some(Kind::Truth),
        _ => None,
    }
}

#[cfg(test)]
#[expect(clippy::needless_pass_by_value, reason = "tests read better with values written in place")]
mod tests {
    use serde_json::{Value, json};

    use crate::check::testing::{branch, check_tasks, input, load, output};

    fn check(left: Value, operator: &str, right: Value, expect: &[&str]) {
        let condition = json!({"not": {"compare": {"left": left, "operator": operator, "right": right}}});
        let expect: Vec<String> = expect
            .iter()
            .map(|line| line.replacen(" /", " tasks/1/kind/branch/arms/0/condition/not/compare/", 1))
            .collect();
        let expect: Vec<&str> = expect.iter().map(String::as_str).collect();
        check_tasks(json!([load(), branch("b", condition, json!({"tasks": [super_load()]}), None)]), &expect);
    }

    fn super_load() -> Value {
        let mut load = load();
        load["id"] = json!("b.load");
        load
    }

    #[test]
    fn like_is_compared_with_like() {
        check(output("load", "rows"), "greater", input("threshold"), &[]);
        check(input("path"), "not_equal", input("mode"), &[]);
        check(input("mode"), "equal", json!({"constant": "exact"}), &[]);
        check(
            input("count"),
            "equal",
            input("path"),
            &["KFP0305 /left: an `i64` is compared with a `String`"],
        );
        check(
            input("path"),
            "less",
            json!({"constant": "b"}),
            &["KFP0305 /left: `String` has no order for `<`"],
        );
        check(
            output("load", "table"),
            "equal",
            json!({"constant": [1]}),
            &[
                "KFP0305 /left: a `Dataset` cannot be compared",
                "KFP0305 /right: only numbers, texts and truth values can be compared",
            ],
        );
        check(
            input("limit"),
            "less",
            json!({"constant": 1}),
            &["KFP0307 /left: an `Option<i64>` is compared, which may be absent"],
        );
        check(
            input("mode"),
            "equal",
            json!({"constant": "fats"}),
            &["KFP0304 /right: `Mode` is one of `fast` and `exact`, never `fats`"],
        );
        check(
            json!({"constant": "fast"}),
            "equal",
            json!({"constant": "fats"}),
            &["KFP0417 tasks/1/kind/branch/arms/0/condition: the condition is the same in every run"],
        );
    }
}
