//! Tags in texts: the expressions in them, and texts with names in the place of tags.

use std::borrow::Cow;
use std::sync::LazyLock;

use kfp_argo::expression::parse;
use kfp_argo::tag::{Tag, TagKind, has_tag, tags};
use kfp_diag::{Diagnostic, codes};
use kfp_model::Place;

use super::report::{at, diagnostic, unreadable};
use crate::expression::{Scope, Variable, check};

/// What is wrong with the tags of the text that hold expressions.
pub(super) fn of_tags(text: &str, place: &Place, found: &mut Vec<Diagnostic>) {
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

/// The text with a name in the place of each tag that Argo replaces before it reads the expression.
pub(crate) fn with_values(text: &str) -> Cow<'_, str> {
    let known_before = |name: &str| {
        ["inputs.", "workflow.", "item."].iter().any(|root| name.starts_with(root)) || name == "item"
    };
    with_names(text, |tag| tag.kind == TagKind::Simple && known_before(tag.name()))
}

/// The text with a name in the place of some of its tags.
pub(super) fn with_names(text: &str, which: impl Fn(&Tag<'_>) -> bool) -> Cow<'_, str> {
    let mut replaced = Cow::Borrowed(text);
    for tag in tags(text).map_while(Result::ok).filter(which) {
        let span = tag.span();
        // Of the same length, so that places in the text stay what they are.
        replaced.to_mut().replace_range(span.clone(), &"x".repeat(span.len()));
    }
    replaced
}

/// What variables are, wherever they may be seen.
pub(super) static SCOPE: LazyLock<Scope> = LazyLock::new(|| {
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
