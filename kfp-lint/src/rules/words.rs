//! What several rules say or ask of texts.

use std::borrow::Cow;

/// Whether something in the text is known only when it runs.
pub(super) fn is_dynamic(text: &str) -> bool {
    text.contains("{{")
}

/// The text with something else in the place of each tag.
pub(super) fn without_tags<'t>(text: &'t str, instead: &str) -> Cow<'t, str> {
    if !is_dynamic(text) {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, tag)) = rest.split_once("{{") {
        let Some((_, after)) = tag.split_once("}}") else { break };
        plain.push_str(before);
        plain.push_str(instead);
        rest = after;
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}
