//! Numbers, lengths, counts, choices and patterns that the API server sets.

use kfp_diag::spelling::{counted, list, nearest};
use kfp_diag::{Diagnostic, codes};

use super::patterns;
use super::table::Limits;
use crate::cursor::Cursor;
use crate::scalar::Scalar;

/// How many items a list has.
pub(super) fn count(items: usize, limits: &Limits, cursor: &Cursor<'_>, found: &mut Vec<Diagnostic>) {
    let message = match (limits.items, limits.fewest) {
        (Some(most), _) if items > most => {
            let name = cursor.words();
            format!("{name} has {}, but the API server takes {most} at most", counted(items, "item"))
        }
        (_, Some(fewest)) if items < fewest => {
            let name = cursor.words();
            format!("{name} has {}, but {fewest} at least are needed", counted(items, "item"))
        }
        _ => return,
    };
    let diagnostic = Diagnostic::error(codes::ARGO_LIMIT, &cursor.place(), message);
    found.push(match cursor.name() {
        Some("templates") if items > 0 => {
            diagnostic.help("move some to a `WorkflowTemplate`, and call them by `templateRef`")
        }
        Some("tasks") if items > 0 => {
            diagnostic.help("move some to a template of their own, which one task calls")
        }
        _ => diagnostic,
    });
}

/// A number or a text.
pub(super) fn scalar(value: &Scalar<'_>, limits: &Limits, cursor: &Cursor<'_>, found: &mut Vec<Diagnostic>) {
    if let Scalar::Text(text) = value {
        found.extend(text_limit(text, limits, cursor));
        return;
    }
    let Some(number) = value.whole() else { return };
    let message = match (limits.most, limits.least) {
        (Some(most), _) if number > most => format!("{} is {number}, but {most} is the most", cursor.words()),
        (_, Some(least)) if number < least => {
            format!("{} is {number}, but {least} is the least", cursor.words())
        }
        _ => return,
    };
    found.push(Diagnostic::error(codes::ARGO_LIMIT, &cursor.place(), message));
}

fn text_limit(text: &str, limits: &Limits, cursor: &Cursor<'_>) -> Option<Diagnostic> {
    if let Some(choice) = &limits.choice
        && !choice.contains(&text)
    {
        let words = choice.iter().copied().filter(|word| !word.is_empty());
        let message = format!("`{text}` is no value for {}", cursor.words());
        let diagnostic = Diagnostic::error(codes::ARGO_CHOICE, &cursor.place(), message);
        return Some(match nearest(text, words.clone()) {
            Some(right) => diagnostic.help(format!("use `{right}`")),
            None => diagnostic.help(format!("the values are {}", list(words))),
        });
    }
    let length = || text.chars().count();
    let message = match (limits.longest, limits.shortest) {
        (Some(longest), _) if text.len() > longest && length() > longest => {
            format!("{} has {} characters, but {longest} are the most", cursor.words(), length())
        }
        (_, Some(shortest)) if length() < shortest => format!("{} is empty", cursor.words()),
        _ => return pattern(text, limits, cursor),
    };
    Some(Diagnostic::error(codes::ARGO_LIMIT, &cursor.place(), message))
}

fn pattern(text: &str, limits: &Limits, cursor: &Cursor<'_>) -> Option<Diagnostic> {
    let pattern = patterns::of(limits.pattern?)?;
    if (pattern.matches)(text) {
        return None;
    }
    let message = format!("`{text}` is no {}", pattern.noun);
    Some(Diagnostic::error(codes::ARGO_PATTERN, &cursor.place(), message).help(pattern.help))
}
