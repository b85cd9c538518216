//! Syntax and type errors of documents, and their messages.

use std::fmt;
use std::ops::Range;

use kfp_model::Place;

use super::places::Places;
use super::tree::Tree;
use crate::diagnostic::Diagnostic;
use crate::{codes, spelling};

/// A diagnostic and its position in the text.
pub type Located = (Diagnostic, Range<usize>);

/// A syntax or type error in a document, with its position if known.
#[derive(Debug)]
pub struct Fault {
    problem: Problem,
    span: Option<Range<usize>>,
    /// The steps from the root, in reverse order.
    steps: Vec<String>,
}

/// The kind of error, with the data for its message.
#[derive(Debug)]
pub(super) enum Problem {
    NotText(&'static str),
    Empty,
    Syntax {
        notation: &'static str,
        message: String,
    },
    DuplicateKey {
        key: String,
        first_line: usize,
    },
    UnknownKey {
        key: String,
        allowed: Vec<&'static str>,
    },
    MissingKey(&'static str),
    UnknownValue {
        value: String,
        allowed: Vec<&'static str>,
    },
    Shape(String),
    /// A value of the wrong type, with a suggested fix if there is an obvious one.
    WrongType {
        found: String,
        expected: String,
        help: Option<String>,
    },
    /// YAML that Argo rejects or interprets differently.
    NotPortable {
        message: String,
        label: &'static str,
        help: &'static str,
    },
    TooMuch(String),
    SeveralDocuments,
}

impl Fault {
    pub(super) fn new(problem: Problem) -> Self {
        Self { problem, span: None, steps: Vec::new() }
    }

    /// Sets the position, unless a more specific one is known.
    pub(super) fn at(mut self, span: &Range<usize>) -> Self {
        self.span.get_or_insert_with(|| span.clone());
        self
    }

    /// Adds the step to the member that contains the fault.
    pub(super) fn within(mut self, step: impl fmt::Display) -> Self {
        self.steps.push(step.to_string());
        self
    }

    /// Whether the key is invalid, not its value.
    pub(super) fn is_about_key(&self) -> bool {
        matches!(self.problem, Problem::UnknownKey { .. } | Problem::UnknownValue { .. })
    }

    /// Narrows a position of several lines to the most informative one.
    pub(super) fn on_one_line(mut self, tree: &Tree, text: &str) -> Self {
        if self.span.clone().and_then(|span| text.get(span)).is_some_and(|shown| shown.contains('\n')) {
            self.span = Some(Places::default().shown(tree, &self.place(), text));
        }
        self
    }

    fn place(&self) -> Place {
        self.steps.iter().rev().fold(Place::root(), |place, step| place.key(step))
    }

    /// Converts the fault to a diagnostic with its position.
    pub fn located(&self) -> Located {
        (self.diagnostic(), self.span.clone().unwrap_or(0..0))
    }

    pub(super) fn diagnostic(&self) -> Diagnostic {
        let place = self.place();
        let error = |code, message: String| Diagnostic::error(code, &place, message);
        match &self.problem {
            Problem::NotText(why) => error(codes::NOT_TEXT, format!("not a UTF-8 text file: {why}"))
                .help("pass a JSON or YAML file in UTF-8"),
            Problem::Empty => error(codes::EMPTY, "the document is empty".to_owned()),
            Problem::Syntax { notation, message } => {
                error(codes::SYNTAX, format!("invalid {notation}: {message}")).label("cannot parse from here")
            }
            Problem::DuplicateKey { key, first_line } => {
                error(codes::DUPLICATE_KEY, format!("duplicate key `{key}`"))
                    .label("second occurrence")
                    .note(format!("the first occurrence is on line {first_line}"))
            }
            Problem::UnknownKey { key, allowed } => with_spelling(
                error(codes::UNKNOWN_KEY, format!("unknown key `{key}`")).label("not a key of this object"),
                key,
                allowed,
                "the allowed keys are",
            ),
            Problem::MissingKey(key) => {
                error(codes::MISSING_KEY, format!("missing key `{key}`")).label("required in this object")
            }
            Problem::UnknownValue { value, allowed } => with_spelling(
                error(codes::WRONG_SHAPE, format!("unknown value `{value}`")),
                value,
                allowed,
                "the allowed values are",
            ),
            Problem::Shape(message) => error(codes::WRONG_SHAPE, message.clone()),
            Problem::WrongType { found, expected, help } => {
                let diagnostic = error(codes::WRONG_SHAPE, format!("expected {expected}, found {found}"));
                match help {
                    Some(help) => diagnostic.help(help.as_str()),
                    None => diagnostic,
                }
            }
            Problem::NotPortable { message, label, help } => {
                error(codes::NOT_PORTABLE, message.clone()).label(*label).help(*help)
            }
            Problem::TooMuch(why) => error(codes::TOO_MUCH, format!("document too large: {why}")),
            Problem::SeveralDocuments => {
                error(codes::SEVERAL_DOCUMENTS, "expected one YAML document, found more than one".to_owned())
                    .label("second document starts here")
            }
        }
    }
}

fn with_spelling(diagnostic: Diagnostic, name: &str, allowed: &[&str], list: &str) -> Diagnostic {
    match spelling::nearest(name, allowed.iter().copied()) {
        Some(right) => diagnostic.replace(format!("use `{right}`"), name, right),
        None if allowed.is_empty() => diagnostic,
        None => diagnostic.note(format!("{list} {}", spelling::list(allowed))),
    }
}

impl serde::de::Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(Problem::Shape(message.to_string()))
    }

