//! What is wrong with an expression where the names of its scope are known.
//!
//! An expression is looked at twice. The engine, which compiles it, knows no more than what each variable of the
//! outermost level is, and refuses everything if that contradicts itself; so the first look knows no more either.
//! The second one knows that parameters are texts, and finds what would fail or surprise once it is evaluated.

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

use super::problem::{Gravity, Problem};
use super::scope::Scope;
use walk::Walk;

/// What a check says of an expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// What the expression gives, as far as it is known.
    pub kind: Kind,
    /// Whether it gives the same every time, as it reads no variable and no clock.
    pub is_constant: bool,
    /// What is wrong with it, in the order of the text.
    pub problems: Vec<Problem>,
}

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    /// What the engine refuses.
    Engine,
    /// What goes wrong with the values that variables have.
    Values,
}

/// Checks an expression against the names that it can see.
///
/// ```
/// use kfp_argo::expression::parse;
/// use kfp_lint::expression::{Gravity, Kind, Scope, Variable, check};
/// let mut scope = Scope::argo();
/// scope.set_dotted("lastRetry.exitCode", Variable::Text);
/// let check = |text| check(&parse(text).unwrap(), &scope);
///
/// assert_eq!(check("asInt(lastRetry.exitCode) > 1").kind, Kind::Boolean);
/// let found = check("lastRetry.exitCode == 1");
/// assert_eq!(found.problems[0].gravity, Gravity::Hazard);
/// assert_eq!(found.problems[0].message, "a text is never equal to a number");
/// assert_eq!(check("lastRetry.exitCode > 1").problems[0].gravity, Gravity::Fails);
/// assert_eq!(check("lastRetry > 1").problems[0].gravity, Gravity::Refused);
/// ```
pub fn check(expression: &Expression, scope: &Scope) -> Checked {
    let mut engine = Walk::new(expression, scope, Look::Engine, BTreeSet::new());
    engine.visit(expression.root());
    let reported = engine.problems.iter().map(|(id, _)| *id).collect();
    let mut values = Walk::new(expression, scope, Look::Values, reported);
    let kind = values.visit(expression.root());
    let mut problems: Vec<Problem> =
        engine.problems.into_iter().chain(values.problems).map(|(_, problem)| problem).collect();
    name::missing(expression, scope, &mut problems);
    if kind == Kind::Nothing {
        let span = expression.node(expression.root()).span.clone();
        let problem =
            Problem::new(codes::EXPRESSION_NOTHING, Gravity::Fails, span, "the expression gives nothing");
        problems.push(problem.help("give a value, as `''`, in the place of `nil`"));
    }
    problems.sort_by_key(|problem| (problem.span.start, problem.span.end));
    problems.dedup();
    Checked { kind, is_constant: is_constant(expression, expression.root()), problems }
}

/// Whether nothing below the node changes from one evaluation to the next.
fn is_constant(expression: &Expression, root: NodeId) -> bool {
    let mut open = vec![root];
    while let Some(id) = open.pop() {
        match expression.form(id) {
            Form::Name(_) | Form::Call { .. } | Form::Pointer(_) => return false,
            // What stands there as JSON was put there by a program, which knows no better.
            Form::Builtin { name, .. } if name == "now" || name == "fromJSON" => return false,
            _ => open.extend(expression.children(id)),
        }
    }
    true
}

#[cfg(test)]
mod tests;
