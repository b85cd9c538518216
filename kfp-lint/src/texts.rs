//! The texts of a manifest in their languages: tags, expressions, conditions and `depends`.
//!
//! What is told here needs no more than the text and the field that it stands in. Which variables exist there is
//! looked at elsewhere; here a parameter is a text, whatever its name.

use std::borrow::Cow;
use std::sync::LazyLock;

use kfp_diag::source::{Node, Tree};
use kfp_diag::{Diagnostic, codes};
use kfp_model::Place;

use crate::expression::{
    Checked, Gravity, Kind, Problem, Scope, Variable, check, depends, is_reserved, when,
};
use crate::structure::spot::Spot;
use crate::transformation;
use kfp_argo::expression::{SyntaxError, parse};
use kfp_argo::tag::{Tag, TagKind, has_tag, tags};

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
    below(tree, &Spot::at(place), Above::default(), found);
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
fn below(tree: &Tree, spot: &Spot<'_>, above: Above<'_>, found: &mut Vec<Diagnostic>) {
    match &tree.node {
        Node::Text(text) => {
            let language = above.language();
            if language != Language::Tags || has_tag(text) {
                one(text, language, &spot.place(), found);
            }
        }
        Node::List(steps) if above.is_transformation() => {
            transformation::diagnose(steps, &spot.place(), found);
        }
        Node::List(items) => {
            for (idx, item) in items.iter().enumerate() {
                below(item, &spot.index(idx), above, found);
            }
        }
        Node::Map(entries) => {
            for entry in entries {
                below(&entry.value, &spot.key(&entry.key), above.below(&entry.key), found);
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

pub(crate) fn of_tags(text: &str, place: &Place, found: &mut Vec<Diagnostic>) {
    // Tags without an end are told of by the rule of tags.
    for tag in tags(text).map_while(Result::ok).filter(|tag| tag.kind == TagKind::Expression) {
        if let Some(braces) = braces(text, tag.span().end, tag.content, place) {
            found.push(braces);
            continue;
        }
        match parse(tag.content) {
            Err(error) => found.extend(unreadable(error, tag.content, place)),
            Ok(expression) => {
                let checked = check(&expression, &SCOPE);
                found.extend(
                    checked.problems.into_iter().map(|problem| diagnostic(problem, tag.content, place)),
                );
            }
        }
    }
}

/// What is wrong with the braces of a tag: another tag in it, or an end before the end.
fn braces(text: &str, end: usize, content: &str, place: &Place) -> Option<Diagnostic> {
    let inner = has_tag(content);
    // An end that came too early leaves quotes or brackets open, and the rest of the expression behind it.
    let early =
        || parse(content).is_err_and(|error| error.span.end >= content.len()) && text[end..].contains("}}");
    let message = if inner {
        "`{{` stands inside of a tag, where it begins no other one"
    } else if early() {
        "the tag ends at the first `}}`, before the expression does"
    } else {
        return None;
    };
    let diagnostic = Diagnostic::error(codes::TAG_BRACES, place, message).note(at(content));
    Some(if inner {
        diagnostic.help("name the variable without braces, or write `'{' + '{'` in a text")
    } else {
        diagnostic.help("write `} }` with a blank, or `'}' + '}'` in a text")
    })
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

/// The text with a name in the place of each tag that Argo replaces before it reads the expression.
pub(crate) fn with_values(text: &str) -> Cow<'_, str> {
    let known_before = |name: &str| {
        ["inputs.", "workflow.", "item."].iter().any(|root| name.starts_with(root)) || name == "item"
    };
    with_names(text, |tag| tag.kind == TagKind::Simple && known_before(tag.name()))
}

/// The text with a name in the place of some of its tags.
pub(crate) fn with_names(text: &str, which: impl Fn(&Tag<'_>) -> bool) -> Cow<'_, str> {
    let mut replaced = Cow::Borrowed(text);
    for tag in tags(text).map_while(Result::ok).filter(which) {
        let span = tag.span();
        // Of the same length, so that places in the text stay what they are.
        replaced.to_mut().replace_range(span.clone(), &"x".repeat(span.len()));
    }
    replaced
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

pub(crate) fn unreadable(error: SyntaxError, of: &str, place: &Place) -> Option<Diagnostic> {
    if error.beyond_limits {
        return None;
    }
    let diagnostic = Diagnostic::error(codes::EXPRESSION_SYNTAX, place, error.message);
    let here = of.get(error.span.start..).unwrap_or_default();
    let before = of.get(..error.span.start).unwrap_or_default();
    let shown = if here.is_empty() { format!("after `{}`", end_of(before)) } else { at(here) };
    let diagnostic = diagnostic.note(shown);
    Some(match error.help {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    })
}

pub(crate) fn diagnostic(problem: Problem, of: &str, place: &Place) -> Diagnostic {
    let diagnostic = match problem.gravity {
        Gravity::Hazard => Diagnostic::warning(problem.code, place, problem.message),
        Gravity::Fails | Gravity::Refused => Diagnostic::error(problem.code, place, problem.message),
    };
    let part = of.get(problem.span).unwrap_or_default();
    let diagnostic = if part.is_empty() || part == of { diagnostic } else { diagnostic.note(at(part)) };
    match problem.help {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    }
}

/// Most characters of a text that a note shows.
const SHOWN: usize = 60;

fn at(part: &str) -> String {
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

/// What variables are, wherever they may be seen.
static SCOPE: LazyLock<Scope> = LazyLock::new(|| {
    let mut scope = Scope::argo();
    scope.open(&[], Variable::Unknown);
    for name in
        ["retries", "lastRetry.exitCode", "lastRetry.status", "lastRetry.duration", "lastRetry.message"]
    {
        scope.set_dotted(name, Variable::Text);
    }
    for name in
        ["name", "namespace", "mainEntrypoint", "serviceAccountName", "uid", "status", "failures", "duration"]
    {
        scope.set(&["workflow", name], Variable::Text);
    }
    scope.open(&["workflow"], Variable::Unknown);
    for path in [["workflow", "parameters"], ["inputs", "parameters"]] {
        scope.open(&path, Variable::Text);
    }
    scope.open(&["inputs"], Variable::Unknown);
    let mut node = Scope::default();
    for name in [
        "status",
        "id",
        "ip",
        "startedAt",
        "finishedAt",
        "hostNodeName",
        "outputs.result",
        "outputs.exitCode",
    ] {
        node.set_dotted(name, Variable::Text);
    }
    node.open(&["outputs", "parameters"], Variable::Text);
    node.open(&["outputs"], Variable::Unknown);
    node.open(&[], Variable::Unknown);
    let node = node.into_map();
    for of in ["tasks", "steps"] {
        scope.open(&[of], node.clone());
        scope.set(&[of, "name"], Variable::Unknown);
    }
    scope
});
