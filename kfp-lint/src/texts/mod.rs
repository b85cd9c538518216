//! The texts of a manifest in their languages: tags, expressions, conditions and `depends`.
//!
//! What is told here needs no more than the text and the field that it stands in. Which variables exist there is
//! looked at elsewhere; here a parameter is a text, whatever its name.

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

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Language {
    /// Anything, with tags in it.
    Tags,
    /// An expression without braces, and what it should give.
    Expression(Wanted),
    When,
    Depends,
    /// Names of tasks, which become a `depends`.
    Dependencies,
}

/// What an expression should give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Anything,
    Boolean,
    /// The same, without the functions of Argo.
    BareBoolean,
}

/// What is wrong with the texts below the node.
pub(crate) fn diagnose(tree: &Tree, place: &Place, found: &mut Vec<Diagnostic>) {
    below(tree, &Cursor::at(place), Above::default(), found);
}

/// The keys above a node, from the nearest on.
#[derive(Debug, Clone, Copy, Default)]
struct Above<'t>([&'t str; 3]);

impl<'t> Above<'t> {
    fn below(self, key: &'t str) -> Self {
        Self([key, self.0[0], self.0[1]])
    }

    /// Whether this is the list of steps that transform data.
    fn is_transformation(self) -> bool {
        matches!(self.0, ["transformation", "data", "templates" | "inline" | "templateDefaults"])
    }

    fn language(self) -> Language {
        match self.0 {
            // The hooks of a workflow and of a task have names between `hooks` and the field.
            ["expression", _, "hooks"] | ["expression", "retryStrategy", _] => {
                Language::Expression(Wanted::Boolean)
            }
            ["expression", "stopStrategy", _] | ["successCondition", "http", _] => {
                Language::Expression(Wanted::BareBoolean)
            }
            ["expression", "valueFrom", _] | ["fromExpression", ..] | ["expression", _, "labelsFrom"] => {
                Language::Expression(Wanted::Anything)
            }
            ["when", ..] => Language::When,
            ["depends", ..] => Language::Depends,
            ["dependencies", "tasks", _] => Language::Dependencies,
            _ => Language::Tags,
        }
    }
}

/// A place is made for texts that there is something to say of; most are neither code nor hold any.
fn below(tree: &Tree, cursor: &Cursor<'_>, above: Above<'_>, found: &mut Vec<Diagnostic>) {
    match &tree.node {
        Node::Text(text) => {
            let language = above.language();
            if language != Language::Tags || has_tag(text) {
                one(text, language, &cursor.place(), found);
            }
        }
        Node::List(steps) if above.is_transformation() => {
            transformation::diagnose(steps, &cursor.place(), found);
        }
        Node::List(items) => {
            for (idx, item) in items.iter().enumerate() {
                below(item, &cursor.index(idx), above, found);
            }
        }
        Node::Map(entries) => {
            for entry in entries {
                below(&entry.value, &cursor.key(&entry.key), above.below(&entry.key), found);
            }
        }
        Node::Null | Node::Bool(_) | Node::Number(_) => {}
    }
}

fn one(text: &str, language: Language, place: &Place, found: &mut Vec<Diagnostic>) {
    let report = |problem: Problem, of: &str| diagnostic(problem, of, place);
    match language {
        Language::Tags => of_tags(text, place, found),
        Language::Expression(wanted) => of_field(text, wanted, place, found),
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

fn of_field(text: &str, wanted: Wanted, place: &Place, found: &mut Vec<Diagnostic>) {
    let replaced = with_values(text);
    if replaced.trim_start().starts_with("{{") {
        let message = "the field holds an expression, in which a tag has no meaning";
        let diagnostic = Diagnostic::error(codes::EXPRESSION_BRACES, place, message);
        found.push(diagnostic.help("remove the braces, and the `=` behind them"));
        return;
    }
    let expression = match parse(&replaced) {
        Err(error) => {
            found.extend(unreadable(error, text, place));
            return;
        }
        Ok(expression) => expression,
    };
    let scope = if wanted == Wanted::BareBoolean { Scope::bare_open() } else { SCOPE.clone() };
    let checked = check(&expression, &scope);
    // Whoever writes nothing but `true` means it.
    let is_plain = matches!(text.trim(), "true" | "false");
    if wanted != Wanted::Anything && !is_plain {
        found.extend(of_condition(&checked, place));
    }
    found.extend(checked.problems.into_iter().map(|problem| diagnostic(problem, text, place)));
}

/// What a condition should be, beside being right.
fn of_condition(checked: &Checked, place: &Place) -> Option<Diagnostic> {
    match &checked.kind {
        Kind::Boolean if checked.is_constant => Some(Diagnostic::warning(
            codes::EXPRESSION_CONSTANT,
            place,
            "the condition is the same every time",
        )),
        Kind::Boolean | Kind::Unknown | Kind::Any | Kind::Other | Kind::Nothing => None,
        other => {
            let message = format!("the condition gives {}, and no boolean", other.shown());
            Some(
                Diagnostic::error(codes::EXPRESSION_CONDITION, place, message)
                    .help("compare it with something"),
            )
        }
    }
}
