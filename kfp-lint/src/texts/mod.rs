//! Checks the strings of a manifest that contain code: tags, expressions, conditions and `depends`.
//!
//! These checks need only the string and the field that contains it. Which variables exist there is checked
//! elsewhere; here, every parameter is a string, whatever its name.

mod report;
mod tags;
mod transformation;

use kfp_argo::expression::{is_reserved, parse};
use kfp_argo::tag::has_tag;
use kfp_diag::source::{Node, Tree};
use kfp_diag::{Diagnostic, codes};
use kfp_model::Place;

use self::report::{diagnostic, unreadable};
use self::tags::{SCOPE, of_tags};
use crate::cursor::Cursor;
use crate::expression::{Checked, Kind, Problem, Scope, check, depends, when};

pub(crate) use self::tags::with_values;

/// The language of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Language {
    /// Text that may contain tags.
    Tags,
    /// An expression without braces, and its expected result.
    Expression(Expected),
    When,
    Depends,
    /// Names of tasks. Argo converts them to a `depends`.
    Dependencies,
}

/// The expected result of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expected {
    Anything,
    Boolean,
    /// A boolean, in a scope without the functions of Argo.
    BareBoolean,
}

/// Checks all strings in the node.
pub(crate) fn diagnose(tree: &Tree, place: &Place, found: &mut Vec<Diagnostic>) {
    below(tree, &Cursor::at(place), Keys::default(), found);
}

/// The keys of a node and its ancestors, the nearest first.
#[derive(Debug, Clone, Copy, Default)]
struct Keys<'t>([&'t str; 3]);

impl<'t> Keys<'t> {
    fn push(self, key: &'t str) -> Self {
        Self([key, self.0[0], self.0[1]])
    }

    /// Returns whether this is the list of steps of a `transformation`.
    fn is_transformation(self) -> bool {
        matches!(self.0, ["transformation", "data", "templates" | "inline" | "templateDefaults"])
    }

    fn language(self) -> Language {
        match self.0 {
            // The name of a hook is between `hooks` and the field.
            ["expression", _, "hooks"] | ["expression", "retryStrategy", _] => {
                Language::Expression(Expected::Boolean)
            }
            ["expression", "stopStrategy", _] | ["successCondition", "http", _] => {
                Language::Expression(Expected::BareBoolean)
            }
            ["expression", "valueFrom", _] | ["fromExpression", ..] | ["expression", _, "labelsFrom"] => {
                Language::Expression(Expected::Anything)
            }
            ["when", ..] => Language::When,
            ["depends", ..] => Language::Depends,
            ["dependencies", "tasks", _] => Language::Dependencies,
            _ => Language::Tags,
        }
    }
}

/// Checks the strings in a node. Places are created only for strings with code, which are few.
fn below(tree: &Tree, cursor: &Cursor<'_>, keys: Keys<'_>, found: &mut Vec<Diagnostic>) {
    match &tree.node {
        Node::Text(text) => {
            let language = keys.language();
            if language != Language::Tags || has_tag(text) {
                one(text, language, &cursor.place(), found);
            }
        }
        Node::List(steps) if keys.is_transformation() => {
            transformation::diagnose(steps, &cursor.place(), found);
        }
        Node::List(items) => {
            for (idx, item) in items.iter().enumerate() {
                below(item, &cursor.index(idx), keys, found);
            }
        }
        Node::Map(entries) => {
            for entry in entries {
                below(&entry.value, &cursor.key(&entry.key), keys.push(&entry.key), found);
            }
        }
        Node::Null | Node::Bool(_) | Node::Number(_) => {}
    }
}

fn one(text: &str, language: Language, place: &Place, found: &mut Vec<Diagnostic>) {
    let report = |problem: Problem, of: &str| diagnostic(problem, of, place);
    match language {
        Language::Tags => of_tags(text, place, found),
        Language::Expression(expected) => of_field(text, expected, place, found),
        Language::When => {
            of_tags(text, place, found);
            found.extend(when(text).into_iter().map(|problem| report(problem, text)));
        }
        Language::Depends => {
            found.extend(depends(text).problems.into_iter().map(|problem| report(problem, text)));
        }
        Language::Dependencies if is_reserved(text) => {
            found.extend(
                depends(&format!("{text}.Succeeded"))
                    .problems
                    .into_iter()
                    .map(|problem| report(problem, text)),
            );
        }
        Language::Dependencies => {}
    }
}

fn of_field(text: &str, expected: Expected, place: &Place, found: &mut Vec<Diagnostic>) {
    let replaced = with_values(text);
    if replaced.trim_start().starts_with("{{") {
        let message = "tags are not allowed in an expression field";
        let diagnostic = Diagnostic::error(codes::EXPRESSION_BRACES, place, message);
        found.push(diagnostic.help("remove the braces and the `=` after them"));
        return;
    }
    let expression = match parse(&replaced) {
        Err(error) => {
            found.extend(unreadable(error, text, place));
            return;
        }
        Ok(expression) => expression,
    };
    let scope = if expected == Expected::BareBoolean { Scope::bare_open() } else { SCOPE.clone() };
    let checked = check(&expression, &scope);
    // A literal `true` or `false` is intended.
    let is_plain = matches!(text.trim(), "true" | "false");
    if expected != Expected::Anything && !is_plain {
        found.extend(of_condition(&checked, place));
    }
    found.extend(checked.problems.into_iter().map(|problem| diagnostic(problem, text, place)));
}

/// Checks that a condition is a boolean and not constant.
fn of_condition(checked: &Checked, place: &Place) -> Option<Diagnostic> {
    match &checked.kind {
        Kind::Boolean if checked.is_constant => {
            Some(Diagnostic::warning(codes::EXPRESSION_CONSTANT, place, "the condition is constant"))
        }
        Kind::Boolean | Kind::Unknown | Kind::Any | Kind::Other | Kind::Nothing => None,
        other => {
            let message = format!("expected a boolean condition, found {}", other.shown());
            Some(
                Diagnostic::error(codes::EXPRESSION_CONDITION, place, message)
                    .help("compare the value, such as `… > 0` for a number or `… == 'true'` for a string"),
            )
        }
    }
}
