//! The output of `describe.py` for a Python source.

use serde::Deserialize;
use serde_json::{Map, Value};

/// A Python source.
#[derive(Debug, Deserialize)]
pub(crate) struct Description {
    /// Why the source could not be parsed.
    #[serde(default)]
    pub(crate) error: Option<SyntaxError>,
    /// Its top-level functions.
    #[serde(default)]
    pub(crate) functions: Vec<Function>,
    /// Its classes with named fields.
    #[serde(default)]
    pub(crate) structures: Vec<Structure>,
}

/// A syntax error in a source.
#[derive(Debug, Deserialize)]
pub(crate) struct SyntaxError {
    pub(crate) line: Option<u64>,
    pub(crate) message: String,
}

/// A function.
#[derive(Debug, Deserialize)]
pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) line: u64,
    pub(crate) description: String,
    pub(crate) arguments: Vec<Argument>,
    pub(crate) returns: Option<Annotation>,
    /// Why it cannot be a step.
    pub(crate) refused: Option<String>,
    /// Whether it has KFP's decorator.
    pub(crate) is_component: bool,
    /// The arguments of that decorator.
    pub(crate) options: Map<String, Value>,
}

/// An argument of a function.
#[derive(Debug, Deserialize)]
pub(crate) struct Argument {
    pub(crate) name: String,
    pub(crate) line: u64,
    pub(crate) r#type: Option<Annotation>,
    pub(crate) default: Option<Fallback>,
    pub(crate) description: String,
}

/// The default of an argument.
#[derive(Debug, Deserialize)]
pub(crate) struct Fallback {
    /// The value, if it is a constant that JSON can represent.
    #[serde(default, deserialize_with = "present")]
    pub(crate) value: Option<Value>,
    pub(crate) source: String,
}

/// A type.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Annotation {
    /// The last component of the name before the brackets.
    #[serde(default)]
    pub(crate) name: Option<String>,
    /// The types in the brackets.
    #[serde(default)]
    pub(crate) arguments: Vec<Annotation>,
    /// The values in the brackets of `Literal`.
    #[serde(default)]
    pub(crate) literals: Vec<Value>,
    /// The fields of a `NamedTuple(..)` instead of a name.
    #[serde(default)]
    pub(crate) fields: Vec<Field>,
    /// The source text, if it is not a type.
    #[serde(default)]
    pub(crate) source: Option<String>,
}

/// A class with named fields.
#[derive(Debug, Deserialize)]
pub(crate) struct Structure {
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) fields: Vec<Field>,
}

/// A named field.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Field {
    pub(crate) name: Option<String>,
    pub(crate) r#type: Option<Annotation>,
}

impl Annotation {
    /// Returns the type in Python syntax.
    pub(crate) fn spelled(&self) -> String {
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
