//! What is wrong with the form of a text, and how it is reported.

use std::fmt;
use std::ops::Range;

use kfp_model::Place;

use super::places::Places;
use super::tree::Tree;
use crate::diagnostic::Diagnostic;
use crate::{codes, spelling};

/// A diagnostic and the bytes that it is about.
pub type Located = (Diagnostic, Range<usize>);

/// One thing that is wrong with the form of a text, with its position as far as it is known.
#[derive(Debug)]
pub struct Fault {
    problem: Problem,
    span: Option<Range<usize>>,
    /// The steps from the root, the last one first.
    steps: Vec<String>,
}

/// What is wrong.
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
    UnknownWord {
        word: String,
        allowed: Vec<&'static str>,
    },
    Shape(String),
    /// Something of another type than the one that is needed, with what to do where that is plain.
    WrongType {
        found: String,
        needed: String,
        help: Option<String>,
    },
    /// YAML that Argo refuses or reads differently.
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

    /// The same fault at these bytes, unless a position closer to its cause is known.
    pub(super) fn at(mut self, span: &Range<usize>) -> Self {
        self.span.get_or_insert_with(|| span.clone());
        self
    }

    /// The same fault, seen from outside of the member that it is in.
    pub(super) fn within(mut self, step: impl fmt::Display) -> Self {
        self.steps.push(step.to_string());
        self
    }

    /// Whether the key is what is wrong, not what stands under it.
    pub(super) fn is_about_key(&self) -> bool {
        matches!(self.problem, Problem::UnknownKey { .. } | Problem::UnknownWord { .. })
    }

    /// The same fault at the line of its node that is best to look at, where it takes up several.
    pub(super) fn on_one_line(mut self, tree: &Tree, text: &str) -> Self {
        if self.span.clone().and_then(|span| text.get(span)).is_some_and(|shown| shown.contains('\n')) {
            self.span = Some(Places::default().shown(tree, &self.place(), text));
        }
        self
    }

    fn place(&self) -> Place {
        self.steps.iter().rev().fold(Place::root(), |place, step| place.key(step))
    }

    /// Returns the fault as a diagnostic, with the bytes that it is about.
    pub fn located(&self) -> Located {
        (self.diagnostic(), self.span.clone().unwrap_or(0..0))
    }

    pub(super) fn diagnostic(&self) -> Diagnostic {
        let place = self.place();
        let error = |code, message: String| Diagnostic::error(code, &place, message);
        match &self.problem {
            Problem::NotText(why) => error(codes::NOT_TEXT, format!("this is no text: {why}"))
                .help("save it as JSON or YAML in UTF-8"),
            Problem::Empty => error(codes::EMPTY, "the document is empty".to_owned()),
            Problem::Syntax { notation, message } => {
                error(codes::SYNTAX, format!("this is no {notation}: {message}"))
                    .label("not understood from here on")
            }
            Problem::DuplicateKey { key, first_line } => {
                error(codes::DUPLICATE_KEY, format!("the key `{key}` stands twice"))
                    .label("the second one")
                    .note(format!("the first one is in line {first_line}"))
            }
            Problem::UnknownKey { key, allowed } => with_spelling(
                error(codes::UNKNOWN_KEY, format!("there is no key `{key}` here")).label("unknown key"),
                key,
                allowed,
                "the keys are",
            ),
            Problem::MissingKey(key) => {
                error(codes::MISSING_KEY, format!("the key `{key}` is missing")).label("needed here")
            }
            Problem::UnknownWord { word, allowed } => with_spelling(
                error(codes::WRONG_SHAPE, format!("`{word}` is none of the words that can stand here")),
                word,
                allowed,
                "the words are",
            ),
            Problem::Shape(message) => error(codes::WRONG_SHAPE, message.clone()),
            Problem::WrongType { found, needed, help } => {
                let diagnostic =
                    error(codes::WRONG_SHAPE, format!("this is {found}, but {needed} is needed"));
                match help {
                    Some(help) => diagnostic.help(help.as_str()),
                    None => diagnostic,
                }
            }
            Problem::NotPortable { message, label, help } => {
                error(codes::NOT_PORTABLE, message.clone()).label(*label).help(*help)
            }
            Problem::TooMuch(why) => error(codes::TOO_MUCH, format!("the document is not read: {why}")),
            Problem::SeveralDocuments => {
                error(codes::SEVERAL_DOCUMENTS, "the text holds more than one YAML document".to_owned())
                    .label("another one starts here")
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
        let needed = needed(&expected.to_string());
        let help = remedy(unexpected, &needed);
        Self::new(Problem::WrongType { found: found(unexpected), needed, help })
    }

    fn invalid_value(unexpected: serde::de::Unexpected<'_>, expected: &dyn serde::de::Expected) -> Self {
        Self::invalid_type(unexpected, expected)
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        Self::new(Problem::UnknownWord { word: variant.to_owned(), allowed: expected.to_vec() })
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        Self::new(Problem::UnknownKey { key: field.to_owned(), allowed: expected.to_vec() })
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new(Problem::MissingKey(field))
    }
}

/// What is needed, in the words of people who write documents instead of those of the decoder.
fn needed(expected: &str) -> String {
    match expected {
        "a map" => "an object".to_owned(),
        "a sequence" => "a list".to_owned(),
        "a string" => "a text".to_owned(),
        "a boolean" => "a truth value".to_owned(),
        "u32" | "u64" => "a whole number that is not negative".to_owned(),
        "f64" => "a number".to_owned(),
        other if other.starts_with("struct ") => "an object".to_owned(),
        other => other.to_owned(),
    }
}

/// What makes a text that which is needed, where that is plain.
fn remedy(unexpected: serde::de::Unexpected<'_>, needed: &str) -> Option<String> {
    let serde::de::Unexpected::Str(text) = unexpected else { return None };
    let without_quotes = || format!("write `{text}` without quotes");
    match needed {
        "a list" => Some(format!("put it into brackets: `[{text}]`")),
        "a truth value" if text.parse::<bool>().is_ok() => Some(without_quotes()),
        "a number" if text.parse::<f64>().is_ok_and(f64::is_finite) => Some(without_quotes()),
        "a whole number that is not negative" if text.parse::<u64>().is_ok() => Some(without_quotes()),
        _ => None,
    }
}

/// What was found, in the words of people who write documents.
fn found(unexpected: serde::de::Unexpected<'_>) -> String {
    use serde::de::Unexpected;
    match unexpected {
        Unexpected::Bool(truth) => format!("the truth value `{truth}`"),
        Unexpected::Unsigned(number) => format!("the number `{number}`"),
        Unexpected::Signed(number) => format!("the number `{number}`"),
        Unexpected::Float(number) => format!("the number `{number}`"),
        Unexpected::Str(text) => format!("the text `{text}`"),
        Unexpected::Unit | Unexpected::Option => "nothing".to_owned(),
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
