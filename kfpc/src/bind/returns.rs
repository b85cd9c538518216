//! Translates the return type of a function.

use super::names::{camel_case, identifier};
use super::refusal::Refusal;
use super::types::{Enums, RustType, artifact_kind};
use crate::python::{Annotation, Field, Function, Structure};

/// The return type of a signature.
pub(super) enum Returned {
    Nothing,
    /// One value.
    Value(RustType),
    /// Several values, as a struct that is defined before the signature.
    Struct(Record),
}

/// A struct with `#[derive(Outputs)]`.
pub(super) struct Record {
    pub(super) name: String,
    pub(super) description: String,
    /// Names, types, and notes on what could not be translated.
    pub(super) fields: Vec<(String, RustType, Option<String>)>,
}

/// Returns the return type, and a note on what could not be translated.
pub(super) fn returned(
    function: &Function,
    structures: &[Structure],
    enums: &mut Enums,
) -> Result<(Returned, Option<String>), Refusal> {
    let Some(annotation) = &function.returns else {
        let comment = "the function has no return annotation, so its return value is ignored.";
        return Ok((Returned::Nothing, Some(comment.to_owned())));
    };
    let name = annotation.name.as_deref().unwrap_or_default();
    if name == "None" || name == "NoReturn" {
        return Ok((Returned::Nothing, None));
    }
    if artifact_kind(name).is_some() || ["Input", "Output"].contains(&name) {
        let message = format!(
            "`{}` returns the artifact `{}`: declare an argument `{}: Output[{}]` instead, and write to its `path`",
            function.name,
            annotation.spelled(),
            if name == "Model" { "model" } else { "artifact" },
            artifact_kind(name).map_or("Artifact", |_| name),
        );
        return Err(Refusal::new(message, function.line));
    }
    if let Some(structure) = structures.iter().rev().find(|structure| structure.name == name) {
        return record(function, enums, &structure.name, &structure.description, &structure.fields);
    }
    if name == "NamedTuple" && !annotation.fields.is_empty() {
        return record(function, enums, "Outputs", "", &annotation.fields);
    }
    let is_tuple = name == "tuple" || name == "Tuple";
    let open = annotation.arguments.iter().any(|part| part.source.as_deref() == Some("..."));
    if is_tuple && annotation.arguments.len() > 1 && !open {
        return record(function, enums, "Outputs", "", &numbered(&annotation.arguments));
    }
    let of = format!("{}_result", function.name);
    Ok(match enums.rust_type(annotation, &of) {
        Ok(r#type) => (Returned::Value(r#type), None),
        Err(reason) => (Returned::Value(RustType::Json), Some(format!("{reason}."))),
    })
}

/// Returns the values of a tuple with numbered names.
fn numbered(types: &[Annotation]) -> Vec<Field> {
    let field = |(idx, r#type): (usize, &Annotation)| Field {
        name: Some(format!("value_{}", idx + 1)),
        r#type: Some(r#type.clone()),
    };
    types.iter().enumerate().map(field).collect()
}

fn record(
    function: &Function,
    enums: &mut Enums,
    name: &str,
    description: &str,
    fields: &[Field],
) -> Result<(Returned, Option<String>), Refusal> {
    let refused = |message: String| Refusal::new(message, function.line);
    let mut translated = Vec::new();
    for field in fields {
        let field_name = field.name.as_deref().ok_or_else(|| {
            refused(format!("the names of the fields that `{}` returns are not constants", function.name))
        })?;
        let identifier = identifier(field_name).map_err(refused)?;
        let (r#type, comment) = match field.r#type.as_ref().map(|of| enums.rust_type(of, field_name)) {
            Some(Ok(r#type)) => (r#type, None),
            Some(Err(reason)) => (RustType::Json, Some(format!("{reason}."))),
            None => (RustType::Json, None),
        };
        translated.push((identifier, r#type, comment));
    }
    if translated.is_empty() {
        return Ok((Returned::Nothing, Some(format!("`{name}` has no fields."))));
    }
    // The names of types in the SDK, of the component and of enums are reserved.
    let mut taken = enums.taken.iter().chain(enums.choices.iter().map(|choice| &choice.name));
    let is_taken = taken.any(|taken| taken == name);
    let name = if is_taken { format!("{}Result", enums.prefix) } else { camel_case(name) };
    let record = Record { name, description: description.to_owned(), fields: translated };
    Ok((Returned::Struct(record), None))
}
