//! Which types a pipeline can carry.

use kfp_model::Type;

use crate::notes::Raw;
use crate::runtime::Param;

/// A type that travels between tasks: a parameter or an artifact.
///
/// It is implemented for the types that the message below names and by `#[derive(Param)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no type that a pipeline can carry",
    label = "neither a parameter nor an artifact",
    note = "parameters are `String`, `bool`, `i32`, `i64`, `u32`, `f32`, `f64`, `Secret`, `serde_json::Value`, \
            `Vec<T>`, `BTreeMap<String, T>`, `Option<T>`, and structs and enums with `#[derive(Param)]`",
    note = "artifacts are `Dataset`, `Model`, `Metrics`, `ClassificationMetrics`, `Html`, `Markdown` and \
            `Artifact`"
)]
pub trait Value: 'static {
    /// The fields that a handle of the type has, as methods that give handles.
    type Fields: Copy + From<Raw>;
    /// The type with absence: `Option<Self>`, or `Self` where it is an option already.
    type Optional: Value;
    /// The type without absence: `T` where it is `Option<T>`, else `Self`.
    type Present: Value;

    /// The type in the pipeline document.
    fn value_type() -> Type;
}

/// A parameter that a step returns by itself, rather than as a field of a struct with `#[derive(Outputs)]`.
///
/// `#[derive(Param)]` implements it. It is a trait of its own so that a type that is none of this is one error.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no parameter",
    label = "not a parameter",
    note = "parameters are `String`, `bool`, `i32`, `i64`, `u32`, `f32`, `f64`, `serde_json::Value`, `Vec<T>`, \
            `BTreeMap<String, T>`, `Option<T>`, and structs and enums with `#[derive(Param)]`"
)]
pub trait ReturnValue: Param + Value {}

/// `Option<T>`, or `T` where it is an option already.
pub type Optional<T> = <T as Value>::Optional;

/// What a handle has whose value has no fields.
#[derive(Clone, Copy)]
pub struct NoFields;

impl From<Raw> for NoFields {
    fn from(_: Raw) -> Self {
        Self
    }
}
