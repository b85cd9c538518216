//! Escapes untrusted text so that it is safe to print.
//!
//! File names, documents, logs and messages may contain terminal escape sequences, bidirectional controls that reorder
//! or hide text, or commands of a CI service. Everything that prints such text passes it through one of these functions,
//! except compiled workflows and diagrams, which are data with separate escapes.
//! All of them are idempotent.

use std::borrow::Cow;

/// Prefixes that CI services interpret as a command anywhere in a line.
const CI_COMMANDS: [&str; 3] = ["##[", "##vso[", "##teamcity["];

/// Escapes control and formatting characters as in Rust, including newlines and tabs.
///
/// ```
/// use kfp_diag::printable::printable;
/// assert_eq!(printable("red \u{1b}[31m"), "red \\u{1b}[31m");
/// assert_eq!(printable("a\nb"), "a\\nb");
/// assert_eq!(printable("größer ≤ 5 🚀"), "größer ≤ 5 🚀");
/// ```
pub fn printable(text: &str) -> Cow<'_, str> {
    escaped(text, false)
}

/// Escapes control and formatting characters as in Rust, except newlines and tabs.
///
/// ```
/// use kfp_diag::printable::printable_lines;
/// assert_eq!(printable_lines("a\n\tb\r\n"), "a\n\tb\\r\n");
/// assert_eq!(printable_lines("a\n::add-path::/tmp"), "a\n\\u{3a}:add-path::/tmp");
/// ```
pub fn printable_lines(text: &str) -> Cow<'_, str> {
    escaped(text, true)
}

/// Escapes characters in JSON that are valid there but not safe to print, and commands of a CI service. The result is
/// equivalent JSON.
///
/// ```
/// use kfp_diag::printable::printable_json;
/// assert_eq!(printable_json("\"a\u{9b}31m\"".to_owned()), "\"a\\u009b31m\"");
/// assert_eq!(printable_json("\"##[error]\"".to_owned()), "\"\\u0023#[error]\"");
/// ```
pub fn printable_json(json: String) -> String {
    let is_special = |character: char| is_unprintable(character) && character != '\n';
    if !json.contains(is_special) && !CI_COMMANDS.iter().any(|command| json.contains(command)) {
        return json;
    }
    let mut text = String::with_capacity(json.len() + 16);
    for (idx, character) in json.char_indices() {
        // In JSON, `#` is only valid in strings.
        if is_special(character) || starts_ci_command(&json[idx..]) {
            // All of them are in the Basic Multilingual Plane, so one escape is enough.
            text.push_str(&format!("\\u{:04x}", u32::from(character)));
        } else {
            text.push(character);
        }
    }
    text
}

/// Replaces unprintable characters that the snippet renderer would print, and the first character of commands of a CI
/// service, with characters of the same UTF-8 length, so that positions in the line stay valid.
pub(crate) fn same_length(line: &str) -> Cow<'_, str> {
    let is_special = |character: char| character.len_utf8() > 1 && is_unprintable(character);
    if !line.contains(is_special) && !CI_COMMANDS.iter().any(|command| line.contains(command)) {
        return Cow::Borrowed(line);
    }
    let replaced = |(idx, character): (usize, char)| match character.len_utf8() {
        _ if starts_ci_command(&line[idx..]) => '?',
        _ if !is_special(character) => character,
        2 => '·',
        _ => char::REPLACEMENT_CHARACTER,
    };
    Cow::Owned(line.char_indices().map(replaced).collect())
}

fn escaped(text: &str, keeps_lines: bool) -> Cow<'_, str> {
    let is_kept = |character: char| keeps_lines && matches!(character, '\n' | '\t');
    let mut is_special = text.contains(|character| is_unprintable(character) && !is_kept(character));
    is_special |=
        text.split('\n').any(is_command) || CI_COMMANDS.iter().any(|command| text.contains(command));
    if !is_special {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    let mut rest = text;
    let mut starts_line = true;
    while let Some(character) = rest.chars().next() {
        let is_ci = (starts_line && is_command(rest)) || starts_ci_command(rest);
        if is_ci && !character.is_whitespace() || is_unprintable(character) && !is_kept(character) {
            match character {
                '\n' | '\r' | '\t' => escaped.extend(character.escape_default()),
                _ => escaped.extend(character.escape_unicode()),
            }
        } else {
            escaped.push(character);
        }
        starts_line = character == '\n' || starts_line && character.is_whitespace();
        rest = &rest[character.len_utf8()..];
    }
    Cow::Owned(escaped)
}

/// Whether the text starts with a prefix that CI services interpret as a command.
fn starts_ci_command(text: &str) -> bool {
    CI_COMMANDS.iter().any(|command| text.starts_with(command))
}

/// Whether GitHub interprets the line as a workflow command.
fn is_command(line: &str) -> bool {
    line.trim_start().starts_with("::")
}

/// Whether the character is not safe to print: control characters, line separators, and characters that change the
/// direction of text.
pub fn is_unprintable(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
        )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ci_commands_are_escaped() {
        for (text, expect) in [
            ("::error::x", "\\u{3a}:error::x"),
            ("  ::error::x", "  \\u{3a}:error::x"),
            ("std::path", "std::path"),
            ("see ##[add-mask]x", "see \\u{23}#[add-mask]x"),
            ("##vso[task.setvariable]", "\\u{23}#vso[task.setvariable]"),
        ] {
            assert_eq!(printable(text), expect);
            assert_eq!(printable_lines(text), expect);
        }
    }

    #[test]
    fn replaced_characters_keep_their_length() {
        let line = "a\u{9b}b\u{202e}c\u{61c}\u{1b} ###[error]##vso[x]";
        let replaced = same_length(line);
        assert_eq!(replaced, "a·b\u{fffd}c·\u{1b} #?#[error]?#vso[x]");
        assert_eq!(replaced.len(), line.len());
    }

    proptest! {
        #[test]
        fn escaping_is_idempotent(text in any::<String>()) {
            let once = printable(&text).into_owned();
            prop_assert!(!once.contains(is_unprintable));
            prop_assert_eq!(printable(&once), once.as_str());
            prop_assert_eq!(printable_lines(&once), once.as_str());
            let lines = printable_lines(&text).into_owned();
            prop_assert_eq!(printable_lines(&lines), lines.as_str());
        }

        #[test]
        fn escaped_json_is_equivalent(text in any::<String>()) {
            let json = printable_json(serde_json::to_string(&text).unwrap());
            prop_assert!(!json.contains(is_unprintable));
            prop_assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
        }
    }
}
