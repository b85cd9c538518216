//! The steps in which a template of the kind `data` transforms what it has found: expressions of a language of their
//! own, as they see nothing but `data`.
//!
//! That is the list of the paths that were found, and in each further step what the one before it gave. Tags are
//! replaced before the steps are read.

use kfp_argo::expression::parse;
use kfp_argo::tag::tags;
use kfp_diag::source::Tree;
use kfp_diag::{Diagnostic, codes};
use kfp_model::Place;

use super::report::{diagnostic, unreadable};
use super::tags::{of_tags, with_names};
use crate::expression::{Kind, Scope, Variable, check};

/// What is said where a name is not there.
const ALONE: &str = "`data` is all that is seen here, without the functions of Argo; what else is needed is pasted by tags, as in `'{{inputs.parameters.…}}'`";

/// What is wrong with the steps.
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

/// What one step makes of the data.
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
    // Nothing is as good as anything else here.
    let problems = checked.problems.into_iter().filter(|problem| problem.code != codes::EXPRESSION_NOTHING);
    found.extend(problems.map(|problem| {
        let is_name = problem.code == codes::EXPRESSION_NAME;
        let diagnostic = diagnostic(problem, text, place);
        if is_name { diagnostic.note(ALONE) } else { diagnostic }
    }));
    variable(&checked.kind)
}

/// What a step gives is what the next one sees.
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
