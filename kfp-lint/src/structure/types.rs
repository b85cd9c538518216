//! Values have the type of their field, and required fields are present.

use kfp_argo::tag::has_tag;
use kfp_diag::source::Tree;
use kfp_diag::{Diagnostic, codes};

use super::table::Shape;
use crate::cursor::Cursor;
use crate::scalar::{Scalar, scalar};

/// Returns whether the API server and Argo accept the scalar for the shape.
pub(super) fn fits(value: &Scalar<'_>, shape: &Shape) -> bool {
    let within =
        |least: i128, most: i128| value.integer().is_some_and(|number| (least..=most).contains(&number));
    match shape {
        Shape::String => matches!(value, Scalar::String(_)),
        Shape::Bool => matches!(value, Scalar::Bool(_)),
        Shape::Int32 => within(i32::MIN.into(), i32::MAX.into()),
        Shape::Int64 => within(i64::MIN.into(), i64::MAX.into()),
        Shape::Number => matches!(value, Scalar::Int(_) | Scalar::Float(_)),
        Shape::IntOrString => matches!(value, Scalar::String(_)) || within(i32::MIN.into(), i32::MAX.into()),
        Shape::Quantity => matches!(value, Scalar::String(_)) || value.integer().is_some(),
        Shape::AnyObject | Shape::Anything | Shape::Object(_) | Shape::List(_) | Shape::Map(_) => false,
    }
}

/// Describes the shape in messages.
pub(super) fn noun(shape: &Shape) -> &'static str {
    match shape {
        Shape::String => "a string",
        Shape::Bool => "`true` or `false`",
        Shape::Int32 => "a 32-bit integer",
        Shape::Int64 => "an integer",
        Shape::Number => "a number",
        Shape::IntOrString => "an integer or a string",
        Shape::Quantity => "a quantity such as `500m` or `1Gi`",
        Shape::AnyObject | Shape::Object(_) | Shape::Map(_) => "an object",
        Shape::List(_) => "a list",
        Shape::Anything => "a value",
    }
}

/// Reports a value of the wrong type.
pub(super) fn wrong(tree: &Tree, text: &str, cursor: &Cursor<'_>, expected: &str) -> Diagnostic {
    let found = scalar(tree, text).map_or_else(|| tree.kind().to_owned(), |value| value.describe());
    let message = format!("expected {expected} for {}, found {found}", cursor.describe());
    Diagnostic::error(codes::ARGO_TYPE, &cursor.place(), message)
}

/// Reports a value that should be a list.
pub(super) fn no_list(tree: &Tree, text: &str, cursor: &Cursor<'_>, inner: &Shape) -> Diagnostic {
    let diagnostic = wrong(tree, text, cursor, "a list");
    match inner {
        Shape::List(_) => {
            diagnostic.help("use a list of lists: the items of each inner list run in parallel")
        }
        Shape::Object(_) if tree.get("name").is_some() => diagnostic.help("add `- ` before its first field"),
        Shape::String => diagnostic.help("use `[…]` with a string for each item"),
        _ => diagnostic,
    }
}

/// Reports a scalar of the wrong type, with a suggestion.
pub(super) fn wrong_scalar(
    value: &Scalar<'_>,
    tree: &Tree,
    text: &str,
    cursor: &Cursor<'_>,
    shape: &Shape,
) -> Diagnostic {
    let written = text.get(tree.span.clone()).unwrap_or_default().trim_end();
    let diagnostic = wrong(tree, text, cursor, noun(shape));
    match (shape, value) {
        (Shape::String, Scalar::Bool(truth)) if written != truth.to_string() => diagnostic
            .note(format!("`{written}` without quotes is a boolean in YAML 1.1, which Argo uses"))
            .help(format!("add quotes: `\"{written}\"`")),
        (Shape::String, Scalar::Bool(_) | Scalar::Int(_) | Scalar::Float(_)) => {
            diagnostic.help(format!("add quotes: `\"{written}\"`"))
        }
        (Shape::Quantity, Scalar::Float(_)) => diagnostic
            .note("the API server accepts only integers and strings here")
            .help(format!("add quotes: `\"{written}\"`")),
        (Shape::Bool, Scalar::String(string)) if matches!(&**string, "true" | "false") => {
            diagnostic.help(format!("remove the quotes: `{string}`"))
        }
        (Shape::Int32 | Shape::Int64 | Shape::Number, Scalar::String(number))
            if number.parse::<i64>().is_ok() =>
        {
            diagnostic.help(format!("remove the quotes: `{number}`"))
        }
        (Shape::Int32 | Shape::Int64 | Shape::Bool, Scalar::String(string)) if has_tag(string) => {
            diagnostic.note("tags are not supported here, because their values are strings")
        }
        _ => diagnostic,
    }
}

/// Reports a missing required field.
pub(super) fn missing(field: &str, cursor: &Cursor<'_>) -> Diagnostic {
    let message = format!("missing `{field}` in {}", cursor.describe());
    Diagnostic::error(codes::ARGO_MISSING, &cursor.place(), message)
}
