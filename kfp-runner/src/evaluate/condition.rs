//! Evaluation of conditions.

use std::cmp::Ordering;

use kfp_model::{Comparison, Condition, Expression, Operator, Type};
use serde_json::Value;

use super::{EvaluationError, Scope, expression, number, shown};

/// Evaluates a condition. Returns `None` if it needs a value that is absent.
///
/// # Errors
/// Values that are not comparable or not booleans.
pub fn condition(condition: &Condition, scope: &impl Scope) -> Result<Option<bool>, EvaluationError> {
    match condition {
        Condition::Compare(comparison) => compare(comparison, scope),
        Condition::Holds(operand) => match expression(operand, scope)? {
            Some(Value::Bool(result)) => Ok(Some(result)),
            Some(other) => Err(EvaluationError::NotBoolean { value: shown(&other) }),
            None => Ok(None),
        },
        Condition::Present(option) => {
            Ok(Some(expression(option, scope)?.is_some_and(|value| !value.is_null())))
        }
        Condition::And(conditions) => first_equal(conditions, false, scope),
        Condition::Or(conditions) => first_equal(conditions, true, scope),
        Condition::Not(inner) => Ok(self::condition(inner, scope)?.map(|result| !result)),
    }
}

/// Evaluates conditions from left to right until one of them is `decisive` or absent.
fn first_equal(
    conditions: &[Condition],
    decisive: bool,
    scope: &impl Scope,
) -> Result<Option<bool>, EvaluationError> {
    for inner in conditions {
        match condition(inner, scope)? {
            Some(result) if result != decisive => {}
            decided => return Ok(decided),
        }
    }
    Ok(Some(!decisive))
}

fn compare(comparison: &Comparison, scope: &impl Scope) -> Result<Option<bool>, EvaluationError> {
    let operator = comparison.operator;
    let (Some(left), Some(right)) =
        (expression(&comparison.left, scope)?, expression(&comparison.right, scope)?)
    else {
        return Ok(None);
    };
    let result = match (&left, &right) {
        (Value::Number(left), Value::Number(right)) => {
            let is_integer = |side: &Expression| *scope.type_of(side).present() == Type::Integer;
            let exact = is_integer(&comparison.left) && is_integer(&comparison.right);
            number::compare(left, right, exact).map(|order| satisfies(operator, order))
        }
        (Value::String(_), Value::String(_)) | (Value::Bool(_), Value::Bool(_))
            if !operator.needs_order() =>
        {
            Some((left == right) == (operator == Operator::Equal))
        }
        _ => None,
    };
    result.map(Some).ok_or_else(|| EvaluationError::NotComparable {
        left: shown(&left),
        operator: operator.symbol(),
        right: shown(&right),
    })
}

fn satisfies(operator: Operator, order: Ordering) -> bool {
    match operator {
        Operator::Equal => order.is_eq(),
        Operator::NotEqual => order.is_ne(),
        Operator::Less => order.is_lt(),
        Operator::LessOrEqual => order.is_le(),
        Operator::Greater => order.is_gt(),
        Operator::GreaterOrEqual => order.is_ge(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::evaluate::testing::Inputs;

    #[test]
    fn conditions_are_evaluated() {
        let scope = Inputs::of(&json!({"none": null, "one": 1, "yes": true}));
        let input = |name: &str| json!({"reference": {"input": name}});
        let compare = |left: Value, operator: &str, right: Value| json!({"compare": {"left": {"constant": left}, "operator": operator, "right": {"constant": right}}});
        let yes = json!({"holds": input("yes")});
        let no = json!({"not": yes});
        let absent = json!({"holds": input("skipped")});
        for (json, expect) in [
            (compare(json!(1), "equal", json!(1.0)), Some(true)),
            (compare(json!(1), "less", json!(1.5)), Some(true)),
            (
                compare(json!(9_007_199_254_740_993_i64), "equal", json!(9_007_199_254_740_992_i64)),
                Some(false),
            ),
            (compare(json!(2), "greater_or_equal", json!(2)), Some(true)),
            (compare(json!(2), "less_or_equal", json!(1)), Some(false)),
            (compare(json!(2), "greater", json!(1)), Some(true)),
            (compare(json!("a"), "equal", json!("a")), Some(true)),
            (compare(json!("a"), "not_equal", json!("A")), Some(true)),
            (compare(json!(true), "equal", json!(false)), Some(false)),
            (yes.clone(), Some(true)),
            (absent.clone(), None),
            (json!({"present": input("none")}), Some(false)),
            (json!({"present": input("skipped")}), Some(false)),
            (json!({"present": input("one")}), Some(true)),
            (json!({"and": [yes, no]}), Some(false)),
            (json!({"and": []}), Some(true)),
            (json!({"or": [no, yes]}), Some(true)),
            (json!({"or": []}), Some(false)),
            (json!({"and": [no, absent]}), Some(false)),
            (json!({"or": [no, absent]}), None),
        ] {
            let parsed: Condition = serde_json::from_value(json.clone()).unwrap();
            assert_eq!(condition(&parsed, &scope).unwrap(), expect, "{json}");
        }
    }

    #[test]
    fn numbers_compare_exactly_unless_a_side_is_a_float() {
        let (large, next) = (9_007_199_254_740_992_i64, 9_007_199_254_740_993_i64);
        // The type of a field of an `any` value is unknown.
        let field = json!({"field": {"of": {"constant": {"a": large}}, "name": "a"}});
        for (left, right) in [(field.clone(), json!({"constant": next})), (json!({"constant": next}), field)]
        {
            let json = json!({"compare": {"left": left, "operator": "equal", "right": right}});
            let parsed: Condition = serde_json::from_value(json.clone()).unwrap();
            assert_eq!(condition(&parsed, &Inputs::of(&json!({}))).unwrap(), Some(true), "{json}");
        }
    }

    #[test]
    fn values_without_an_order_are_refused() {
        for (left, right) in [(json!("1"), json!(1)), (json!(null), json!(1)), (json!("a"), json!("b"))] {
            let json = json!({"compare": {"left": {"constant": left}, "operator": "less", "right": {"constant": right}}});
            let parsed: Condition = serde_json::from_value(json.clone()).unwrap();
            assert!(condition(&parsed, &Inputs::of(&json!({}))).is_err(), "{json}");
        }
    }
}
