//! The evaluator: computes expressions and conditions from the values of a scope.
//!
//! A value may be *absent*, when the task that makes it was skipped. Absence is not `null`: it makes whatever
//! needs the value skip as well, unless an option takes it. This module runs nothing and knows no store.
//!
//! It can be seen from outside so that backends can be held against it: what they make of a pipeline must mean
//! the same.

mod condition;
mod expression;
mod number;

pub use condition::condition;
pub use expression::{expression, items};
pub(crate) use number::with_floats;

use kfp_model::{Expression, Reference, Type};
use serde_json::Value;

/// Where the values of references come from, and the types that checking found.
pub trait Scope {
    /// The value, or nothing if the task that makes it gave none.
    fn value(&self, reference: &Reference) -> Option<Value>;

    /// The type of the expression, by which numbers are compared: a whole number may be a float.
    fn type_of(&self, expression: &Expression) -> Type;
}

/// Why an expression has no value, although all that it refers to is there.
///
/// Checked pipelines get here only with values of type `serde_json::Value` and with maps.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EvaluationError {
    /// A field that the value does not have.
    #[error("there is no field `{name}` in {value}")]
    NoField {
        /// The field.
        name: String,
        /// The value, as messages show it.
        value: String,
    },
    /// Two values that cannot be compared.
    #[error("{left} {operator} {right} cannot be compared")]
    NotComparable {
        /// The left side, as messages show it.
        left: String,
        /// The sign between the sides.
        operator: &'static str,
        /// The right side, as messages show it.
        right: String,
    },
    /// A condition that is neither true nor false.
    #[error("{value} is neither `true` nor `false`")]
    NoTruth {
        /// What it is instead, as messages show it.
        value: String,
    },
}

/// A value as messages show it, cut where it is long.
pub(crate) fn shown(value: &Value) -> String {
    shown_text(&value.to_string())
}

/// The text in quotes, cut where it is long.
pub(crate) fn shown_text(text: &str) -> String {
    const LIMIT: usize = 80;
    match text.char_indices().nth(LIMIT) {
        Some((end, _)) => format!("`{}…`", &text[..end]),
        None => format!("`{text}`"),
    }
}

#[cfg(test)]
pub(crate) mod testing {
    //! A scope for tests: inputs by name.

    use std::collections::BTreeMap;

    use super::{Expression, Reference, Scope, Type, Value, expression};

    pub(crate) struct Inputs(pub(crate) BTreeMap<String, Value>);

    impl Inputs {
        pub(crate) fn of(value: &Value) -> Self {
            let fields = value.as_object().unwrap();
            Self(fields.iter().map(|(name, value)| (name.clone(), value.clone())).collect())
        }
    }

    impl Scope for Inputs {
        fn value(&self, reference: &Reference) -> Option<Value> {
            match reference {
                Reference::Input(name) => self.0.get(name).cloned(),
                Reference::Output(_) | Reference::Item(_) | Reference::Status(_) | Reference::Guarded(_) => {
                    None
                }
            }
        }

        /// Numbers are of the type that they are written as; nothing is known of fields.
        fn type_of(&self, of: &Expression) -> Type {
            if matches!(of, Expression::Field(_)) {
                return Type::Any;
            }
            match expression(of, self) {
                Ok(Some(Value::Number(number))) if number.is_i64() => Type::Integer,
                _ => Type::Float,
            }
        }
    }
}
