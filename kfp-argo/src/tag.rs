//! Tags: what stands between `{{` and `}}` in a text.
//!
//! They are found the way Argo finds them, which is by searching for two braces and nothing more: a tag ends at
//! the first `}}`, even inside a string of an expression, and a text with a `{{` that has no end is refused.

use std::ops::Range;

const OPENING: &str = "{{";
const CLOSING: &str = "}}";

/// What a tag asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TagKind {
    /// The value of a name, as in `{{inputs.parameters.x}}`.
    Simple,
    /// The value of an expression, as in `{{=1 + 1}}`. A blank before the `=` makes it a simple tag.
    Expression,
}

/// One tag of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag<'t> {
    /// What it asks for.
    pub kind: TagKind,
    /// What stands between the braces, behind the `=` where there is one.
    pub content: &'t str,
    /// Where `{{` begins, in bytes of the text.
    start: usize,
}

/// A `{{` without an end. Argo refuses the whole text, and with it the object that the text belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unclosed {
    /// From the `{{` to the end of the text.
    pub span: Range<usize>,
}

/// The tags of a text, in their order. After an [`Unclosed`] there is nothing more.
#[derive(Debug, Clone)]
pub struct Tags<'t> {
    text: &'t str,
    from: usize,
}

/// Finds the tags of a text.
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

/// Whether a tag begins in the text, so that something in it is known only when it runs.
///
/// Most texts of a manifest have no brace at all, which is seen faster than that they have no pair of them.
pub fn has_tag(text: &str) -> bool {
    opening(text).is_some()
}

/// Where the first `{{` is.
fn opening(text: &str) -> Option<usize> {
    text.match_indices('{').map(|(start, _)| start).find(|start| text[*start..].starts_with(OPENING))
}

impl<'t> Tag<'t> {
    /// The name that a simple tag asks for: its content without blanks around it.
    pub fn name(&self) -> &'t str {
        self.content.trim()
    }

    /// The inner tag of a name that is put together, as `item` in `{{inputs.parameters.{{item}}}}`: Argo replaces
    /// it and scans the outcome once more. The last braces count, so that the outer tag never has its own end.
    pub fn nested(&self) -> Option<&'t str> {
        let opening = self.content.rfind(OPENING).filter(|start| *start > 0)?;
        (self.kind == TagKind::Simple).then(|| &self.content[opening + OPENING.len()..])
    }

    /// The bytes of the whole tag, with its braces.
    pub fn span(&self) -> Range<usize> {
        self.start..self.content_span().end + CLOSING.len()
    }

    /// The bytes of the content. Places in an expression count from here.
    pub fn content_span(&self) -> Range<usize> {
        let sign = usize::from(self.kind == TagKind::Expression);
        let start = self.start + OPENING.len() + sign;
        start..start + self.content.len()
    }

    /// Whether the tag is all that the text says.
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
    fn names_can_be_put_together() {
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
