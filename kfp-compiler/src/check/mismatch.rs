//! Finds the parts of an expression that do not match a declared type.

use indexmap::IndexMap;
use kfp_model::{Expression, Place, StructType, Type};
use serde_json::Value;

use super::infer::Inference;
use super::sites::parts;

/// A part of an expression that does not match its declared type.
#[derive(Debug)]
pub(super) struct Mismatch<'e> {
    pub(super) place: Place,
    pub(super) expected: Type,
    pub(super) actual: Actual<'e>,
}

/// What an expression is instead of the declared type.
#[derive(Debug)]
pub(super) enum Actual<'e> {
    Constant(&'e Value),
    Type(Type),
    /// A struct that lacks this required field.
    MissingField(String),
    /// A struct with this unknown field.
    UnknownField(String),
}

/// Returns the parts of the expression that do not match the type. Parts of unknown type are left out, because other
/// rules report the cause.
pub(super) fn mismatches<'e>(
    inference: Inference<'_, '_>,
    expected: &Type,
    expression: &'e Expression,
    place: &Place,
) -> Vec<Mismatch<'e>> {
    let mut found = Vec::new();
    descend(inference, expected, expression, place, &mut found);
    found
}

fn descend<'e>(
    inference: Inference<'_, '_>,
    expected: &Type,
    expression: &'e Expression,
    place: &Place,
    found: &mut Vec<Mismatch<'e>>,
) {
    let mut report =
        |actual| found.push(Mismatch { place: place.clone(), expected: expected.clone(), actual });
    match (expression, expected.present()) {
        (Expression::Constant(value), _) => {
            if !expected.accepts_value(value) {
                report(Actual::Constant(value));
            }
        }
        (Expression::List(_), Type::List(element)) | (Expression::Struct(_), Type::Map(element)) => {
            for (part, place) in parts(expression, place) {
                descend(inference, element, part, &place, found);
            }
        }
        (Expression::Struct(fields), Type::Struct(structure)) => {
            field_mismatches(structure, fields).into_iter().for_each(&mut report);
            for ((value, place), name) in parts(expression, place).into_iter().zip(fields.keys()) {
                if let Some(field) = structure.fields.get(name) {
                    descend(inference, &field.r#type, value, &place, found);
                }
            }
        }
        (Expression::FirstPresent(options), _) => {
            let last = options.len().saturating_sub(1);
            for (idx, (option, place)) in parts(expression, place).into_iter().enumerate() {
                // All but the last may be absent.
                let expected = if idx < last { expected.clone().option() } else { expected.clone() };
                descend(inference, &expected, option, &place, found);
            }
        }
        (
            Expression::Reference(_)
            | Expression::Field(_)
            | Expression::Concat(_)
            | Expression::List(_)
            | Expression::Struct(_),
            _,
        ) => {
            if let Some(actual) = inference.expression(expression)
                && !expected.accepts(&actual)
            {
                report(Actual::Type(actual));
            }
        }
    }
}

/// Returns the missing and unknown fields of a struct expression.
fn field_mismatches<'e>(structure: &StructType, actual: &IndexMap<String, Expression>) -> Vec<Actual<'e>> {
    let missing = structure
        .fields
        .iter()
        .filter(|(name, field)| !field.r#type.is_option() && !actual.contains_key(*name))
        .map(|(name, _)| Actual::MissingField(name.clone()));
    let unknown =
        actual.keys().filter(|name| !structure.fields.contains_key(*name)).cloned().map(Actual::UnknownField);
    missing.chain(unknown).collect()
}
