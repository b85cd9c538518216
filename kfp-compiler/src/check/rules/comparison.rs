//! Comparisons have operands that can be compared: numbers, or strings or booleans for equality.

use kfp_diag::{Diagnostic, codes};
use kfp_model::{Comparison, Condition, Expression, Place, Type};

use super::phrases::{article, nearest_variant, option_help};
use crate::check::ctx::Ctx;
use crate::check::sites::{for_each_condition, operands};

/// The kinds of values that can be compared with each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    String,
    Boolean,
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
        // Other rules report secrets and operands of unknown type.
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

/// Checks one operand by itself.
fn side(expression: &Expression, r#type: &Type, place: &Place) -> Option<Diagnostic> {
    if r#type.is_option() && !matches!(expression, Expression::Constant(_)) {
        let message = format!("cannot compare an `{type}`, which may be absent");
        let diagnostic = Diagnostic::error(codes::OPTION_UNHANDLED, place, message)
            .label(format!("this is `{type}`"))
            .help(option_help(r#type));
        return Some(diagnostic.help("use `.is_some()` to test whether it is present"));
    }
    if kind(r#type).is_some() {
        return None;
    }
    let message = format!("cannot compare {} `{type}`", article(r#type));
    let message = if matches!(expression, Expression::Constant(_)) {
        "only numbers, strings and booleans can be compared".to_owned()
    } else {
        message
    };
    Some(Diagnostic::error(codes::COMPARISON, place, message).label(format!("this is `{type}`")))
}

/// Checks that the two operands fit together.
fn pair(comparison: &Comparison, left: (&Type, &Place), right: (&Type, &Place)) -> Option<Diagnostic> {
    let ((left, left_place), (right, right_place)) = (left, right);
    let symbol = comparison.operator.symbol();
    let message = if kind(left) != kind(right) {
        format!("cannot compare {} `{left}` with {} `{right}`", article(left), article(right))
    } else if comparison.operator.needs_order() && kind(left) != Some(Kind::Number) {
        format!("cannot order `{left}` values with `{symbol}`")
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

/// Reports a constant that is compared with an enum but is not one of its variants, so that it is never equal.
/// Constant strings also have enum types, but inferred ones, which are ignored here.
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
    let message = format!("`{text}` is not a variant of `{}`, expected one of {allowed}", choice.name);
    let diagnostic = Diagnostic::error(codes::UNKNOWN_VARIANT, other, message);
    Some(nearest_variant(diagnostic, text, &choice.variants))
}

fn kind(r#type: &Type) -> Option<Kind> {
    match r#type {
        Type::Integer | Type::Float => Some(Kind::Number),
        Type::String | Type::Enum(_) => Some(Kind::String),
        Type::Boolean => Some(Kind::Boolean),
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
    fn operands_have_comparable_types() {
        check(output("load", "rows"), "greater", input("threshold"), &[]);
        check(input("path"), "not_equal", input("mode"), &[]);
        check(input("mode"), "equal", json!({"constant": "exact"}), &[]);
        check(
            input("count"),
            "equal",
            input("path"),
            &["KFP0305 /left: cannot compare an `i64` with a `String`"],
        );
        check(
            input("path"),
            "less",
            json!({"constant": "b"}),
            &["KFP0305 /left: cannot order `String` values with `<`"],
        );
        check(
            output("load", "table"),
            "equal",
            json!({"constant": [1]}),
            &[
                "KFP0305 /left: cannot compare a `Dataset`",
                "KFP0305 /right: only numbers, strings and booleans can be compared",
            ],
        );
        check(
            input("limit"),
            "less",
            json!({"constant": 1}),
            &["KFP0307 /left: cannot compare an `Option<i64>`, which may be absent"],
        );
        check(
            input("mode"),
            "equal",
            json!({"constant": "fats"}),
            &["KFP0304 /right: `fats` is not a variant of `Mode`, expected one of `fast` and `exact`"],
        );
        check(
            json!({"constant": "fast"}),
            "equal",
            json!({"constant": "fats"}),
            &["KFP0417 tasks/1/kind/branch/arms/0/condition: the condition has the same value in every run"],
        );
    }
}
