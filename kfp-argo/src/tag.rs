//! Tags: the parts of a string between `{{` and `}}`.
//!
//! Tags are found as in Argo, which only searches for two braces: a tag ends at the first `}}`, even inside a string of
//! an expression, and a string with an unclosed `{{` is rejected.

use std::ops::Range;

const OPENING: &str = "{{";
const CLOSING: &str = "}}";

/// The kind of a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TagKind {
    /// The value of a name, as in `{{inputs.parameters.x}}`.
    Simple,
    /// The value of an expression, as in `{{=1 + 1}}`. With a space before the `=`, the tag is a simple one.
    Expression,
}

/// A tag in a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag<'t> {
    /// The kind of the tag.
    pub kind: TagKind,
    /// The text between the braces, without the `=` of an expression.
    pub content: &'t str,
    /// The byte position of `{{`.
    start: usize,
}

/// An unclosed `{{`. Argo rejects the whole text and the object that contains it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unclosed {
    /// From the `{{` to the end of the text.
    pub span: Range<usize>,
}

/// An iterator over the tags of a string. It ends after an [`Unclosed`].
#[derive(Debug, Clone)]
pub struct Tags<'t> {
    text: &'t str,
    from: usize,
}

/// Finds the tags of a string.
///
/// ```
/// use kfp_argo::tag::{TagKind, tags};
/// let text = "{{inputs.parameters.name}}-{{=asInt(retries) + 1}}";
/// let found: Vec<_> = tags(text).map(Result::unwrap).collect();
/// assert_eq!(found[0].name(), "inputs.parameters.name");
/// assert_eq!((found[1].kind, found[1].content), (TagKind::Expression, "asInt(retries) + 1"));
/// assert_eq!(&text[found[1].span()], "{{=asInt(retries) + 1}}");
/// assert!(tags("{{never").next().unwrap().is_err());
/// ```
pub fn tags(text: &str) -> Tags<'_> {
    Tags { text, from: 0 }
}

/// Returns whether the text contains a tag, so that its value is unknown until run time.
///
/// Most strings contain no brace at all, so searching for a single brace first is faster.
pub fn has_tag(text: &str) -> bool {
    opening(text).is_some()
}

/// Returns the position of the first `{{`.
fn opening(text: &str) -> Option<usize> {
    text.match_indices('{').map(|(start, _)| start).find(|start| text[*start..].starts_with(OPENING))
}

impl<'t> Tag<'t> {
    /// Returns the name in a simple tag: its content without surrounding spaces.
    pub fn name(&self) -> &'t str {
        self.content.trim()
    }

    /// Returns the nested tag of a composed name, such as `item` in `{{inputs.parameters.{{item}}}}`. Argo replaces it
    /// and scans the result again. The span of the outer tag ends at the braces of the inner one.
    pub fn nested(&self) -> Option<&'t str> {
        let opening = self.content.rfind(OPENING).filter(|start| *start > 0)?;
        (self.kind == TagKind::Simple).then(|| &self.content[opening + OPENING.len()..])
    }

    /// Returns the byte range of the tag, including its braces.
    pub fn span(&self) -> Range<usize> {
        self.start..self.content_span().end + CLOSING.len()
    }

    /// Returns the byte range of the content. Spans in an expression are relative to its start.
    pub fn content_span(&self) -> Range<usize> {
        let equals = usize::from(self.kind == TagKind::Expression);
        let start = self.start + OPENING.len() + equals;
        start..start + self.content.len()
    }

    /// Returns whether the text consists of only this tag.
    pub fn is_all_of(&self, text: &str) -> bool {
        self.span() == (0..text.len())
    }
}

impl<'t> Iterator for Tags<'t> {
    type Item = Result<Tag<'t>, Unclosed>;

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.from + opening(&self.text[self.from..])?;
        let inside = &self.text[start + OPENING.len()..];
        let Some(length) = inside.find(CLOSING) else {
            self.from = self.text.len();
            return Some(Err(Unclosed { span: start..self.text.len() }));
        };
        self.from = start + OPENING.len() + length + CLOSING.len();
        let (kind, content) = match inside[..length].strip_prefix('=') {
            Some(expression) => (TagKind::Expression, expression),
            None => (TagKind::Simple, &inside[..length]),
        };
        Some(Ok(Tag { kind, content, start }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let show = |tag: Result<Tag<'_>, Unclosed>| match tag {
            Ok(tag) => {
                assert_eq!(&text[tag.content_span()], tag.content);
                let sign = if tag.kind == TagKind::Expression { "=" } else { "" };
                assert_eq!(text[tag.span()], format!("{{{{{sign}{}}}}}", tag.content));
                format!("{sign}{}", tag.content)
            }
            Err(unclosed) => format!("unclosed {}", &text[unclosed.span]),
        };
        tags(text).map(show).collect()
    }

    #[test]
    fn tags_end_at_the_first_braces() {
        for (text, expected) in [
            ("", vec![]),
            ("no tag { } }} {", vec![]),
            ("{{a}}", vec!["a"]),
            ("{{ a.b }} and {{c}}", vec![" a.b ", "c"]),
            ("{{}}{{=}}", vec!["", "="]),
            ("{{= 'x}}y' }}", vec!["= 'x"]),
            ("{{=f({'a': {'b': 1}})}}", vec!["=f({'a': {'b': 1"]),
            ("{{=f({'a': {'b': 1} })}}", vec!["=f({'a': {'b': 1} })"]),
            ("{{ =a}}", vec![" =a"]),
            ("{{{a}}}", vec!["{a"]),
            ("{{inputs.parameters.{{item}}}}", vec!["inputs.parameters.{{item"]),
            ("ä{{ö}}ü", vec!["ö"]),
            ("{{a}} {{b", vec!["a", "unclosed {{b"]),
            ("{{", vec!["unclosed {{"]),
            ("{{a} }", vec!["unclosed {{a} }"]),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn names_can_be_nested() {
        for (text, expected) in [
            ("{{inputs.parameters.{{item}}}}", Some("item")),
            ("{{a.{{b}}", Some("b")),
            ("{{item}}", None),
            ("{{={{a}}", None),
            ("{{{{a}}}}", None),
        ] {
            let tag = tags(text).next().unwrap().unwrap();
            assert_eq!(tag.nested(), expected, "{text}");
        }
    }

    #[test]
    fn a_tag_can_be_all_of_a_text() {
        for (text, expected) in [("{{a}}", true), ("{{a}} ", false), ("x{{a}}", false), ("{{a}}{{b}}", false)]
        {
            assert_eq!(tags(text).next().unwrap().unwrap().is_all_of(text), expected, "{text}");
        }
    }
}
