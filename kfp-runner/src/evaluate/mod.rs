//! The evaluator: computes expressions and conditions from the values of a scope.
//!
//! A value is *absent* if the task that produces it was skipped. Absence is not `null`: a task that needs an absent
//! value is skipped as well, unless an option accepts it. This module runs nothing and has no access to the store.
//!
//! It is public so that tests can compare backends with it.

mod condition;
mod expression;
mod number;

pub use condition::condition;
pub use expression::{expression, items};
pub(crate) use number::with_floats;

use kfp_model::{Expression, Reference, Type};
use serde_json::Value;

/// Resolves references and types for the evaluator.
pub trait Scope {
    /// Returns the value of a reference, or `None` if it is absent.
    fn value(&self, reference: &Reference) -> Option<Value>;

    /// Returns the type of an expression, which decides how numbers are compared: a float may be written as an integer.
    fn type_of(&self, expression: &Expression) -> Type;
}

/// Why an expression has no value, although everything that it refers to is present.
///
/// In checked pipelines, this happens only with maps and values of type `serde_json::Value`.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EvaluationError {
    /// A field that the value does not have.
    #[error("unknown field `{name}` of {value}")]
    NoField {
        /// The name of the field.
        name: String,
        /// The value, as shown in messages.
        value: String,
    },
    /// Two values that cannot be compared.
    #[error("cannot compare {left} {operator} {right}")]
    NotComparable {
        /// The left operand, as shown in messages.
        left: String,
        /// The operator between the operands.
        operator: &'static str,
        /// The right operand, as shown in messages.
        right: String,
    },
    /// The value of a condition is not a boolean.
    #[error("expected `true` or `false`, found {value}")]
    NotBoolean {
        /// The value, as shown in messages.
        value: String,
    },
}

/// Formats a value for messages; long values are truncated.
pub(crate) fn shown(value: &Value) -> String {
    shown_text(&value.to_string())
}

/// Puts a string in backticks for messages; long texts are truncated.
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

        /// Returns the type that a number is written as, and `any` for fields.
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
