//! Parameters have the same default in Python as in the component (a warning: steps receive that of the component).

use kfp_diag::{Diagnostic, codes};
use serde_json::Value;

use super::facts::{DefaultValue, Facts};
use super::sources::Source;

pub(super) fn check(source: &Source<'_>, facts: &Facts, found: &mut Vec<Diagnostic>) {
    let parameters = facts.step.iter().flat_map(|step| &step.parameters);
    for parameter in parameters {
        let Some(DefaultValue { value: Some(value), source: text, place }) = &parameter.default else {
            continue;
        };
        let declared = source.component.inputs.get(&parameter.name).and_then(|input| input.default.as_ref());
        // `None` usually means that there is no default in Python.
        let Some(declared) = declared.filter(|declared| !value.is_null() && !is_same(declared, value)) else {
            continue;
        };
        let message = format!(
            "the default of `{}` is `{declared}` in `{}`, but `{text}` in `{}`",
            parameter.name, source.component.name, source.file
        );
        let warning = source.warning(codes::PYTHON_DEFAULT, place, message);
        let warning = warning.label(format!("the step receives `{declared}`"));
        found.push(match in_python(declared) {
            Some(literal) => warning.replace(format!("use `{literal}`"), text, &literal),
            None => warning.help("use the same default"),
        });
    }
}

/// Whether the values are equal. Integers are equal to floats with the same value.
fn is_same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left == right || left.as_f64() == right.as_f64(),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| is_same(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(key, left)| right.get(key).is_some_and(|right| is_same(left, right)))
        }
        (left, right) => left == right,
    }
}

/// Returns a scalar as a Python literal.
fn in_python(value: &Value) -> Option<String> {
    match value {
        Value::Bool(true) => Some("True".to_owned()),
        Value::Bool(false) => Some("False".to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) if !text.contains(['"', '\\']) && !text.contains(char::is_control) => {
            Some(format!("\"{text}\""))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_are_compared_by_value() {
        for (left, right, expected) in [
            (json!(1), json!(1.0), true),
            (json!(1), json!(true), false),
            (json!([1, {"a": 2}]), json!([1.0, {"a": 2.0}]), true),
            (json!([1]), json!([1, 2]), false),
            (json!({"a": 1}), json!({"b": 1}), false),
            (json!("1"), json!(1), false),
        ] {
            assert_eq!(is_same(&left, &right), expected, "{left} {right}");
        }
    }
}
