//! Traits of the types that a pipeline can carry.

use kfp_model::Type;

use crate::notes::Raw;
use crate::runtime::Param;

/// A type that a pipeline can carry between tasks: a parameter, a secret or an artifact kind.
///
/// `#[derive(Param)]` implements it for your own structs and enums, and [`artifact!`](crate::artifact) for your own
/// artifact kinds.
#[diagnostic::on_unimplemented(
    message = "a pipeline cannot carry values of type `{Self}`",
    label = "neither a parameter type nor an artifact kind",
    note = "parameter types are `String`, `bool`, `i32`, `i64`, `u32`, `f32`, `f64`, `Secret`, `serde_json::Value`, \
            `Vec<T>`, `BTreeMap<String, T>`, `Option<T>`, and structs and enums with `#[derive(Param)]`",
    note = "artifact kinds are `Dataset`, `Model`, `Metrics`, `ClassificationMetrics`, `Html`, `Markdown`, \
            `Artifact`, and those defined with `kfp_sdk::artifact!`"
)]
pub trait Value: 'static {
    /// The type that a handle dereferences to, with a method for each field of a struct.
    type Fields: Copy + From<Raw>;
    /// `Option<Self>`, or `Self` if it is already an option.
    type Optional: Value;
    /// `T` if the type is `Option<T>`, otherwise `Self`.
    type Present: Value;

    /// Returns the type in the pipeline document.
    fn value_type() -> Type;
}

/// A parameter that a step can return directly, rather than as a field of a struct with `#[derive(Outputs)]`.
///
/// `#[derive(Param)]` implements it. A separate trait makes rustc report an unsupported type once.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a parameter type",
    label = "not a parameter type",
    note = "parameter types are `String`, `bool`, `i32`, `i64`, `u32`, `f32`, `f64`, `serde_json::Value`, `Vec<T>`, \
            `BTreeMap<String, T>`, `Option<T>`, and structs and enums with `#[derive(Param)]`"
)]
pub trait ReturnValue: Param + Value {}

/// `Option<T>`, or `T` if it is already an option.
pub type Optional<T> = <T as Value>::Optional;

/// The fields of a handle whose value has none.
#[derive(Clone, Copy)]
pub struct NoFields;

impl From<Raw> for NoFields {
    fn from(_: Raw) -> Self {
        Self
    }
}
