//! Replaces tags in text, for rules that check the rest.

use std::borrow::Cow;

use kfp_argo::tag::has_tag;

/// Replaces each tag in the text with `instead`.
pub(super) fn without_tags<'t>(text: &'t str, instead: &str) -> Cow<'t, str> {
    if !has_tag(text) {
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
