//! Comparison of numbers, exact between integers and by float64 otherwise, and conversion to floats.

use std::cmp::Ordering;

use kfp_model::Type;
use serde_json::{Number, Value};

/// Compares two numbers, digit by digit if both are integers and `exact` is set. Returns `None` for NaN, which JSON
/// cannot contain.
pub(crate) fn compare(left: &Number, right: &Number, exact: bool) -> Option<Ordering> {
    match (integer(left), integer(right)) {
        (Some(left), Some(right)) if exact => Some(left.cmp(&right)),
        _ => left.as_f64()?.partial_cmp(&right.as_f64()?),
    }
}

/// Returns the number if it is written as an integer.
fn integer(number: &Number) -> Option<i128> {
    number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from))
}

/// Converts numbers to floats wherever the type is float, so that they have the same digits on every backend.
pub(crate) fn with_floats(value: Value, r#type: &Type) -> Value {
    match (r#type.present(), value) {
        (Type::Float, value) => value.as_f64().map_or(value, Value::from),
        (Type::List(element), Value::Array(items)) => {
            items.into_iter().map(|item| with_floats(item, element)).collect()
        }
        (Type::Map(element), Value::Object(fields)) => {
            fields.into_iter().map(|(name, field)| (name, with_floats(field, element))).collect()
        }
        (Type::Struct(structure), Value::Object(fields)) => fields
            .into_iter()
            .map(|(name, field)| match structure.fields.get(&name) {
                Some(declared) => (name, with_floats(field, &declared.r#type)),
                None => (name, field),
            })
            .collect(),
        (_, value) => value,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn integers_compare_exactly_and_floats_are_rounded() {
        let large = 9_007_199_254_740_993_i64;
        for (left, right, order) in [
            (json!(1), json!(2), Ordering::Less),
            (json!(large), json!(large - 1), Ordering::Greater),
            // A float cannot represent both of these neighbours.
            (json!(large), json!(9_007_199_254_740_992.0), Ordering::Equal),
            (json!(1), json!(1.0), Ordering::Equal),
            (json!(0.1), json!(0.2), Ordering::Less),
            (json!(-0.0), json!(0), Ordering::Equal),
            (json!(i64::MIN), json!(i64::MAX), Ordering::Less),
        ] {
            let (Some(left), Some(right)) = (left.as_number(), right.as_number()) else { panic!("numbers") };
            assert_eq!(compare(left, right, true), Some(order), "{left} and {right}");
        }
    }

    #[test]
    fn floats_that_are_written_as_integers_compare_as_floats() {
        let (left, right) = (json!(9_007_199_254_740_993_i64), json!(9_007_199_254_740_992_i64));
        let (Some(left), Some(right)) = (left.as_number(), right.as_number()) else { panic!("numbers") };
        assert_eq!(compare(left, right, false), Some(Ordering::Equal));
    }
}
