//! JSON encoding of parameters.

use serde_json::Value as Json;

use super::mismatch::Mismatch;

/// A parameter type: its values are passed between steps as JSON.
///
/// Derive it for structs, and for enums without data. The handle of a struct has a method for each field:
/// ```
/// use kfp_sdk::prelude::*;
///
/// #[derive(Param)]
/// pub struct Trial {
///     pub learning_rate: f64,
///     pub batch_size: i64,
/// }
///
/// fn rate(trial: Out<Trial>) -> Out<f64> {
///     trial.learning_rate()
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a parameter type",
    label = "not a parameter type",
    note = "parameter types are `String`, `bool`, `i32`, `i64`, `u32`, `f32`, `f64`, `serde_json::Value`, `Vec<T>`, \
            `BTreeMap<String, T>`, `Option<T>`, and structs and enums with `#[derive(Param)]`"
)]
pub trait Param: Sized {
    /// Decodes a value.
    ///
    /// # Errors
    /// The JSON does not match the type.
    fn decode(json: &Json) -> Result<Self, Mismatch>;

    /// Encodes the value.
    ///
    /// # Errors
    /// The value contains a number that JSON cannot represent: NaN or an infinity.
    fn encode(&self) -> Result<Json, Mismatch>;
}
