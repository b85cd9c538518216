//! Decodes bytes as text, and distinguishes JSON from YAML.

use std::ops::Range;

use super::fault::{Fault, Problem};
use super::limits::BYTES;

/// Signatures of files that are passed by mistake.
const BINARIES: [(&[u8], &str); 6] = [
    (b"PK\x03\x04", "found a zip archive"),
    (b"\x1f\x8b", "found gzip data"),
    (b"\x89PNG", "found a PNG image"),
    (b"\x7fELF", "found an executable"),
    (b"\xff\xfe", "found UTF-16"),
    (b"\xfe\xff", "found UTF-16"),
];

/// Decodes UTF-8, and removes the byte order mark.
///
/// # Errors
/// There are more than 32 MiB, the bytes are not valid UTF-8, or there is a NUL byte.
pub fn text(bytes: &[u8]) -> Result<&str, Fault> {
    if bytes.len() > BYTES {
        return Err(Fault::new(Problem::TooMuch(format!("more than {} MiB", BYTES >> 20))));
    }
    for (start, why) in BINARIES {
        if bytes.starts_with(start) {
            return Err(Fault::new(Problem::NotText(why)));
        }
    }
    let text = std::str::from_utf8(bytes).map_err(|_| Fault::new(Problem::NotText("found invalid UTF-8")))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.contains('\0') {
        return Err(Fault::new(Problem::NotText("found a NUL byte")));
    }
    Ok(text)
}

/// Whether the text contains only white space, comments and YAML document markers.
pub(super) fn is_empty(text: &str) -> bool {
    text.lines()
        .map(str::trim)
        .all(|line| line.is_empty() || line.starts_with('#') || matches!(line, "---" | "..."))
}

/// Whether the text starts like JSON: with an object that is empty or has a quoted key.
pub fn is_json(text: &str) -> bool {
    let mut characters = text.chars().filter(|c| !c.is_whitespace());
    let first = characters.next();
    first == Some('{') && matches!(characters.next(), Some('"' | '}') | None)
}

/// Returns the number of the line in which the span starts, counted from 1.
pub(super) fn line(text: &str, span: &Range<usize>) -> usize {
    text.bytes().take(span.start).filter(|byte| *byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_distinguished_from_yaml() {
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
    fn comments_and_markers_are_empty() {
        for text in ["", " \n\t", "# only a comment\n", "---\n# a\n...\n"] {
            assert!(is_empty(text), "{text:?}");
        }
        assert!(!is_empty("a"));
    }
}
