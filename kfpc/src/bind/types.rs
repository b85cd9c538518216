//! Types: from Python's annotations to those of Rust's parameters.

use std::fmt;

use serde_json::Value;

use super::description::Annotation;
use super::names::camel_case;

/// The type of a parameter of a component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum RustType {
    Text,
    Integer,
    Float,
    Boolean,
    /// `serde_json::Value`.
    Json,
    List(Box<RustType>),
    Map(Box<RustType>),
    Option(Box<RustType>),
    Enum(Choice),
    /// An artifact that is taken, by its kind.
    Input(&'static str),
    /// An artifact that is given, by its kind.
    Output(&'static str),
}

/// An enum that is written beside the signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Choice {
    pub(super) name: String,
    /// The names of variants with their texts.
    pub(super) variants: Vec<(String, String)>,
}

impl RustType {
    /// This type or nothing.
    pub(super) fn option(self) -> Self {
        match self {
            Self::Option(_) => self,
            other => Self::Option(Box::new(other)),
        }
    }

    /// The type without its option.
    pub(super) fn present(&self) -> &Self {
        match self {
            Self::Option(inner) => inner,
            other => other,
        }
    }

    /// Whether the type or a part of it is like that.
    pub(super) fn any(&self, is_like: fn(&Self) -> bool) -> bool {
        let inner = match self {
            Self::List(inner) | Self::Map(inner) | Self::Option(inner) => inner.any(is_like),
            _ => false,
        };
        inner || is_like(self)
    }
}

impl fmt::Display for RustType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text => f.write_str("String"),
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

/// The enums of a signature, by which types are translated.
#[derive(Debug, Default)]
pub(super) struct Enums {
    /// The names that no enum can have.
    pub(super) taken: Vec<String>,
    /// What enums are called whose first choice of a name is taken.
    pub(super) prefix: String,
    /// The enums so far.
    pub(super) choices: Vec<Choice>,
}

impl Enums {
    /// The type of an annotation. `of` is the name of what is annotated, after which an enum is called.
    ///
    /// # Errors
    /// Why there is none.
    pub(super) fn rust_type(&mut self, annotation: &Annotation, of: &str) -> Result<RustType, String> {
        match annotation.name.as_deref().unwrap_or_default() {
            "str" => Ok(RustType::Text),
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
                Err("paths are no types: use `Input[..]` or `Output[..]`".to_owned())
            }
            _ => Err(format!("`{}` is no type that a pipeline can carry", annotation.spelled())),
        }
    }

    /// The type of the first argument in the brackets.
    fn inside(&mut self, annotation: &Annotation, of: &str) -> Result<RustType, String> {
        annotation.arguments.first().map_or(Ok(RustType::Json), |inner| self.rust_type(inner, of))
    }

    fn map(&mut self, annotation: &Annotation, of: &str) -> Result<RustType, String> {
        let value = match annotation.arguments.as_slice() {
            [] => RustType::Json,
            [key, value] if key.name.as_deref() == Some("str") => self.rust_type(value, of)?,
            _ => return Err(format!("the keys of `{}` are no texts", annotation.spelled())),
        };
        Ok(RustType::Map(Box::new(value)))
    }

    /// `T | None`, and numbers of both kinds.
    fn union(&mut self, annotation: &Annotation, of: &str) -> Result<RustType, String> {
        let (nothing, parts): (Vec<&Annotation>, Vec<&Annotation>) =
            annotation.arguments.iter().partition(|part| part.name.as_deref() == Some("None"));
        let parts: Result<Vec<RustType>, String> =
            parts.into_iter().map(|part| self.rust_type(part, of)).collect();
        let joined = match parts?.as_slice() {
            [one] => one.clone(),
            [RustType::Integer, RustType::Float] | [RustType::Float, RustType::Integer] => RustType::Float,
            _ => return Err(format!("`{}` is of several types", annotation.spelled())),
        };
        Ok(if nothing.is_empty() { joined } else { joined.option() })
    }

    /// An enum of texts that can be names in Rust, or the type that all values have.
    fn literal(&mut self, annotation: &Annotation, of: &str) -> Result<RustType, String> {
        let values = &annotation.literals;
        if values.iter().all(Value::is_string) {
            let texts = values.iter().filter_map(Value::as_str);
            let variants: Vec<(String, String)> =
                texts.map(|text| (camel_case(text), text.to_owned())).collect();
            return Ok(if are_names(&variants) {
                RustType::Enum(self.choice(of, variants))
            } else {
                RustType::Text
            });
        }
        if values.iter().all(Value::is_i64) {
            return Ok(RustType::Integer);
        }
        Err(format!("the values of `{}` are of several types", annotation.spelled()))
    }

    /// The enum of these variants, under a name that nothing else has.
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

/// Whether the names of all variants are names in Rust, and differ.
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
        _ => Err(format!("`{}` is several artifacts: a step gives each by itself", annotation.spelled())),
    }
}

/// `Input[Model]` and `Input[List[Model]]`.
fn artifacts(annotation: &Annotation, make: fn(&'static str) -> RustType) -> Result<RustType, String> {
    let Some(inner) = annotation.arguments.first() else { return Ok(make("Artifact")) };
    match inner.name.as_deref().unwrap_or_default() {
        "list" | "List" => Ok(RustType::List(Box::new(artifacts(inner, make)?))),
        name => artifact_kind(name).map(make).ok_or_else(|| {
            format!(
                "`{}` is no kind of artifact: use `Artifact`, `Dataset`, `Model`, `Metrics`, \
                 `ClassificationMetrics`, `HTML` or `Markdown`",
                inner.spelled()
            )
        }),
    }
}

/// The kind of artifact that Python calls so.
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
