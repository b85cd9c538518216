//! What the code calls that the macros write. Nothing here is for people; it changes without notice.

pub use inventory;
pub use kfp_model::{Document, Rehearsal, Runnable, Signature, StandIn};

pub use crate::builder::{
    Call, CallData, ComponentBuilder, ComponentDefinition, Described, Given, Handles, Interface, Outputs,
    Pipeline, PipelineBuilder, PipelineDefinition, Policy, RegisteredComponent, RegisteredPipeline, Retry,
    Returned, Returns, TaskOutputs, distinct, stand_in, yield_named, yields_of,
};
pub use crate::handle::{CompareWith, ConcatPart, Expr, Fits, IntoInput, Out, Scalar, Words, input, text};
pub use crate::notes::{Raw, TaskRef};
pub use crate::program::main;
pub use crate::runtime::{Error, Mismatch, Param, Step};
pub use crate::value::{NoFields, Optional, ReturnValue, Value, artifact_type};
pub use kfp_model::{EnumType, StructField, StructType, Type};
pub use serde_json::Value as Json;

/// The document of one pipeline and of those that it calls.
pub fn definition(definition: &'static PipelineDefinition) -> Document {
    crate::builder::document_of(&[definition])
}

/// All that it takes to run a call of a pipeline in a test.
///
/// # Errors
/// What is wrong with an argument.
pub fn rehearsal(definition: &'static PipelineDefinition, call: Box<CallData>) -> Result<Rehearsal, String> {
    crate::builder::rehearsal_of(definition, &call)
}

/// A handle of a field.
#[track_caller]
pub fn field<T: Value>(of: Raw, name: &'static str) -> Out<T> {
    Out::field(of, name)
}

/// A handle of a struct that is put together of values.
#[track_caller]
pub fn structure<T: Value>(fields: Vec<(&'static str, Expr)>) -> Out<T> {
    Out::from_expr(Expr::structure(fields))
}

/// The handle by itself.
pub fn raw<T: Value>(handle: Out<T>) -> Raw {
    handle.raw()
}

/// The type of a struct.
pub fn struct_type(name: &str, fields: Vec<(&str, Type, &str)>) -> Type {
    let field = |(name, r#type, description): (&str, Type, &str)| {
        (name.to_owned(), StructField { r#type, description: description.to_owned() })
    };
    Type::Struct(StructType { name: name.to_owned(), fields: fields.into_iter().map(field).collect() })
}

/// The type of an enum.
pub fn enum_type(name: &str, variants: &[&str]) -> Type {
    let variants = variants.iter().map(|variant| (*variant).to_owned()).collect();
    Type::Enum(EnumType { name: name.to_owned(), variants })
}

/// Reads a field of a struct; one that is absent is `null`.
///
/// # Errors
/// The field is of another type.
pub fn decode_field<T: Param>(json: &Json, name: &str) -> Result<T, Mismatch> {
    T::decode(json.get(name).unwrap_or(&Json::Null)).map_err(|mismatch| mismatch.at_field(name))
}

/// Refuses what is no object, or has members that a struct does not.
///
/// # Errors
/// It is, or has.
pub fn expect_fields(json: &Json, name: &str, fields: &[&str]) -> Result<(), Mismatch> {
    let object = json.as_object().ok_or_else(|| Mismatch::expected(&format!("a `{name}`"), json))?;
    match object.keys().find(|key| !fields.contains(&key.as_str())) {
        Some(unknown) => Err(Mismatch::new(format!("`{name}` has no field `{unknown}`"))),
        None => Ok(()),
    }
}

/// Writes a field.
///
/// # Errors
/// The value cannot be written as JSON.
pub fn encode_field<T: Param>(name: &'static str, value: &T) -> Result<(&'static str, Json), Mismatch> {
    value.encode().map(|json| (name, json)).map_err(|mismatch| mismatch.at_field(name))
}

/// An object of fields.
pub fn object(fields: Vec<(&str, Json)>) -> Json {
    Json::Object(fields.into_iter().map(|(name, json)| (name.to_owned(), json)).collect())
}

/// The one of `variants` that the JSON names, by its number.
///
/// # Errors
/// It names none.
pub fn decode_variant(json: &Json, variants: &[&str]) -> Result<usize, Mismatch> {
    let text = json.as_str();
    variants.iter().position(|variant| Some(*variant) == text).ok_or_else(|| {
        let known: Vec<String> = variants.iter().map(|variant| format!("`{variant}`")).collect();
        Mismatch::expected(&format!("one of {}", known.join(", ")), json)
    })
}
