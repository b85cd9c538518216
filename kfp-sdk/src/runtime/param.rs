//! How parameters are read from and written as JSON.

use serde_json::Value as Json;

use super::mismatch::Mismatch;

/// A value that is small enough to travel as JSON: everything but artifacts and secrets.
///
/// Derive it for your own structs and for enums without data. The fields of such a struct are fields of its
/// handles as well:
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
    message = "`{Self}` is no parameter",
    label = "not a parameter",
    note = "parameters are `String`, `bool`, `i32`, `i64`, `u32`, `f32`, `f64`, `serde_json::Value`, `Vec<T>`, \
            `BTreeMap<String, T>`, `Option<T>`, and structs and enums with `#[derive(Param)]`"
)]
pub trait Param: Sized {
    /// Reads a value.
    ///
    /// # Errors
    /// The JSON is no value of the type.
    fn decode(json: &Json) -> Result<Self, Mismatch>;

    /// Writes the value.
    ///
    /// # Errors
    /// The value holds a number that JSON does not have: NaN or an infinity.
    fn encode(&self) -> Result<Json, Mismatch>;
}
