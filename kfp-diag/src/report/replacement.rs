//! Finds the bytes that an edit replaces.

use std::ops::Range;

use super::position::{File, Positions};
use crate::diagnostic::Edit;

/// An edit with its position.
pub(super) struct Replacement<'a> {
    pub(super) file: String,
    /// The byte range to replace.
    pub(super) span: Range<usize>,
    pub(super) text: &'a str,
}

/// Locates the edit: the only occurrence of the string, as a whole word, in the source of the node.
pub(super) fn replacement<'a>(edit: &'a Edit, positions: &Positions<'_>) -> Option<Replacement<'a>> {
    let position = positions.position_of(&edit.place, edit.location.as_ref());
    let (start, end) = position.span?;
    let file = positions.file(&position.file)?;
    let span = if edit.location.is_some() {
        let rest = start..file.lines(file.line_of(start), file.line_of(start)).end;
        only_word(&file.text[rest], &edit.from).map(|span| span.start + start..span.end + start)?
    } else if positions.is_in_rust(&edit.place) {
        in_rust(file, start, edit)?
    } else {
        in_document(&file.text[start..end], edit).map(|span| span.start + start..span.end + start)?
    };
    Some(Replacement { file: position.file, span, text: &edit.to })
}

/// Locates the string in the source of a document node, with or without quotes.
fn in_document(shown: &str, edit: &Edit) -> Option<Range<usize>> {
    let span = only_word(shown, &edit.from)?;
    let is_whole = span.len() == shown.len();
    (needs_no_escapes(&edit.to) && (!is_whole || is_plain_yaml_string(&edit.to))).then_some(span)
}

/// Locates the string as a literal, in the rest of the line that created the node.
fn in_rust(file: &File<'_>, start: usize, edit: &Edit) -> Option<Range<usize>> {
    let line = file.line_of(start);
    let rest = &file.text[start..file.lines(line, line).end];
    let span = only(rest, &format!("\"{}\"", edit.from))?;
    needs_no_escapes(&edit.to).then(|| start + span.start + 1..start + span.end - 1)
}

/// Returns the range of the word, if it occurs exactly once.
fn only_word(text: &str, word: &str) -> Option<Range<usize>> {
    let span = only(text, word)?;
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let touches = |edge: Option<char>, neighbour: Option<char>| {
        edge.is_some_and(is_part) && neighbour.is_some_and(is_part)
    };
    let before = touches(word.chars().next(), text[..span.start].chars().next_back());
    let after = touches(word.chars().next_back(), text[span.end..].chars().next());
    (!before && !after).then_some(span)
}

fn only(text: &str, part: &str) -> Option<Range<usize>> {
    let mut found = text.match_indices(part).filter(|_| !part.is_empty());
    let (start, _) = found.next()?;
    found.next().is_none().then(|| start..start + part.len())
}

/// Whether the string needs no escapes in quotes in JSON, YAML and Rust.
fn needs_no_escapes(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| !c.is_control() && !matches!(c, '"' | '\'' | '\\'))
}

/// Whether the string is also a string in YAML without quotes.
fn is_plain_yaml_string(text: &str) -> bool {
    const RESERVED: [&str; 9] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/'))
        && text.parse::<f64>().is_err()
        && !RESERVED.iter().any(|word| word.eq_ignore_ascii_case(text))
}

#[cfg(test)]
mod tests {
    use kfp_model::Place;

    use super::*;

    #[test]
    fn only_unambiguous_strings_are_replaced() {
        let cases = [
            ("time_out", "time_out", "timeout", Some("timeout")),
            ("\"1GB\"", "1GB", "1G", Some("\"1G\"")),
            ("cat {inputs.pth} x", "{inputs.pth}", "{inputs.path}", Some("cat {inputs.path} x")),
            ("pth pth", "pth", "path", None),
            ("my_pth", "pth", "path", None),
            ("other", "pth", "path", None),
            ("yess", "yess", "yes", None),
            ("\"yess\"", "yess", "yes", Some("\"yes\"")),
            ("1e", "1e", "1e5", None),
            ("a", "a", "say \"x\"", None),
        ];
        for (shown, from, to, expect) in cases {
            let edit =
                Edit { place: Place::root(), location: None, from: from.to_owned(), to: to.to_owned() };
            let edited = in_document(shown, &edit).map(|span| {
                let mut text = shown.to_owned();
                text.replace_range(span, to);
                text
            });
            assert_eq!(edited.as_deref(), expect, "{shown}: {from} -> {to}");
        }
    }
}
