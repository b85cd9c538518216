//! Support for the code that the macros generate. Not public API: it changes without notice.

pub use inventory;
pub use kfp_model::{Document, Rehearsal, Runnable, Signature, StandIn};

pub use crate::builder::{
    AcceleratorMethod, Added, CachingMethod, CpuMethod, EnvironmentMethod, KfpMethods, MemoryMethod,
    NameMethod, NotAdded, RetryMethod, TaskMethods, TimeoutMethod,
};
pub use crate::builder::{
    Call, CallData, ComponentBuilder, ComponentDefinition, Described, Handles, Interface, Outputs, Pipeline,
    PipelineBuilder, PipelineDefinition, Policy, Provided, RegisteredComponent, RegisteredPipeline, Retry,
    Returned, Returns, TaskOutputs, distinct, stand_in, yield_named, yields_of,
};
pub use crate::handle::{
    ComparableWhileBuilding, ComputableWhileBuilding, FormattableWhileBuilding, IterableWhileBuilding,
    KnownCondition, Operand, known_condition,
};
pub use crate::handle::{
    CompareWith, ConcatPart, Expr, Fits, IntoInput, Out, Scalar, StringKind, input, text,
};
pub use crate::notes::{Raw, TaskRef};
pub use crate::program::main;
pub use crate::runtime::{Error, Mismatch, Param, Step};
pub use crate::value::{FieldValue, NoFields, Optional, ReturnValue, Value, artifact_type};
pub use kfp_model::{EnumType, StructField, StructType, Type};
pub use serde_json::Value as Json;

/// Returns the document with one pipeline and the pipelines that it calls.
pub fn definition(definition: &'static PipelineDefinition) -> Document {
    crate::builder::document_of(&[definition])
}

/// Returns what a test needs to run a call of a pipeline.
///
/// # Errors
/// An argument is not a valid constant.
pub fn rehearsal(definition: &'static PipelineDefinition, call: Box<CallData>) -> Result<Rehearsal, String> {
    crate::builder::rehearsal_of(definition, &call)
}

/// Returns the handle of a field.
#[track_caller]
pub fn field<T: Value>(of: Raw, name: &'static str) -> Out<T> {
    Out::field(of, name)
}

/// Returns the handle of a struct built from its field values.
#[track_caller]
pub fn structure<T: Value>(fields: Vec<(&'static str, Expr)>) -> Out<T> {
    Out::from_expr(Expr::structure(fields))
}

/// Returns a handle without its type.
pub fn raw<T: Value>(handle: Out<T>) -> Raw {
    handle.raw()
}

/// Returns the document type of a struct.
pub fn struct_type(name: &str, fields: Vec<(&str, Type, &str)>) -> Type {
    let field = |(name, r#type, description): (&str, Type, &str)| {
        (name.to_owned(), StructField { r#type, description: description.to_owned() })
    };
    Type::Struct(StructType { name: name.to_owned(), fields: fields.into_iter().map(field).collect() })
}

/// Returns the document type of an enum.
pub fn enum_type(name: &str, variants: &[&str]) -> Type {
    let variants = variants.iter().map(|variant| (*variant).to_owned()).collect();
    Type::Enum(EnumType { name: name.to_owned(), variants })
}

/// Checks that the JSON is an object without unknown fields.
///
/// # Errors
/// The JSON is not an object, or has a field that the struct does not have.
pub fn expect_fields(json: &Json, name: &str, fields: &[&str]) -> Result<(), Mismatch> {
    let object = json.as_object().ok_or_else(|| Mismatch::expected(&format!("a `{name}`"), json))?;
    match object.keys().find(|key| !fields.contains(&key.as_str())) {
        Some(unknown) => Err(Mismatch::new(format!("unknown field `{unknown}` of `{name}`"))),
        None => Ok(()),
    }
}

/// Returns a JSON object with the fields.
pub fn object(fields: Vec<(&str, Json)>) -> Json {
    Json::Object(fields.into_iter().map(|(name, json)| (name.to_owned(), json)).collect())
}

/// Returns the index in `variants` of the variant that the JSON names.
///
/// # Errors
/// The JSON is not the name of a variant.
pub fn decode_variant(json: &Json, variants: &[&str]) -> Result<usize, Mismatch> {
    let text = json.as_str();
    variants.iter().position(|variant| Some(*variant) == text).ok_or_else(|| {
        let known: Vec<String> = variants.iter().map(|variant| format!("`{variant}`")).collect();
        Mismatch::expected(&format!("one of {}", known.join(", ")), json)
    })
}
