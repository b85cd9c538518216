//! Checks that paths of names exist.

use std::collections::BTreeMap;

use kfp_argo::expression::{BinaryOperator, Expression, Form, NodeId};
use kfp_argo::expression::{Reference, references};
use kfp_diag::codes;
use kfp_diag::spelling::{list, nearest};

use super::library::FUNCTIONS;
use crate::expression::problem::{Impact, Problem};
use crate::expression::scope::{Names, Scope, Variable};

/// Reports paths that do not exist.
pub(super) fn missing(expression: &Expression, scope: &Scope, problems: &mut Vec<Problem>) {
    for reference in references(expression) {
        if scope.argo && FUNCTIONS.contains(&reference.path[0].as_str()) {
            continue;
        }
        let Some(steps) = missing_at(scope, &reference) else { continue };
        let is_reported = |problem: &Problem| {
            problem.code == codes::EXPRESSION_NAME && problem.span.start == reference.span.start
        };
        if problems.iter().any(is_reported) {
            continue;
        }
        let path: Vec<&str> = reference.path[..steps].iter().map(String::as_str).collect();
        let (message, help) = unknown(scope, &path, None);
        let impact = if reference.guards.coalesced || reference.guards.optional {
            Impact::Hazard
        } else {
            Impact::Fails
        };
        let problem = Problem::new(codes::EXPRESSION_NAME, impact, reference.span, message);
        problems.push(Problem { help, ..problem });
    }
}

/// Returns the number of components up to the first that does not exist.
fn missing_at(scope: &Scope, reference: &Reference) -> Option<usize> {
    let mut names = &scope.names;
    for (idx, step) in reference.path.iter().enumerate() {
        match names.get(step) {
            Some(Variable::Map(inner)) => names = inner,
            Some(_) => return None,
            None => return Some(idx + 1),
        }
    }
    None
}

/// Returns the message and help for a path whose last component is unknown. `cut` is the full name if it contains `-`.
pub(super) fn unknown(scope: &Scope, path: &[&str], cut: Option<String>) -> (String, Option<String>) {
    let (last, before) = path.split_last().unwrap_or((&"", &[]));
    let message = format!("unknown name `{}`", shown(path));
    if let Some(name) = cut {
        return (message, Some(format!("use `['{name}']` for a name with `-`")));
    }
    let names = at(&scope.names, before);
    let known: Vec<&str> = names.map(|names| names.known().collect()).unwrap_or_default();
    let help = match nearest(last, &known) {
        Some(near) => {
            Some(format!("use `{}`", shown(&before.iter().copied().chain([near]).collect::<Vec<_>>())))
        }
        None if known.is_empty() => None,
        None if known.len() == 1 => Some(format!("use {}, the only name available here", list(&known))),
        None => Some(format!("use one of {}", list(&known))),
    };
    (message, help)
}

fn at<'s>(names: &'s Names, path: &[&str]) -> Option<&'s Names> {
    path.iter().try_fold(names, |names, step| match names.get(step)? {
        Variable::Map(inner) => Some(inner),
        _ => None,
    })
}

/// Formats the path as in an expression.
fn shown(path: &[&str]) -> String {
    let plain = |step: &str| step.chars().all(|c| c.is_alphanumeric() || c == '_');
    let mut text = String::new();
    for (idx, step) in path.iter().enumerate() {
        match (idx, plain(step)) {
            (0, _) => text.push_str(step),
            (_, true) => text.push_str(&format!(".{step}")),
            (_, false) => text.push_str(&format!("['{step}']")),
        }
    }
    text
}

/// Returns the intended names where `tasks.a-b` subtracts `b` from `tasks.a`, by the node of `b`.
pub(super) fn cut_at_minus(expression: &Expression) -> BTreeMap<NodeId, String> {
    let cut = expression.nodes().filter_map(|(_, node)| {
        let Form::Binary { operator, left, right, operator_span } = &node.form else { return None };
        let (before, after) = (expression.node(*left), leftmost(expression, *right));
        let Form::Name(last) = expression.form(after) else { return None };
        let Form::Member { property, .. } = &before.form else { return None };
        let Form::Text(first) = expression.form(*property) else { return None };
        let tight =
            before.span.end == operator_span.start && operator_span.end == expression.node(after).span.start;
        (*operator == BinaryOperator::Subtract && tight).then(|| (after, format!("{first}-{last}")))
    });
    cut.collect()
}

/// Returns the first node of a path.
fn leftmost(expression: &Expression, id: NodeId) -> NodeId {
    let mut current = id;
    while let Form::Member { base: next, .. } | Form::Chain(next) = expression.form(current) {
        current = *next;
    }
    current
}

/// Returns the components of a path if all of them are constant.
pub(super) fn fixed(expression: &Expression, id: NodeId) -> Option<Vec<&str>> {
    let (mut steps, mut current) = (Vec::new(), id);
    loop {
        match expression.form(current) {
            Form::Chain(inner) => current = *inner,
            Form::Member { base, property, .. } => {
                let Form::Text(step) = expression.form(*property) else { return None };
                steps.push(step.as_str());
                current = *base;
            }
            Form::Name(name) => {
                steps.push(name);
                steps.reverse();
                return Some(steps);
            }
            _ => return None,
        }
    }
}
