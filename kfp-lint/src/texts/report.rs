//! Converts problems in one of Argo's languages to diagnostics that show the affected part.

use kfp_argo::expression::SyntaxError;
use kfp_diag::{Diagnostic, codes};
use kfp_model::Place;

use crate::expression::{Impact, Problem, hyphenated, in_expression};

/// The maximum number of characters that a note shows.
const SHOWN: usize = 60;

pub(super) fn diagnostic(problem: Problem, of: &str, place: &Place) -> Diagnostic {
    let diagnostic = match problem.impact {
        Impact::Hazard => Diagnostic::warning(problem.code, place, problem.message),
        Impact::Fails | Impact::Rejected => Diagnostic::error(problem.code, place, problem.message),
    };
    let part = of.get(problem.span).unwrap_or_default();
    let diagnostic = if part.is_empty() || part == of { diagnostic } else { diagnostic.note(at(part)) };
    match problem.help {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    }
}

pub(super) fn unreadable(error: SyntaxError, of: &str, place: &Place) -> Option<Diagnostic> {
    if error.beyond_limits {
        return None;
    }
    let diagnostic = Diagnostic::error(codes::EXPRESSION_SYNTAX, place, error.message);
    let here = of.get(error.span.start..).unwrap_or_default();
    let before = of.get(..error.span.start).unwrap_or_default();
    let shown = if here.is_empty() { format!("after `{}`", end_of(before)) } else { at(here) };
    let diagnostic = diagnostic.note(shown);
    if let Some(name) = hyphenated(of, error.span.start) {
        return Some(diagnostic.help(format!("use `{}`", in_expression(&of[name]))));
    }
    Some(match error.help {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    })
}

pub(super) fn at(part: &str) -> String {
    let line = part.trim().lines().next().unwrap_or_default();
    match line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("at `{}…`", &line[..end]),
        None => format!("at `{line}`"),
    }
}

fn end_of(text: &str) -> String {
    let line = text.trim().lines().next_back().unwrap_or_default();
    let skipped = line.chars().count().saturating_sub(SHOWN);
    line.chars().skip(skipped).collect()
}
