//! The `transformation` steps of a `data` template: expressions whose only variable is `data`.
//!
//! `data` is the list of paths that were found, and in each further step the result of the previous one. Tags are
//! replaced before the steps are parsed.

use kfp_argo::expression::parse;
use kfp_argo::tag::tags;
use kfp_diag::source::Tree;
use kfp_diag::{Diagnostic, codes};
use kfp_model::Place;

use super::report::{diagnostic, unreadable};
use super::tags::{of_tags, with_names};
use crate::expression::{Kind, Scope, Variable, check};

/// The note about unknown names.
const ALONE: &str = "only `data` is available here, without the functions of Argo; insert other values with tags such as `'{{inputs.parameters.…}}'`";

/// Checks the steps.
pub(crate) fn diagnose(steps: &[Tree], place: &Place, found: &mut Vec<Diagnostic>) {
    let mut data = Variable::Texts;
    for (idx, step) in steps.iter().enumerate() {
        let text = step.get("expression").and_then(|entry| entry.value.text());
        // A step without an expression does nothing.
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            data = one(text, data, &place.index(idx).key("expression"), found);
        }
    }
}

/// Checks a step and returns the type of its result.
fn one(text: &str, data: Variable, place: &Place, found: &mut Vec<Diagnostic>) -> Variable {
    of_tags(text, place, found);
    let mut scope = Scope::bare();
    scope.set(&["data"], data);
    for tag in tags(text).map_while(Result::ok) {
        scope.set(&[&"x".repeat(tag.span().len())], Variable::Unknown);
    }
    let expression = match parse(&with_names(text, |_| true)) {
        Err(error) => {
            found.extend(unreadable(error, text, place));
            return Variable::Unknown;
        }
        Ok(expression) => expression,
    };
    let checked = check(&expression, &scope);
    // `nil` is a valid result here.
    let problems = checked.problems.into_iter().filter(|problem| problem.code != codes::EXPRESSION_NOTHING);
    found.extend(problems.map(|problem| {
        let is_name = problem.code == codes::EXPRESSION_NAME;
        let diagnostic = diagnostic(problem, text, place);
        if is_name { diagnostic.note(ALONE) } else { diagnostic }
    }));
    variable(&checked.kind)
}

/// Returns the type of `data` in the next step.
fn variable(kind: &Kind) -> Variable {
    match kind {
        Kind::Boolean => Variable::Boolean,
        Kind::Integer => Variable::Integer,
        Kind::Float => Variable::Float,
        Kind::Text => Variable::Text,
        Kind::Texts => Variable::Texts,
        Kind::List(_) => Variable::List,
        _ => Variable::Unknown,
    }
}
