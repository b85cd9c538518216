//! Names and paths as they are written, and those that lead nowhere.

use std::collections::BTreeMap;

use kfp_argo::expression::{BinaryOperator, Expression, Form, NodeId};
use kfp_argo::expression::{Reference, references};
use kfp_diag::codes;
use kfp_diag::spelling::{list, nearest};

use super::library::FUNCTIONS;
use crate::expression::problem::{Gravity, Problem};
use crate::expression::scope::{Names, Scope, Variable};

/// Adds the paths that lead nowhere.
pub(super) fn missing(expression: &Expression, scope: &Scope, problems: &mut Vec<Problem>) {
    for reference in references(expression) {
        if scope.argo && FUNCTIONS.contains(&reference.path[0].as_str()) {
            continue;
        }
        let Some(steps) = lost(scope, &reference) else { continue };
        let told = |problem: &Problem| {
            problem.code == codes::EXPRESSION_NAME && problem.span.start == reference.span.start
        };
        if problems.iter().any(told) {
            continue;
        }
        let path: Vec<&str> = reference.path[..steps].iter().map(String::as_str).collect();
        let (message, help) = unknown(scope, &path, None);
        let gravity = if reference.guards.coalesced || reference.guards.optional {
            Gravity::Hazard
        } else {
            Gravity::Fails
        };
        let problem = Problem::new(codes::EXPRESSION_NAME, gravity, reference.span, message);
        problems.push(Problem { help, ..problem });
    }
}

/// After how many steps the path leads nowhere.
fn lost(scope: &Scope, reference: &Reference) -> Option<usize> {
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

/// What to say of a path whose last step is unknown, and which may have been cut off from a longer name.
pub(super) fn unknown(scope: &Scope, path: &[&str], cut: Option<String>) -> (String, Option<String>) {
    let (last, before) = path.split_last().unwrap_or((&"", &[]));
    let message = format!("there is no `{}`", shown(path));
    if let Some(name) = cut {
        return (message, Some(format!("a name with `-` is written `['{name}']`")));
    }
    let names = at(&scope.names, before);
    let known: Vec<&str> = names.map(|names| names.known().collect()).unwrap_or_default();
    let help = match nearest(last, &known) {
        Some(near) => {
            Some(format!("there is `{}`", shown(&before.iter().copied().chain([near]).collect::<Vec<_>>())))
        }
        None if known.is_empty() => None,
        None => Some(format!("there {} {}", if known.len() == 1 { "is" } else { "are" }, list(&known))),
    };
    (message, help)
}

fn at<'s>(names: &'s Names, path: &[&str]) -> Option<&'s Names> {
    path.iter().try_fold(names, |names, step| match names.get(step)? {
        Variable::Map(inner) => Some(inner),
        _ => None,
    })
}

/// The path as it is written.
fn shown(path: &[&str]) -> String {
    let plain = |step: &str| step.chars().all(|sign| sign.is_alphanumeric() || sign == '_');
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

/// The names that were meant where `tasks.a-b` takes `b` away from `tasks.a`, by the node of `b`.
pub(super) fn cut_at_signs(expression: &Expression) -> BTreeMap<NodeId, String> {
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

/// The node that a path begins with.
fn leftmost(expression: &Expression, id: NodeId) -> NodeId {
    let mut current = id;
    while let Form::Member { base: next, .. } | Form::Chain(next) = expression.form(current) {
        current = *next;
    }
    current
}

/// The steps of a path of which all are fixed.
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
