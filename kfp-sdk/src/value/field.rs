//! The fields of structs with `#[derive(Param)]` and `#[derive(Outputs)]`.

use kfp_model::Type;
use serde_json::Value as Json;

use super::traits::Value;
use crate::runtime::{Mismatch, Param};

/// A type that a field can have.
///
/// Generated code uses no other trait of a field, so that rustc reports a type that is not a parameter type once.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a parameter type",
    label = "not a parameter type",
    note = "parameter types are `String`, `bool`, `i32`, `i64`, `u32`, `f32`, `f64`, `serde_json::Value`, `Vec<T>`, \
            `BTreeMap<String, T>`, `Option<T>`, and structs and enums with `#[derive(Param)]`"
)]
pub trait FieldValue: Sized {
    /// Returns the type in the pipeline document.
    fn field_type() -> Type;

    /// Reads a field of an object. An absent field is read as `null`.
    ///
    /// # Errors
    /// The value of the field has another type.
    fn decode_field(object: &Json, name: &str) -> Result<Self, Mismatch>;

    /// Returns the name and JSON value of a field.
    ///
    /// # Errors
    /// The value cannot be written as JSON.
    fn encode_field(&self, name: &'static str) -> Result<(&'static str, Json), Mismatch>;
}

#[diagnostic::do_not_recommend]
impl<T: Param + Value> FieldValue for T {
    fn field_type() -> Type {
        T::value_type()
    }

    fn decode_field(object: &Json, name: &str) -> Result<Self, Mismatch> {
        T::decode(object.get(name).unwrap_or(&Json::Null)).map_err(|mismatch| mismatch.at_field(name))
    }

    fn encode_field(&self, name: &'static str) -> Result<(&'static str, Json), Mismatch> {
        self.encode().map(|json| (name, json)).map_err(|mismatch| mismatch.at_field(name))
    }
}
