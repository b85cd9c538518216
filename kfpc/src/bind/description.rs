//! The output of `describe.py` for a Python source.

use serde::Deserialize;
use serde_json::{Map, Value};

/// A Python source.
#[derive(Debug, Deserialize)]
pub(super) struct Description {
    /// Why the source could not be parsed.
    #[serde(default)]
    pub(super) error: Option<SyntaxError>,
    /// Its top-level functions.
    #[serde(default)]
    pub(super) functions: Vec<Function>,
    /// Its classes with named fields.
    #[serde(default)]
    pub(super) structures: Vec<Structure>,
}

/// A syntax error in a source.
#[derive(Debug, Deserialize)]
pub(super) struct SyntaxError {
    pub(super) line: Option<u64>,
    pub(super) message: String,
}

/// A function.
#[derive(Debug, Deserialize)]
pub(super) struct Function {
    pub(super) name: String,
    pub(super) line: u64,
    pub(super) description: String,
    pub(super) arguments: Vec<Argument>,
    pub(super) returns: Option<Annotation>,
    /// Why it cannot be a step.
    pub(super) refused: Option<String>,
    /// Whether it has KFP's decorator.
    pub(super) is_component: bool,
    /// The arguments of that decorator.
    pub(super) options: Map<String, Value>,
}

/// An argument of a function.
#[derive(Debug, Deserialize)]
pub(super) struct Argument {
    pub(super) name: String,
    pub(super) line: u64,
    pub(super) r#type: Option<Annotation>,
    pub(super) default: Option<Fallback>,
    pub(super) description: String,
}

/// The default of an argument.
#[derive(Debug, Deserialize)]
pub(super) struct Fallback {
    /// The value, if it is a constant that JSON can represent.
    #[serde(default, deserialize_with = "present")]
    pub(super) value: Option<Value>,
    pub(super) source: String,
}

/// A type.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Annotation {
    /// The last component of the name before the brackets.
    #[serde(default)]
    pub(super) name: Option<String>,
    /// The types in the brackets.
    #[serde(default)]
    pub(super) arguments: Vec<Annotation>,
    /// The values in the brackets of `Literal`.
    #[serde(default)]
    pub(super) literals: Vec<Value>,
    /// The fields of a `NamedTuple(..)` instead of a name.
    #[serde(default)]
    pub(super) fields: Vec<Field>,
    /// The source text, if it is not a type.
    #[serde(default)]
    pub(super) source: Option<String>,
}

/// A class with named fields.
#[derive(Debug, Deserialize)]
pub(super) struct Structure {
    pub(super) name: String,
    pub(super) description: String,
    pub(super) fields: Vec<Field>,
}

/// A named field.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Field {
    pub(super) name: Option<String>,
    pub(super) r#type: Option<Annotation>,
}

impl Annotation {
    /// Returns the type in Python syntax.
    pub(super) fn spelled(&self) -> String {
        let name = self.name.as_deref().or(self.source.as_deref()).unwrap_or("?");
        let inside: Vec<String> = self
            .arguments
            .iter()
            .map(Self::spelled)
            .chain(self.literals.iter().map(Value::to_string))
            .collect();
        if inside.is_empty() { name.to_owned() } else { format!("{name}[{}]", inside.join(", ")) }
    }
}

/// Deserializes a value that is present, which may be `null`.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}
