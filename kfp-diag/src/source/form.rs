//! The outer form of a text: whether it is one, and which notation it is in.

use std::ops::Range;

use super::fault::{Fault, Problem};
use super::limits::BYTES;

/// The first bytes of files that people hand over by mistake.
const BINARIES: [(&[u8], &str); 6] = [
    (b"PK\x03\x04", "it is a zip archive"),
    (b"\x1f\x8b", "it is compressed with gzip"),
    (b"\x89PNG", "it is a PNG picture"),
    (b"\x7fELF", "it is a program"),
    (b"\xff\xfe", "it is text in UTF-16"),
    (b"\xfe\xff", "it is text in UTF-16"),
];

/// Returns the text that the bytes are, without a byte order mark.
///
/// # Errors
/// The bytes are more than 32 MiB, not in UTF-8, or contain a NUL byte.
pub fn text(bytes: &[u8]) -> Result<&str, Fault> {
    if bytes.len() > BYTES {
        return Err(Fault::new(Problem::TooMuch(format!("it has more than {} MiB", BYTES >> 20))));
    }
    for (start, why) in BINARIES {
        if bytes.starts_with(start) {
            return Err(Fault::new(Problem::NotText(why)));
        }
    }
    let text = std::str::from_utf8(bytes).map_err(|_| Fault::new(Problem::NotText("it is not in UTF-8")))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.contains('\0') {
        return Err(Fault::new(Problem::NotText("it holds a NUL byte")));
    }
    Ok(text)
}

/// Whether nothing but blanks, comments and marks of YAML stand in the text.
pub(super) fn is_empty(text: &str) -> bool {
    text.lines()
        .map(str::trim)
        .all(|line| line.is_empty() || line.starts_with('#') || matches!(line, "---" | "..."))
}

/// Whether the text starts as JSON does: an object with a quoted key, an empty object, or a list of one.
pub fn is_json(text: &str) -> bool {
    let mut characters = text.chars().filter(|c| !c.is_whitespace());
    let first = characters.next();
    first == Some('{') && matches!(characters.next(), Some('"' | '}') | None)
}

/// The number of the line that the span starts in, counted from 1.
pub(super) fn line(text: &str, span: &Range<usize>) -> usize {
    text.bytes().take(span.start).filter(|byte| *byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notations_are_told_apart() {
        for (text, json) in [
            ("{\n \"a\": 1}", true),
            ("{}", true),
            ("{", true),
            ("{a: 1}", false),
            ("a: 1", false),
            ("[1]", false),
            ("", false),
        ] {
            assert_eq!(is_json(text), json, "{text}");
        }
    }

    #[test]
    fn nothing_is_nothing_in_any_disguise() {
        for text in ["", " \n\t", "# only a remark\n", "---\n# a\n...\n"] {
            assert!(is_empty(text), "{text:?}");
        }
        assert!(!is_empty("a"));
    }
}
