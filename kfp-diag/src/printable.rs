//! Text from outside, made safe to print.
//!
//! File names, documents, logs and messages may contain characters that a terminal obeys (escape sequences), that
//! reorder or hide what a reader sees (bidirectional controls), or that start a command of a CI service. Everything
//! that prints such text passes it through one of the functions here. All of them may be applied more than once: what
//! they return they leave as it is.

use std::borrow::Cow;

/// What CI services take for a command anywhere in a line.
const CI_COMMANDS: [&str; 3] = ["##[", "##vso[", "##teamcity["];

/// Returns the text in one line: control and formatting characters are escaped as in Rust, newlines and tabs too.
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

/// Returns the text with its newlines and tabs; every other control and formatting character is escaped.
///
/// ```
/// use kfp_diag::printable::printable_lines;
/// assert_eq!(printable_lines("a\n\tb\r\n"), "a\n\tb\\r\n");
/// assert_eq!(printable_lines("a\n::add-path::/tmp"), "a\n\\u{3a}:add-path::/tmp");
/// ```
pub fn printable_lines(text: &str) -> Cow<'_, str> {
    escaped(text, true)
}

/// Returns JSON that means the same, in which the characters that JSON leaves as they are, but a terminal does not,
/// are escapes.
///
/// ```
/// use kfp_diag::printable::printable_json;
/// assert_eq!(printable_json("\"a\u{9b}31m\"".to_owned()), "\"a\\u009b31m\"");
/// ```
pub fn printable_json(json: String) -> String {
    let is_special = |character: char| is_unprintable(character) && character != '\n';
    if !json.contains(is_special) {
        return json;
    }
    let mut text = String::with_capacity(json.len() + 16);
    for character in json.chars() {
        if is_special(character) {
            // All of them are in the first plane, so one escape is enough.
            text.push_str(&format!("\\u{:04x}", u32::from(character)));
        } else {
            text.push(character);
        }
    }
    text
}

/// Returns a source line in which unprintable characters that the snippet renderer would print are replaced by ones of
/// the same length in UTF-8, so that positions in it stay what they are.
pub(crate) fn same_length(line: &str) -> Cow<'_, str> {
    let is_special = |character: char| character.len_utf8() > 1 && is_unprintable(character);
    if !line.contains(is_special) {
        return Cow::Borrowed(line);
    }
    let replaced = |character: char| match character.len_utf8() {
        _ if !is_special(character) => character,
        2 => '·',
        _ => char::REPLACEMENT_CHARACTER,
    };
    Cow::Owned(line.chars().map(replaced).collect())
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
        let is_ci =
            (starts_line && is_command(rest)) || CI_COMMANDS.iter().any(|command| rest.starts_with(command));
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

/// Whether GitHub takes the line for a workflow command.
fn is_command(line: &str) -> bool {
    line.trim_start().starts_with("::")
}

/// Whether a terminal or viewer may do something else than show the character: control characters, line separators,
/// and those that change the direction of text.
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
    fn commands_of_ci_services_are_broken() {
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
        let line = "a\u{9b}b\u{202e}c\u{61c}\u{1b}";
        let replaced = same_length(line);
        assert_eq!(replaced, "a·b\u{fffd}c·\u{1b}");
        assert_eq!(replaced.len(), line.len());
    }

    proptest! {
        #[test]
        fn what_is_printable_stays_as_it_is(text in any::<String>()) {
            let once = printable(&text).into_owned();
            prop_assert!(!once.contains(is_unprintable));
            prop_assert_eq!(printable(&once), once.as_str());
            prop_assert_eq!(printable_lines(&once), once.as_str());
            let lines = printable_lines(&text).into_owned();
            prop_assert_eq!(printable_lines(&lines), lines.as_str());
        }

        #[test]
        fn json_means_the_same(text in any::<String>()) {
            let json = printable_json(serde_json::to_string(&text).unwrap());
            prop_assert!(!json.contains(is_unprintable));
            prop_assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
        }
    }
}
