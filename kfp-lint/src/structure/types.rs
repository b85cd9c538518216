//! Values have the type that their field asks for, and what is required is there.

use kfp_argo::tag::has_tag;
use kfp_diag::source::Tree;
use kfp_diag::{Diagnostic, codes};

use super::table::Shape;
use crate::cursor::Cursor;
use crate::scalar::{Scalar, scalar};

/// Whether a scalar is of the shape, for the API server and for Argo.
pub(super) fn fits(value: &Scalar<'_>, shape: &Shape) -> bool {
    let within =
        |least: i128, most: i128| value.whole().is_some_and(|number| (least..=most).contains(&number));
    match shape {
        Shape::Text => matches!(value, Scalar::Text(_)),
        Shape::Truth => matches!(value, Scalar::Truth(_)),
        Shape::Int32 => within(i32::MIN.into(), i32::MAX.into()),
        Shape::Int64 => within(i64::MIN.into(), i64::MAX.into()),
        Shape::Number => matches!(value, Scalar::Int(_) | Scalar::Float(_)),
        Shape::IntOrText => matches!(value, Scalar::Text(_)) || within(i32::MIN.into(), i32::MAX.into()),
        Shape::Quantity => matches!(value, Scalar::Text(_)) || value.whole().is_some(),
        Shape::AnyObject | Shape::Anything | Shape::Object(_) | Shape::List(_) | Shape::Map(_) => false,
    }
}

/// What the shape is, in a sentence.
pub(super) fn noun(shape: &Shape) -> &'static str {
    match shape {
        Shape::Text => "a text",
        Shape::Truth => "`true` or `false`",
        Shape::Int32 => "a whole number of 32 bits",
        Shape::Int64 => "a whole number",
        Shape::Number => "a number",
        Shape::IntOrText => "a whole number or a text",
        Shape::Quantity => "a quantity, as `500m` or `1Gi`,",
        Shape::AnyObject | Shape::Object(_) | Shape::Map(_) => "an object",
        Shape::List(_) => "a list",
        Shape::Anything => "a value",
    }
}

/// A node of another type than the field has.
pub(super) fn wrong(tree: &Tree, text: &str, cursor: &Cursor<'_>, expected: &str) -> Diagnostic {
    let found = scalar(tree, text).map_or_else(|| tree.kind().to_owned(), |value| value.words());
    let message = format!("{} is {found}, but {expected} is needed", cursor.words());
    Diagnostic::error(codes::ARGO_TYPE, &cursor.place(), message)
}

/// Something that is no list where one is needed.
pub(super) fn no_list(tree: &Tree, text: &str, cursor: &Cursor<'_>, inner: &Shape) -> Diagnostic {
    let diagnostic = wrong(tree, text, cursor, "a list");
    match inner {
        Shape::List(_) => diagnostic.help("write a list of lists: the items of each inner one run at once"),
        Shape::Object(_) if tree.get("name").is_some() => {
            diagnostic.help("write `- ` before its first field")
        }
        Shape::Text => diagnostic.help("write `[…]` around it, with a text for each item"),
        _ => diagnostic,
    }
}

/// A scalar of another type than the field has, with what to write instead.
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
        (Shape::Text, Scalar::Truth(truth)) if written != truth.to_string() => diagnostic
            .note(format!("`{written}` without quotes is a truth value in YAML 1.1, which Argo reads"))
            .help(format!("write `\"{written}\"`")),
        (Shape::Text, Scalar::Truth(_) | Scalar::Int(_) | Scalar::Float(_)) => {
            diagnostic.help(format!("write it in quotes: `\"{written}\"`"))
        }
        (Shape::Quantity, Scalar::Float(_)) => diagnostic
            .note("the API server takes whole numbers and texts here")
            .help(format!("write it in quotes: `\"{written}\"`")),
        (Shape::Truth, Scalar::Text(word)) if matches!(&**word, "true" | "false") => {
            diagnostic.help(format!("write {word} without quotes"))
        }
        (Shape::Int32 | Shape::Int64 | Shape::Number, Scalar::Text(number))
            if number.parse::<i64>().is_ok() =>
        {
            diagnostic.help(format!("write {number} without quotes"))
        }
        (Shape::Int32 | Shape::Int64 | Shape::Truth, Scalar::Text(word)) if has_tag(word) => {
            diagnostic.note("tags become texts, so none can stand here")
        }
        _ => diagnostic,
    }
}

/// A field that is required and not there.
pub(super) fn missing(field: &str, cursor: &Cursor<'_>) -> Diagnostic {
    let message = format!("{} has no `{field}`, which is required", cursor.words());
    Diagnostic::error(codes::ARGO_MISSING, &cursor.place(), message)
}