    fn invalid_type(unexpected: serde::de::Unexpected<'_>, expected: &dyn serde::de::Expected) -> Self {
        let expected = expected_type(unexpected, &expected.to_string());
        let help = suggestion(unexpected, &expected);
        Self::new(Problem::WrongType { found: found_type(unexpected), expected, help })
    }

    fn invalid_value(unexpected: serde::de::Unexpected<'_>, expected: &dyn serde::de::Expected) -> Self {
        Self::invalid_type(unexpected, expected)
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        Self::new(Problem::UnknownValue { value: variant.to_owned(), allowed: expected.to_vec() })
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        Self::new(Problem::UnknownKey { key: field.to_owned(), allowed: expected.to_vec() })
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new(Problem::MissingKey(field))
    }
}

/// Translates serde's name of an expected type into the terms of JSON and YAML.
fn expected_type(unexpected: serde::de::Unexpected<'_>, expected: &str) -> String {
    use serde::de::Unexpected;
    match expected {
        "u32" if matches!(unexpected, Unexpected::Signed(0..) | Unexpected::Unsigned(_)) => {
            format!("an integer up to {}", u32::MAX)
        }
        "a map" => "an object".to_owned(),
        "a sequence" => "a list".to_owned(),
        "a string" => "a string".to_owned(),
        "a boolean" => "a boolean".to_owned(),
        "u32" | "u64" => "a non-negative integer".to_owned(),
        "f64" => "a number".to_owned(),
        other if other.starts_with("struct ") => "an object".to_owned(),
        other => other.to_owned(),
    }
}

/// Suggests how to convert a string to the expected type, if that is obvious.
fn suggestion(unexpected: serde::de::Unexpected<'_>, expected: &str) -> Option<String> {
    let serde::de::Unexpected::Str(text) = unexpected else { return None };
    let unquoted = || format!("remove the quotes: `{text}`");
    match expected {
        "a list" => Some(format!("use a list: `[{text}]`")),
        "a boolean" if text.parse::<bool>().is_ok() => Some(unquoted()),
        "a number" if text.parse::<f64>().is_ok_and(f64::is_finite) => Some(unquoted()),
        "a non-negative integer" if text.parse::<u64>().is_ok() => Some(unquoted()),
        _ => None,
    }
}

/// Describes a found value in the terms of JSON and YAML.
fn found_type(unexpected: serde::de::Unexpected<'_>) -> String {
    use serde::de::Unexpected;
    match unexpected {
        Unexpected::Bool(value) => format!("the boolean `{value}`"),
        Unexpected::Unsigned(number) => format!("the number `{number}`"),
        Unexpected::Signed(number) => format!("the number `{number}`"),
        Unexpected::Float(number) => format!("the number `{number}`"),
        Unexpected::Str(text) => format!("the string `{text}`"),
        Unexpected::Unit | Unexpected::Option => "null".to_owned(),
        Unexpected::Seq => "a list".to_owned(),
        Unexpected::Map => "an object".to_owned(),
        other => other.to_string(),
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.diagnostic().message)
    }
}

impl std::error::Error for Fault {}
