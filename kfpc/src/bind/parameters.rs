//! The parameters of a signature.

use super::constants::constant;
use super::names::identifier;
use super::refusal::Refusal;
use super::types::{Enums, RustType};
use crate::python::Argument;

/// A parameter of a signature.
pub(super) struct Parameter {
    pub(super) name: String,
    pub(super) r#type: RustType,
    /// The constant of `#[default(..)]`.
    pub(super) default: Option<String>,
    pub(super) description: String,
    /// Notes on what could not be translated.
    pub(super) comments: Vec<String>,
}

/// Translates an argument.
pub(super) fn parameter(argument: &Argument, enums: &mut Enums) -> Result<Parameter, Refusal> {
    let name = identifier(&argument.name).map_err(|message| Refusal::new(message, argument.line))?;
    let mut comments = Vec::new();
    let mut r#type = match &argument.r#type {
        None => Err(format!("`{}` has no type annotation in Python", argument.name)),
        Some(annotation) => enums.rust_type(annotation, &argument.name),
    }
    .unwrap_or_else(|reason| {
        comments.push(format!("{reason}."));
        RustType::Json
    });
    let mut default = None;
    match argument.default.as_ref().map(|default| (default.value.as_ref(), &default.source)) {
        None => {}
        Some((Some(serde_json::Value::Null), _)) => r#type = optional(r#type),
        Some((value, source)) => {
            default = value.and_then(|value| constant(&r#type, value));
            if default.is_none() {
                // A step does not pass an absent argument, so Python uses its own default.
                comments
                    .push(format!("the default is that of the Python function: `{}`.", in_one_line(source)));
                r#type = optional(r#type);
            }
        }
    }
    Ok(Parameter { name, r#type, default, description: argument.description.clone(), comments })
}

/// Returns the optional type. Output artifacts cannot be optional.
fn optional(r#type: RustType) -> RustType {
    match r#type {
        output @ RustType::Output(_) => output,
        other => other.option(),
    }
}

pub(super) fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
