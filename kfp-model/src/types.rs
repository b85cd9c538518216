//! Types of values, and their compatibility.

use std::fmt;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The type of a value that is passed between tasks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Type {
    /// A string. The backend may limit its length.
    #[serde(alias = "text")]
    String,
    /// A signed 64-bit integer.
    Integer,
    /// A finite float64 number.
    Float,
    /// `true` or `false`.
    Boolean,
    /// Any JSON value.
    Any,
    /// The name and key of a secret in the form `NAME/KEY`. It can only be passed to steps.
    Secret,
    /// A list of values of one type.
    List(Box<Type>),
    /// Values of one type with string keys.
    Map(Box<Type>),
    /// A struct with named fields.
    Struct(StructType),
    /// One of several strings.
    Enum(EnumType),
    /// A value or `null`.
    Option(Box<Type>),
    /// A file or folder with metadata.
    Artifact(ArtifactType),
}

/// A struct with named fields, in the order of their declaration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct StructType {
    /// The name that messages use.
    pub name: String,
    /// The fields.
    pub fields: IndexMap<String, StructField>,
}

/// A field of a [`StructType`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct StructField {
    /// The type of the field. A field of option type may be left out.
    pub r#type: Type,
    /// The author's description of the field.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
}

/// One of several strings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct EnumType {
    /// The name that messages use.
    pub name: String,
    /// The allowed strings.
    pub variants: Vec<String>,
}

/// A kind of artifact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ArtifactType {
    /// The title of the schema, such as `system.Model`; `system.Artifact` accepts all artifacts.
    pub name: String,
    /// The version of the schema, such as `0.0.1`.
    pub version: String,
}

impl Type {
    /// Returns the type of lists of this type.
    #[must_use]
    pub fn list(self) -> Self {
        Self::List(Box::new(self))
    }

    /// Returns the option of this type; an option is returned unchanged.
    #[must_use]
    pub fn option(self) -> Self {
        if self.is_option() { self } else { Self::Option(Box::new(self)) }
    }

    /// Whether the type is an option.
    pub fn is_option(&self) -> bool {
        matches!(self, Self::Option(_))
    }

    /// Returns the inner type of an option, or the type itself.
    pub fn present(&self) -> &Self {
        match self {
            Self::Option(inner) => inner,
            other => other,
        }
    }

    /// Returns the artifact type, also from within lists and options.
    pub fn artifact(&self) -> Option<&ArtifactType> {
        match self {
            Self::Artifact(artifact) => Some(artifact),
            Self::Option(inner) | Self::List(inner) => inner.artifact(),
            _ => None,
        }
    }

    /// Returns the type without values, which every type accepts: the type of the items of an empty list, and the inner
    /// type of `null`. Documents cannot declare it.
    #[must_use]
    pub fn never() -> Self {
        Self::Enum(EnumType { name: "never".to_owned(), variants: Vec::new() })
    }

    /// Whether the type has no values.
    pub fn is_never(&self) -> bool {
        matches!(self, Self::Enum(choice) if choice.variants.is_empty())
    }

