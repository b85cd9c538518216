//! The limits of the API server on numbers, lengths, counts, choices and patterns.

use kfp_diag::spelling::{counted, list, nearest};
use kfp_diag::{Diagnostic, codes};

use super::patterns;
use super::table::Limits;
use crate::cursor::Cursor;
use crate::scalar::Scalar;

/// Checks the number of items of a list.
pub(super) fn count(items: usize, limits: &Limits, cursor: &Cursor<'_>, found: &mut Vec<Diagnostic>) {
    let message = match (limits.items, limits.fewest) {
        (Some(most), _) if items > most => {
            let name = cursor.describe();
            format!("{name} has {}, but the maximum is {most}", counted(items, "item"))
        }
        (_, Some(fewest)) if items < fewest => {
            let name = cursor.describe();
            format!("{name} has {}, but the minimum is {fewest}", counted(items, "item"))
        }
        _ => return,
    };
    let diagnostic = Diagnostic::error(codes::ARGO_LIMIT, &cursor.place(), message);
    found.push(match cursor.name() {
        Some("templates") if items > 0 => {
            diagnostic.help("move some of them to a `WorkflowTemplate` and call them with `templateRef`")
        }
        Some("tasks") if items > 0 => {
            diagnostic.help("move some of them to a separate template that one task calls")
        }
        _ => diagnostic,
    });
}

/// Checks a number or a string.
pub(super) fn scalar(value: &Scalar<'_>, limits: &Limits, cursor: &Cursor<'_>, found: &mut Vec<Diagnostic>) {
    if let Scalar::String(text) = value {
        found.extend(text_limit(text, limits, cursor));
        return;
    }
    let Some(number) = value.integer() else { return };
    let message = match (limits.most, limits.least) {
        (Some(most), _) if number > most => {
            format!("{} is {number}, but the maximum is {most}", cursor.describe())
        }
        (_, Some(least)) if number < least => {
            format!("{} is {number}, but the minimum is {least}", cursor.describe())
        }
        _ => return,
    };
    found.push(Diagnostic::error(codes::ARGO_LIMIT, &cursor.place(), message));
}

fn text_limit(text: &str, limits: &Limits, cursor: &Cursor<'_>) -> Option<Diagnostic> {
    if let Some(choice) = &limits.choice
        && !choice.contains(&text)
    {
        let values = choice.iter().copied().filter(|value| !value.is_empty());
        let message = format!("invalid value `{text}` for {}", cursor.describe());
        let diagnostic = Diagnostic::error(codes::ARGO_CHOICE, &cursor.place(), message);
        return Some(match nearest(text, values.clone()) {
            Some(right) => diagnostic.help(format!("use `{right}`")),
            None => diagnostic.help(format!("use one of {}", list(values))),
        });
    }
    let length = || text.chars().count();
    let message = match (limits.longest, limits.shortest) {
        (Some(longest), _) if text.len() > longest && length() > longest => {
            format!("{} is {} characters long, but the maximum is {longest}", cursor.describe(), length())
        }
        (_, Some(shortest)) if length() < shortest => format!("{} is empty", cursor.describe()),
        _ => return pattern(text, limits, cursor),
    };
    Some(Diagnostic::error(codes::ARGO_LIMIT, &cursor.place(), message))
}

fn pattern(text: &str, limits: &Limits, cursor: &Cursor<'_>) -> Option<Diagnostic> {
    let pattern = patterns::of(limits.pattern?)?;
    if (pattern.matches)(text) {
        return None;
    }
    let message = format!("invalid {} `{text}`", pattern.noun);
    Some(Diagnostic::error(codes::ARGO_PATTERN, &cursor.place(), message).help(pattern.help))
}
