//! Evaluation of expressions.

use indexmap::IndexMap;
use kfp_model::{ConcatPart, Expression, FieldAccess, Type, value};
use serde_json::{Map, Value};

use super::{EvaluationError, Scope, shown, with_floats};

/// Evaluates an expression. Returns `None` if it needs a value that is absent.
///
/// # Errors
/// A field that the value does not have.
pub fn expression(expression: &Expression, scope: &impl Scope) -> Result<Option<Value>, EvaluationError> {
    match expression {
        Expression::Constant(value) => Ok(Some(value.clone())),
        Expression::Reference(reference) => Ok(scope.value(reference)),
        Expression::Field(access) => {
            let value = field(access, scope)?;
            let is_float = *scope.type_of(expression).present() == Type::Float;
            // A float may be written as an integer with more digits than a float can have.
            let float = value.as_ref().filter(|_| is_float).and_then(Value::as_f64);
            Ok(float.map(Value::from).or(value))
        }
        Expression::List(items) => list(items, scope),
        Expression::Struct(fields) => structure(fields, scope),
        Expression::Concat(parts) => text(parts, scope),
        Expression::FirstPresent(options) => first_present(options, scope),
    }
}

/// Evaluates the list of a loop, with floats as items if the list has items of type float.
///
/// # Errors
/// A field that the value does not have.
pub fn items(list: &Expression, scope: &impl Scope) -> Result<Option<Value>, EvaluationError> {
    Ok(expression(list, scope)?.map(|items| with_floats(items, &scope.type_of(list))))
}

fn field(access: &FieldAccess, scope: &impl Scope) -> Result<Option<Value>, EvaluationError> {
    let Some(of) = expression(&access.of, scope)? else { return Ok(None) };
    match of.get(&access.name) {
        Some(value) => Ok(Some(value.clone())),
        // A struct may omit a field that is an option.
        None if of.is_object() => Ok(Some(Value::Null)),
        None => Err(EvaluationError::NoField { name: access.name.clone(), value: shown(&of) }),
    }
}

fn list(items: &[Expression], scope: &impl Scope) -> Result<Option<Value>, EvaluationError> {
    let items: Option<Vec<Value>> =
        items.iter().map(|item| expression(item, scope)).collect::<Result<_, _>>()?;
    Ok(items.map(Value::Array))
}

fn structure(
    fields: &IndexMap<String, Expression>,
    scope: &impl Scope,
) -> Result<Option<Value>, EvaluationError> {
    let mut object = Map::new();
    for (name, field) in fields {
        let Some(value) = expression(field, scope)? else { return Ok(None) };
        object.insert(name.clone(), value);
    }
    Ok(Some(Value::Object(object)))
}

fn text(parts: &[ConcatPart], scope: &impl Scope) -> Result<Option<Value>, EvaluationError> {
    let mut text = String::new();
    for part in parts {
        match part {
            ConcatPart::Literal(literal) => text.push_str(literal),
            ConcatPart::Value(part) => match expression(part, scope)? {
                Some(Value::String(string)) => text.push_str(&string),
                Some(other) => text.push_str(&value::encode(&other)),
                None => return Ok(None),
            },
        }
    }
    Ok(Some(Value::String(text)))
}

/// Returns the first value that is present and not `null`, else the value of the last expression.
fn first_present(options: &[Expression], scope: &impl Scope) -> Result<Option<Value>, EvaluationError> {
    let mut last = None;
    for option in options {
        last = expression(option, scope)?;
        if last.as_ref().is_some_and(|value| !value.is_null()) {
            break;
        }
    }
    Ok(last)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::evaluate::testing::Inputs;

    #[test]
    fn every_kind_of_expression_is_evaluated() {
        let scope = Inputs::of(&json!({
            "name": "a$b", "none": null, "million": 1_000_000, "tenth": 0.1, "whole": 1.0, "yes": true,
            "trial": {"rate": 0.5}, "large": 1e21,
        }));
        let input = |name: &str| json!({"reference": {"input": name}});
        let text = |name: &str| json!({"concat": [{"literal": "lr-"}, {"value": input(name)}]});
        let first = |names: &[&str]| json!({"first_present": names.iter().map(|name| input(name)).collect::<Vec<_>>()});
        for (expression_json, expect) in [
            (json!({"constant": [1, null]}), Some(json!([1, null]))),
            (input("name"), Some(json!("a$b"))),
            (input("skipped"), None),
            (text("name"), Some(json!("lr-a$b"))),
            (text("million"), Some(json!("lr-1000000"))),
            (text("tenth"), Some(json!("lr-0.1"))),
            (text("whole"), Some(json!("lr-1"))),
            (text("large"), Some(json!("lr-1e+21"))),
            (text("yes"), Some(json!("lr-true"))),
            (text("skipped"), None),
            (json!({"field": {"of": input("trial"), "name": "rate"}}), Some(json!(0.5))),
            (json!({"field": {"of": input("trial"), "name": "note"}}), Some(json!(null))),
            (json!({"field": {"of": input("skipped"), "name": "rate"}}), None),
            (json!({"list": [input("tenth"), input("yes")]}), Some(json!([0.1, true]))),
            (json!({"list": [input("tenth"), input("skipped")]}), None),
            (json!({"struct": {"lr": input("tenth")}}), Some(json!({"lr": 0.1}))),
            (first(&["none", "tenth", "million"]), Some(json!(0.1))),
            (first(&["skipped", "tenth"]), Some(json!(0.1))),
            (first(&["skipped", "none"]), Some(json!(null))),
            (first(&["none", "skipped"]), None),
        ] {
            let parsed: Expression = serde_json::from_value(expression_json.clone()).unwrap();
            assert_eq!(expression(&parsed, &scope).unwrap(), expect, "{expression_json}");
        }
    }

    #[test]
    fn an_unknown_field_is_reported() {
        let parsed: Expression =
            serde_json::from_value(json!({"field": {"of": {"constant": 1}, "name": "rate"}})).unwrap();
        let error = expression(&parsed, &Inputs::of(&json!({}))).unwrap_err();
        assert_eq!(error.to_string(), "unknown field `rate` of `1`");
    }
}
