//! Checks the expressions in tags, and replaces tags by placeholders.

use std::borrow::Cow;
use std::sync::LazyLock;

use kfp_argo::expression::parse;
use kfp_argo::tag::{Tag, TagKind, has_tag, tags};
use kfp_diag::{Diagnostic, codes};
use kfp_model::Place;

use super::report::{at, diagnostic, unreadable};
use crate::expression::{Scope, Variable, check};

/// Checks the tags of the text that contain expressions.
pub(super) fn of_tags(text: &str, place: &Place, found: &mut Vec<Diagnostic>) {
    // Unclosed tags are reported by the `tags` rule.
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

/// Reports a nested tag, or a tag that is closed before its expression ends.
fn braces(text: &str, end: usize, content: &str, place: &Place) -> Option<Diagnostic> {
    let inner = has_tag(content);
    // If the tag is closed early, quotes or brackets remain open and the rest of the expression follows.
    let early =
        || parse(content).is_err_and(|error| error.span.end >= content.len()) && text[end..].contains("}}");
    let message = if inner {
        "nested tags are not supported in an expression tag"
    } else if early() {
        "the tag ends at the first `}}`, before the end of the expression"
    } else {
        return None;
    };
    let diagnostic = Diagnostic::error(codes::TAG_BRACES, place, message).note(at(content));
    Some(if inner {
        diagnostic.help("use the variable without braces, or write `'{' + '{'` in a string")
    } else {
        diagnostic.help("write `} }` with a space, or `'}' + '}'` in a string")
    })
}

/// Replaces the tags that Argo replaces before it parses the expression with placeholder names.
pub(crate) fn with_values(text: &str) -> Cow<'_, str> {
    let known_before = |name: &str| {
        ["inputs.", "workflow.", "item."].iter().any(|root| name.starts_with(root)) || name == "item"
    };
    with_names(text, |tag| tag.kind == TagKind::Simple && known_before(tag.name()))
}

/// Replaces the selected tags with placeholder names.
pub(super) fn with_names(text: &str, which: impl Fn(&Tag<'_>) -> bool) -> Cow<'_, str> {
    let mut replaced = Cow::Borrowed(text);
    for tag in tags(text).map_while(Result::ok).filter(which) {
        let span = tag.span();
        // The placeholder has the same length, so that positions in the text do not change.
        replaced.to_mut().replace_range(span.clone(), &"x".repeat(span.len()));
    }
    replaced
}

/// The types of all variables, wherever they are available.
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
        "exitCode",
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
