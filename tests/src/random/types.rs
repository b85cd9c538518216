//! Types of values in random pipelines, and constants of these types, including strings that are easily
//! misinterpreted.

use indexmap::IndexMap;
use kfp_model::{ArtifactType, StructField, StructType, Type};
use serde_json::{Value, json};

use super::Choices;

/// Strings that Argo, the kubelet, YAML, JSON or a shell could misinterpret.
const TEXTS: [&str; 22] = [
    "a",
    "",
    "b c",
    "{{workflow.name}}",
    "{{=1+1}}",
    "}}{{",
    "$(HOME)",
    "$$",
    "=",
    "a=b",
    "it's",
    "say \"no\"",
    "two\nlines",
    "end\n",
    "\\u007b",
    "back\\slash",
    "json:\"x\"",
    "null",
    "true",
    "1e3",
    "Grüße, 世界 🦀",
    "tab\there",
];

/// Prefixes for the names of tasks and arms; a number makes them unique.
const NAMES: [&str; 10] = ["t", "step-", "Train ", "in-", "a/b ", "not", "{{x}} ", "Größe ", "x_", "exit."];

/// Returns a random type for a value of a region, an input or an output.
pub(super) fn any(choices: &mut Choices) -> Type {
    match choices.below(12) {
        0..=2 => Type::Integer,
        3..=5 => Type::String,
        6 => Type::Boolean,
        7 => Type::Float,
        8 => Type::Integer.list(),
        9 => Type::String.list(),
        10 => record(),
        _ => Type::Integer.option(),
    }
}

/// Returns the struct type that the steps of random pipelines use.
pub(super) fn record() -> Type {
    let field =
        |(name, r#type): (&str, Type)| (name.to_owned(), StructField { r#type, description: String::new() });
    let fields = [("number", Type::Integer), ("text", Type::String), ("note", Type::String.option())];
    let fields: IndexMap<String, StructField> = fields.into_iter().map(field).collect();
    Type::Struct(StructType { name: "Record".to_owned(), fields })
}

/// Returns the artifact type that the steps of random pipelines write.
pub(super) fn dataset() -> Type {
    Type::Artifact(ArtifactType { name: "system.Dataset".to_owned(), version: "0.0.1".to_owned() })
}

/// Returns a constant of the type; `None` for artifacts and other types without constants.
pub(super) fn constant(choices: &mut Choices, r#type: &Type) -> Option<Value> {
    Some(match r#type {
        Type::String => json!(choices.pick(&TEXTS)),
        Type::Integer => json!(choices.pick(&[1, 0, 2, 3, -1, 13, 1_000_000, -4_503_599_627_370_497_i64])),
        Type::Float => json!(choices.pick(&[0.5, 0.0, 1.0, -2.25, 0.1, 1e21, 1e-7, 123_456_789.0])),
        Type::Boolean => json!(choices.below(2) == 1),
        Type::Option(inner) => match choices.below(3) {
            0 => Value::Null,
            _ => constant(choices, inner)?,
        },
        // The type of an empty list is unknown.
        Type::List(inner) => {
            let items: Option<Vec<Value>> =
                (0..=choices.below(3)).map(|_| constant(choices, inner)).collect();
            Value::Array(items?)
        }
        Type::Struct(structure) => {
            let fields: Option<serde_json::Map<String, Value>> = structure
                .fields
                .iter()
                .map(|(name, field)| Some((name.clone(), constant(choices, &field.r#type)?)))
                .collect();
            Value::Object(fields?)
        }
        Type::Enum(_) | Type::Any | Type::Secret | Type::Map(_) | Type::Artifact(_) => return None,
    })
}

/// Returns a unique name that ends with the number.
pub(super) fn name(choices: &mut Choices, number: usize) -> String {
    format!("{}{number}", choices.pick(&NAMES))
}