    /// Whether a value of type `actual` can be used where this type is expected.
    ///
    /// An integer can be used as a float, a value as an option, an artifact as `system.Artifact`, an enum as a string,
    /// and a struct as a map. There are no other conversions.
    pub fn accepts(&self, actual: &Self) -> bool {
        match (self, actual) {
            (_, actual) if actual.is_never() => true,
            (Self::Any, actual) => actual.artifact().is_none() && *actual != Self::Secret,
            (Self::Float, Self::Integer) | (Self::String, Self::Enum(_)) => true,
            (Self::Option(expected), actual) => expected.accepts(actual.present()),
            (Self::List(expected), Self::List(actual)) | (Self::Map(expected), Self::Map(actual)) => {
                expected.accepts(actual)
            }
            (Self::Struct(expected), Self::Struct(actual)) => expected.accepts(actual),
            (Self::Map(expected), Self::Struct(actual)) => {
                actual.fields.values().all(|field| expected.accepts(&field.r#type))
            }
            (Self::Enum(expected), Self::Enum(actual)) => {
                actual.variants.iter().all(|variant| expected.variants.contains(variant))
            }
            (Self::Artifact(expected), Self::Artifact(actual)) => {
                expected.name == ArtifactType::ANY || expected.name == actual.name
            }
            (expected, actual) => expected == actual,
        }
    }

    /// Whether the JSON value is a value of the type. The content of artifact objects is not checked.
    pub fn accepts_value(&self, value: &Value) -> bool {
        match self {
            Self::String => value.is_string(),
            Self::Integer => value.is_i64(),
            Self::Float => value.as_f64().is_some_and(f64::is_finite),
            Self::Boolean => value.is_boolean(),
            Self::Any => true,
            Self::Secret => value.as_str().is_some_and(is_secret_name),
            Self::List(element) => {
                value.as_array().is_some_and(|items| items.iter().all(|item| element.accepts_value(item)))
            }
            Self::Map(element) => value
                .as_object()
                .is_some_and(|fields| fields.values().all(|field| element.accepts_value(field))),
            Self::Struct(expected) => expected.accepts_value(value),
            Self::Enum(expected) => {
                value.as_str().is_some_and(|text| expected.variants.iter().any(|variant| variant == text))
            }
            Self::Option(inner) => value.is_null() || inner.accepts_value(value),
            Self::Artifact(_) => value.is_object(),
        }
    }

    /// Returns the description of a value of the type for messages: `a float` for [`Type::Float`].
    pub fn expectation(&self) -> String {
        match self {
            Self::String => "a string".to_owned(),
            Self::Integer => "a 64-bit integer".to_owned(),
            Self::Float => "a float".to_owned(),
            Self::Boolean => "`true` or `false`".to_owned(),
            Self::Any => "JSON".to_owned(),
            Self::Secret => "the name and key of a secret, such as `slack/url`".to_owned(),
            Self::List(_) => format!("a JSON list of type `{self}`"),
            Self::Map(_) => format!("a JSON object of type `{self}`"),
            Self::Struct(of) if of.fields.is_empty() => format!("an empty JSON object of type `{self}`"),
            Self::Struct(of) => format!("a JSON object of type `{self}` with the fields {}", of.described()),
            Self::Enum(choice) => {
                let variants: Vec<String> = choice.variants.iter().map(|name| format!("`{name}`")).collect();
                format!("one of {}", variants.join(", "))
            }
            Self::Option(inner) if **inner == Self::String => "a string or `json:null`".to_owned(),
            Self::Option(inner) => format!("{} or `null`", inner.expectation()),
            Self::Artifact(_) => format!("the path or URI of an artifact of type `{self}`"),
        }
    }

    /// Returns the JSON Schema of the values of the type.
    pub fn json_schema(&self) -> Value {
        match self {
            Self::String => json!({"type": "string"}),
            Self::Integer => json!({"type": "integer", "minimum": i64::MIN, "maximum": i64::MAX}),
            Self::Float => json!({"type": "number"}),
            Self::Boolean => json!({"type": "boolean"}),
            Self::Any => json!({}),
            Self::Secret => json!({"type": "string", "pattern": format!("^{SECRET_PATTERN}$")}),
            Self::List(element) => json!({"type": "array", "items": element.json_schema()}),
            Self::Map(element) => json!({"type": "object", "additionalProperties": element.json_schema()}),
            Self::Struct(structure) => structure.json_schema(),
            Self::Enum(choice) => json!({"title": choice.name, "enum": choice.variants}),
            Self::Option(inner) => json!({"anyOf": [inner.json_schema(), {"type": "null"}]}),
            Self::Artifact(artifact) => json!({"title": artifact.name, "type": "object"}),
        }
    }
}

impl ArtifactType {
    /// The name of the type that accepts every artifact.
    pub const ANY: &'static str = "system.Artifact";
}

impl StructType {
    fn accepts(&self, actual: &Self) -> bool {
        let fits = |(name, expected): (&String, &StructField)| match actual.fields.get(name) {
            Some(field) => expected.r#type.accepts(&field.r#type),
            None => expected.r#type.is_option(),
        };
        self.fields.iter().all(fits) && actual.fields.keys().all(|name| self.fields.contains_key(name))
    }

    fn accepts_value(&self, value: &Value) -> bool {
        let Some(object) = value.as_object() else { return false };
        let fits = |(name, field): (&String, &StructField)| match object.get(name) {
            Some(value) => field.r#type.accepts_value(value),
            None => field.r#type.is_option(),
        };
        self.fields.iter().all(fits) && object.keys().all(|name| self.fields.contains_key(name))
    }

    /// Returns the fields with their types, for messages.
    fn described(&self) -> String {
        let field = |(name, field): (&String, &StructField)| format!("`{name}: {}`", field.r#type);
        self.fields.iter().map(field).collect::<Vec<_>>().join(", ")
    }

    fn json_schema(&self) -> Value {
        let properties: serde_json::Map<String, Value> =
            self.fields.iter().map(|(name, field)| (name.clone(), field.r#type.json_schema())).collect();
        let required: Vec<&String> =
            self.fields.iter().filter(|(_, field)| !field.r#type.is_option()).map(|(name, _)| name).collect();
        json!({
            "title": self.name,
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": false,
        })
    }
}

/// The regular expression of [`Type::Secret`]: a name and a key that Kubernetes allows. It uses only syntax that all
/// regular expression engines support.
pub const SECRET_PATTERN: &str = "[a-z0-9]([-.a-z0-9]*[a-z0-9])?/[-._a-zA-Z0-9]+";

/// Whether the text has the form `NAME/KEY`, with a name and a key that Kubernetes allows.
fn is_secret_name(text: &str) -> bool {
    let alphanumeric = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let is_name = |name: &str| {
        name.starts_with(alphanumeric)
            && name.ends_with(alphanumeric)
            && name.chars().all(|c| alphanumeric(c) || matches!(c, '-' | '.'))
    };
    let is_key = |key: &str| {
        !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_'))
    };
    text.split_once('/').is_some_and(|(name, key)| is_name(name) && is_key(key))
}

impl fmt::Display for Type {
    /// Writes the name of the type in Rust.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::String => f.write_str("String"),
            Self::Integer => f.write_str("i64"),
            Self::Float => f.write_str("f64"),
            Self::Boolean => f.write_str("bool"),
            Self::Any => f.write_str("serde_json::Value"),
            Self::Secret => f.write_str("Secret"),
            Self::List(element) => write!(f, "Vec<{element}>"),
            Self::Map(element) => write!(f, "BTreeMap<String, {element}>"),
            Self::Struct(structure) => f.write_str(&structure.name),
            Self::Enum(choice) => f.write_str(&choice.name),
            Self::Option(inner) => write!(f, "Option<{inner}>"),
            Self::Artifact(artifact) => {
                f.write_str(artifact.name.strip_prefix("system.").unwrap_or(&artifact.name))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn artifact(name: &str) -> Type {
        Type::Artifact(ArtifactType { name: name.to_owned(), version: "0.0.1".to_owned() })
    }

    fn structure(fields: &[(&str, Type)]) -> Type {
        let field = |r#type: &Type| StructField { r#type: r#type.clone(), description: String::new() };
        let fields = fields.iter().map(|(name, r#type)| ((*name).to_owned(), field(r#type))).collect();
        Type::Struct(StructType { name: "Trial".to_owned(), fields })
    }

    #[test]
    fn widening_goes_one_way() {
        for (expected, actual, fits) in [
            (Type::Float, Type::Integer, true),
            (Type::Integer, Type::Float, false),
            (Type::String.option(), Type::String, true),
            (Type::String, Type::String.option(), false),
            (Type::Float.list(), Type::Integer.list(), true),
            (artifact("system.Artifact"), artifact("system.Model"), true),
            (artifact("system.Model"), artifact("system.Artifact"), false),
            (artifact("system.Model"), artifact("system.Dataset"), false),
            (Type::Any, artifact("system.Model"), false),
            (Type::Any, Type::Secret, false),
            (Type::String, Type::Secret, false),
            (structure(&[("lr", Type::Float)]), structure(&[("lr", Type::Integer)]), true),
            (structure(&[("lr", Type::Float)]), structure(&[]), false),
            (structure(&[("lr", Type::Float.option())]), structure(&[]), true),
            (Type::Map(Box::new(Type::Float)), structure(&[("lr", Type::Integer)]), true),
            (Type::Map(Box::new(Type::Float)), structure(&[("lr", Type::String)]), false),
            (Type::Float.list(), Type::never().list(), true),
            (artifact("system.Model").option(), Type::never().option(), true),
            (Type::Float, Type::never().option(), false),
            (Type::never(), Type::Float, false),
        ] {
            assert_eq!(expected.accepts(&actual), fits, "{actual} for {expected}");
        }
    }

    #[test]
    fn values_are_checked_against_types() {
        for (r#type, value, fits) in [
            (Type::Integer, json!(1), true),
            (Type::Integer, json!(1.0), false),
            (Type::Integer, json!(u64::MAX), false),
            (Type::Float, json!(1), true),
            (Type::String.option(), json!(null), true),
            (Type::Secret, json!("slack/url"), true),
            (Type::Secret, json!("slack"), false),
            (Type::Secret, json!("team.slack-1/URL_2.x"), true),
            (Type::Secret, json!("Slack/url"), false),
            (Type::Secret, json!("slack-/url"), false),
            (Type::Secret, json!("slack/url/x"), false),
            (Type::Secret, json!("slack/"), false),
            (structure(&[("lr", Type::Float)]), json!({"lr": 1, "x": 2}), false),
        ] {
            assert_eq!(r#type.accepts_value(&value), fits, "{value} for {type}");
        }
    }
}
