//! Whether an expression gives a value of a declared type, down to the part of it that does not.

use indexmap::IndexMap;
use kfp_model::{Expression, Place, StructType, Type};
use serde_json::Value;

use super::infer::Inference;
use super::sites::parts;

/// A part of an expression that gives something else than what is declared for it.
#[derive(Debug)]
pub(super) struct Misfit<'e> {
    pub(super) place: Place,
    pub(super) expected: Type,
    pub(super) given: Given<'e>,
}

/// What is given instead.
#[derive(Debug)]
pub(super) enum Given<'e> {
    Constant(&'e Value),
    Type(Type),
    /// A struct without this field.
    WithoutField(String),
    /// A struct with this field more.
    WithField(String),
}

/// The parts of the expression that do not fit the type. Parts whose type is not known are left out, as the
/// reason for that is reported elsewhere.
pub(super) fn misfits<'e>(
    inference: Inference<'_, '_>,
    expected: &Type,
    expression: &'e Expression,
    place: &Place,
) -> Vec<Misfit<'e>> {
    let mut found = Vec::new();
    descend(inference, expected, expression, place, &mut found);
    found
}

fn descend<'e>(
    inference: Inference<'_, '_>,
    expected: &Type,
    expression: &'e Expression,
    place: &Place,
    found: &mut Vec<Misfit<'e>>,
) {
    let mut misfit = |given| found.push(Misfit { place: place.clone(), expected: expected.clone(), given });
    match (expression, expected.present()) {
        (Expression::Constant(value), _) => {
            if !expected.accepts_value(value) {
                misfit(Given::Constant(value));
            }
        }
        (Expression::List(_), Type::List(element)) | (Expression::Struct(_), Type::Map(element)) => {
            for (part, place) in parts(expression, place) {
                descend(inference, element, part, &place, found);
            }
        }
        (Expression::Struct(fields), Type::Struct(structure)) => {
            fields_misfit(structure, fields).into_iter().for_each(&mut misfit);
            for ((value, place), name) in parts(expression, place).into_iter().zip(fields.keys()) {
                if let Some(field) = structure.fields.get(name) {
                    descend(inference, &field.r#type, value, &place, found);
                }
            }
        }
        (Expression::FirstPresent(options), _) => {
            let last = options.len().saturating_sub(1);
            for (idx, (option, place)) in parts(expression, place).into_iter().enumerate() {
                // All but the last may be absent, which is what the last one is for.
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
            if let Some(given) = inference.expression(expression)
                && !expected.accepts(&given)
            {
                misfit(Given::Type(given));
            }
        }
    }
}

/// Fields that are missing or too many.
fn fields_misfit<'e>(structure: &StructType, given: &IndexMap<String, Expression>) -> Vec<Given<'e>> {
    let missing = structure
        .fields
        .iter()
        .filter(|(name, field)| !field.r#type.is_option() && !given.contains_key(*name))
        .map(|(name, _)| Given::WithoutField(name.clone()));
    let unknown =
        given.keys().filter(|name| !structure.fields.contains_key(*name)).cloned().map(Given::WithField);
    missing.chain(unknown).collect()
}
