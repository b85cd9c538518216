//! Translates Python annotations to Rust types.

use std::fmt;

use serde_json::Value;

use super::names::camel_case;
use crate::python::Annotation;

/// The type of a parameter of a component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum RustType {
    String,
    Integer,
    Float,
    Boolean,
    /// `serde_json::Value`.
    Json,
    List(Box<RustType>),
    Map(Box<RustType>),
    Option(Box<RustType>),
    Enum(Choice),
    /// An input artifact, by its kind.
    Input(&'static str),
    /// An output artifact, by its kind.
    Output(&'static str),
}

/// An enum that is defined before the signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Choice {
    pub(super) name: String,
    /// The names of variants, and the strings that they represent.
    pub(super) variants: Vec<(String, String)>,
}

impl RustType {
    /// Returns the optional type.
    pub(super) fn option(self) -> Self {
        match self {
            Self::Option(_) => self,
            other => Self::Option(Box::new(other)),
        }
    }

    /// Returns the type without `Option`.
    pub(super) fn present(&self) -> &Self {
        match self {
            Self::Option(inner) => inner,
            other => other,
        }
    }

    /// Returns whether the predicate is true for the type or a part of it.
    pub(super) fn any(&self, predicate: fn(&Self) -> bool) -> bool {
        let inner = match self {
            Self::List(inner) | Self::Map(inner) | Self::Option(inner) => inner.any(predicate),
            _ => false,
        };
        inner || predicate(self)
    }
}

impl fmt::Display for RustType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::String => f.write_str("String"),
            Self::Integer => f.write_str("i64"),
            Self::Float => f.write_str("f64"),
            Self::Boolean => f.write_str("bool"),
            Self::Json => f.write_str("serde_json::Value"),
            Self::List(inner) => write!(f, "Vec<{inner}>"),
            Self::Map(inner) => write!(f, "BTreeMap<String, {inner}>"),
            Self::Option(inner) => write!(f, "Option<{inner}>"),
            Self::Enum(choice) => f.write_str(&choice.name),
            Self::Input(kind) => write!(f, "Input<{kind}>"),
            Self::Output(kind) => write!(f, "Output<{kind}>"),
        }
    }
}

/// Translates types, and collects the enums of the signature.
#[derive(Debug, Default)]
pub(super) struct Enums {
    /// The names that enums cannot have.
    pub(super) taken: Vec<String>,
    /// The prefix of enums whose preferred name is taken.
    pub(super) prefix: String,
    /// The enums so far.
    pub(super) choices: Vec<Choice>,
}

impl Enums {
    /// Translates an annotation. `of` is the name of the annotated parameter or field, from which enums are named.
    ///
    /// # Errors
    /// There is no such type in Rust.
    pub(super) fn rust_type(&mut self, annotation: &Annotation, of: &str) -> Result<RustType, String> {
        match annotation.name.as_deref().unwrap_or_default() {
            "str" => Ok(RustType::String),
            "int" => Ok(RustType::Integer),
            "float" => Ok(RustType::Float),
            "bool" => Ok(RustType::Boolean),
            "Any" | "object" => Ok(RustType::Json),
            "list" | "List" | "Sequence" => Ok(RustType::List(Box::new(self.inside(annotation, of)?))),
            "dict" | "Dict" | "Mapping" => self.map(annotation, of),
            "Optional" => Ok(self.inside(annotation, of)?.option()),
            "Annotated" => self.inside(annotation, of),
            "Union" => self.union(annotation, of),
            "Literal" => self.literal(annotation, of),
            "Input" => artifacts(annotation, RustType::Input),
            "Output" => output(annotation),
            "InputPath" | "OutputPath" => {
                Err(format!("unsupported type `{}`: use `Input[..]` or `Output[..]`", annotation.spelled()))
            }
            _ => Err(format!("unsupported type `{}`", annotation.spelled())),
        }
    }

    /// Translates the first argument in the brackets.
    fn inside(&mut self, annotation: &Annotation, of: &str) -> Result<RustType, String> {
        annotation.arguments.first().map_or(Ok(RustType::Json), |inner| self.rust_type(inner, of))
    }

