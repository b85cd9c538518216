//! Type-checks an expression in a scope.
//!
//! An expression is checked in two passes. The engine compiles it knowing only the types of top-level variables, and
//! rejects it if those do not fit; the first pass does the same. The second pass knows that parameters are strings, and
//! finds what fails or has unexpected results when it is evaluated.

mod builtin;
mod call;
mod kind;
mod library;
mod name;
mod operator;
mod path;
mod predicate;
mod signature;
mod walk;

use std::collections::BTreeSet;

use kfp_argo::expression::{Expression, Form, NodeId};
use kfp_diag::codes;
pub use kind::Kind;

use super::problem::{Impact, Problem};
use super::scope::Scope;
use walk::Walk;

/// The result of checking an expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// The type of the expression, as far as known.
    pub kind: Kind,
    /// Whether the value is constant: the expression reads no variables and no clock.
    pub is_constant: bool,
    /// The problems, in source order.
    pub problems: Vec<Problem>,
}

/// A pass of the check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pass {
    /// Finds what the engine rejects at compile time.
    Engine,
    /// Finds what fails or has unexpected results at run time.
    Values,
}

/// Checks an expression in a scope.
///
/// ```
/// use kfp_argo::expression::parse;
/// use kfp_lint::expression::{Impact, Kind, Scope, Variable, check};
/// let mut scope = Scope::argo();
/// scope.set_dotted("lastRetry.exitCode", Variable::Text);
/// let check = |text| check(&parse(text).unwrap(), &scope);
///
/// assert_eq!(check("asInt(lastRetry.exitCode) > 1").kind, Kind::Boolean);
/// let found = check("lastRetry.exitCode == 1");
/// assert_eq!(found.problems[0].impact, Impact::Hazard);
/// assert_eq!(found.problems[0].message, "a string is never equal to a number");
/// assert_eq!(check("lastRetry.exitCode > 1").problems[0].impact, Impact::Fails);
/// assert_eq!(check("lastRetry > 1").problems[0].impact, Impact::Rejected);
/// ```
pub fn check(expression: &Expression, scope: &Scope) -> Checked {
    let mut engine = Walk::new(expression, scope, Pass::Engine, BTreeSet::new());
    engine.visit(expression.root());
    let reported = engine.problems.iter().map(|(id, _)| *id).collect();
    let mut values = Walk::new(expression, scope, Pass::Values, reported);
    let kind = values.visit(expression.root());
    let mut problems: Vec<Problem> =
        engine.problems.into_iter().chain(values.problems).map(|(_, problem)| problem).collect();
    name::missing(expression, scope, &mut problems);
    if kind == Kind::Nothing {
        let span = expression.node(expression.root()).span.clone();
        let problem =
            Problem::new(codes::EXPRESSION_NOTHING, Impact::Fails, span, "the expression is always nil");
        problems.push(problem.help("use a value such as `''` instead of `nil`"));
    }
    problems.sort_by_key(|problem| (problem.span.start, problem.span.end));
    problems.dedup();
    Checked { kind, is_constant: is_constant(expression, expression.root()), problems }
}

/// Returns whether the value of the node is the same in every evaluation.
fn is_constant(expression: &Expression, root: NodeId) -> bool {
    let mut open = vec![root];
    while let Some(id) = open.pop() {
        match expression.form(id) {
            Form::Name(_) | Form::Call { .. } | Form::Pointer(_) => return false,
            // JSON literals are usually generated, so they are not reported as constant.
            Form::Builtin { name, .. } if name == "now" || name == "fromJSON" => return false,
            _ => open.extend(expression.children(id)),
        }
    }
    true
}

#[cfg(test)]
mod tests;