    fn map(&mut self, annotation: &Annotation, of: &str) -> Result<RustType, String> {
        let value = match annotation.arguments.as_slice() {
            [] => RustType::Json,
            [key, value] if key.name.as_deref() == Some("str") => self.rust_type(value, of)?,
            _ => return Err(format!("unsupported type `{}`: keys must be strings", annotation.spelled())),
        };
        Ok(RustType::Map(Box::new(value)))
    }

    /// Translates `T | None`, and unions of integers and floats.
    fn union(&mut self, annotation: &Annotation, of: &str) -> Result<RustType, String> {
        let (none, parts): (Vec<&Annotation>, Vec<&Annotation>) =
            annotation.arguments.iter().partition(|part| part.name.as_deref() == Some("None"));
        let parts: Result<Vec<RustType>, String> =
            parts.into_iter().map(|part| self.rust_type(part, of)).collect();
        let joined = match parts?.as_slice() {
            [one] => one.clone(),
            [RustType::Integer, RustType::Float] | [RustType::Float, RustType::Integer] => RustType::Float,
            _ => return Err(format!("unsupported union `{}`", annotation.spelled())),
        };
        Ok(if none.is_empty() { joined } else { joined.option() })
    }

    /// Returns an enum if all values are strings that can be names in Rust, or else the type of the values.
    fn literal(&mut self, annotation: &Annotation, of: &str) -> Result<RustType, String> {
        let values = &annotation.literals;
        if values.iter().all(Value::is_string) {
            let texts = values.iter().filter_map(Value::as_str);
            let variants: Vec<(String, String)> =
                texts.map(|text| (camel_case(text), text.to_owned())).collect();
            return Ok(if are_names(&variants) {
                RustType::Enum(self.choice(of, variants))
            } else {
                RustType::String
            });
        }
        if values.iter().all(Value::is_i64) {
            return Ok(RustType::Integer);
        }
        Err(format!("unsupported type `{}`: all values must have the same type", annotation.spelled()))
    }

    /// Returns the enum with these variants, with a unique name.
    fn choice(&mut self, of: &str, variants: Vec<(String, String)>) -> Choice {
        if let Some(known) = self.choices.iter().find(|known| known.variants == variants) {
            return known.clone();
        }
        let first = camel_case(of);
        let second = format!("{}{first}", self.prefix);
        let numbered = (2..).map(|number| format!("{second}{number}"));
        let is_free = |name: &String| {
            is_name(name)
                && !self.taken.contains(name)
                && self.choices.iter().all(|choice| choice.name != *name)
        };
        let mut names = [first, second.clone()].into_iter().chain(numbered);
        let choice = Choice { name: names.find(is_free).unwrap_or_default(), variants };
        self.choices.push(choice.clone());
        choice
    }
}

/// Returns whether the names of all variants are unique identifiers.
fn are_names(variants: &[(String, String)]) -> bool {
    let mut names: Vec<&str> = variants.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names.len() == variants.len() && names.into_iter().all(is_name)
}

fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_uppercase()) && name != "Self"
}

fn output(annotation: &Annotation) -> Result<RustType, String> {
    match artifacts(annotation, RustType::Output)? {
        output @ RustType::Output(_) => Ok(output),
        _ => Err(format!(
            "unsupported output `{}`: declare one output for each artifact",
            annotation.spelled()
        )),
    }
}

/// Translates `Input[Model]` and `Input[List[Model]]`.
fn artifacts(annotation: &Annotation, make: fn(&'static str) -> RustType) -> Result<RustType, String> {
    let Some(inner) = annotation.arguments.first() else { return Ok(make("Artifact")) };
    match inner.name.as_deref().unwrap_or_default() {
        "list" | "List" => Ok(RustType::List(Box::new(artifacts(inner, make)?))),
        name => artifact_kind(name).map(make).ok_or_else(|| {
            format!(
                "unknown kind of artifact `{}`: expected `Artifact`, `Dataset`, `Model`, `Metrics`, \
                 `ClassificationMetrics`, `HTML` or `Markdown`",
                inner.spelled()
            )
        }),
    }
}

/// Returns the Rust name of a Python artifact type.
pub(super) fn artifact_kind(name: &str) -> Option<&'static str> {
    Some(match name {
        "Artifact" => "Artifact",
        "Dataset" => "Dataset",
        "Model" => "Model",
        "Metrics" => "Metrics",
        "ClassificationMetrics" => "ClassificationMetrics",
        "HTML" => "Html",
        "Markdown" => "Markdown",
        _ => return None,
    })
}
