//! Serializes objects as YAML.

mod styled;

use std::fmt::Write as _;

use serde::{Serialize, Serializer};
use serde_saphyr::SingleQuoted;

use crate::expression::Expression;
use crate::text::Text;
use styled::{Styled, reorders_text};

/// Serializes a resource as YAML that has the same meaning in YAML 1.1 and 1.2.
///
/// A multi-line string becomes a literal block if every parser accepts that block. Every other string is written on a
/// single line, in quotes if a parser could read it as another type. Characters that reorder the text around them, and
/// can therefore hide what a manifest does, are escaped.
///
/// # Panics
/// The resource has a key that is not a string. No type of this crate has one.
pub fn yaml(resource: &impl Serialize) -> String {
    // An unlimited width avoids folding: a folded expression is hard to read and compare.
    let options = serde_saphyr::ser_options! { folded_wrap_chars: usize::MAX };
    let text = serde_saphyr::to_string_with_options(&Styled(resource), options)
        .expect("keys of a resource are strings");
    if text.contains(reorders_text) { without_reordering(&text) } else { text }
}

/// Escapes the characters that reorder text, which the YAML library does not. They are in double quotes, as [`Styled`]
/// writes all values with them in that style, on one line; keys of resources have none.
fn without_reordering(yaml: &str) -> String {
    let mut escaped = String::with_capacity(yaml.len() + 16);
    for line in yaml.split_inclusive('\n') {
        let (start, quoted) = line.split_at(line.find('"').unwrap_or(line.len()));
        escaped.push_str(start);
        for character in quoted.chars() {
            if reorders_text(character) {
                write!(escaped, "\\u{:04X}", u32::from(character)).expect("writing to a string cannot fail");
            } else {
                escaped.push(character);
            }
        }
    }
    escaped
}

/// A string in the quotes that need the fewest escapes. JSON is hard to read in double quotes.
struct Quoted<'a>(&'a str);

impl Serialize for Quoted<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let fits = self.0.contains('"') && self.0.chars().all(|character| (' '..='~').contains(&character));
        if fits { SingleQuoted(self.0).serialize(serializer) } else { self.0.serialize(serializer) }
    }
}

/// A string that may contain JSON.
struct MayBeJson<'a>(&'a Text);

impl Serialize for MayBeJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_literal() {
            Some(text) => Quoted(text).serialize(serializer),
            None => Quoted(&self.0.to_string()).serialize(serializer),
        }
    }
}

/// Serializes an optional text that may contain JSON.
#[expect(clippy::ref_option, reason = "serde passes fields by reference")]
pub(crate) fn text<S: Serializer>(text: &Option<Text>, serializer: S) -> Result<S::Ok, S::Error> {
    text.as_ref().map(MayBeJson).serialize(serializer)
}

/// Serializes an optional expression that may contain JSON in strings.
#[expect(clippy::ref_option, reason = "serde passes fields by reference")]
pub(crate) fn expression<S: Serializer>(
    expression: &Option<Expression>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let text = expression.as_ref().map(ToString::to_string);
    text.as_deref().map(Quoted).serialize(serializer)
}

/// Serializes texts that may contain JSON.
pub(crate) fn texts<S: Serializer>(texts: &[Text], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(texts.iter().map(MayBeJson))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ambiguous_scalars_are_quoted() {
        for text in
            ["yes", "no", "on", "off", "y", "n", "1_000", "1:30", "2026-01-01", "~", "", "=", "<<", "0x1"]
        {
            let yaml = yaml(&BTreeMap::from([("key", text)]));
            assert!(yaml.contains('\'') || yaml.contains('"'), "{yaml}");
        }
    }

    #[test]
    fn scripts_are_blocks_and_long_lines_are_not_folded() {
        let long = "{{=a == 'b' ? c : d}} ".repeat(20) + "end";
        let text = yaml(&BTreeMap::from([("long", long.as_str()), ("script", "import json\nprint(1)\n")]));
        assert!(text.contains("script: |\n  import json\n  print(1)\n"), "{text}");
        assert_eq!(text.lines().count(), 4, "{text}");
    }

    /// go-yaml rejects a block whose first non-empty line starts with a tab. With leading spaces, an indicator is
    /// written.
    #[test]
    fn texts_that_start_with_a_tab_are_quoted() {
        for (text, expected) in [
            ("\tset -e\n\techo hi\n", "\"\\tset -e\\n\\techo hi\\n\"\n"),
            ("\n\tx", "\"\\n\\tx\"\n"),
            ("\n\n\t", "\"\\n\\n\\t\"\n"),
            (" \tx\n", "|2\n   \tx\n"),
            ("x\n\ty\n", "|\n  x\n  \ty\n"),
        ] {
            assert_eq!(yaml(&BTreeMap::from([("key", text)])), format!("key: {expected}"));
            let nested = BTreeMap::from([("key", Some(vec![Quoted(text)]))]);
            assert_eq!(yaml(&nested), format!("key:\n- {expected}"));
        }
    }

    #[test]
    fn characters_that_reorder_text_are_escaped() {
        for (text, expected) in [
            ("a\u{202e}b", "\"a\\u202Eb\""),
            ("print(1) # \u{2067}\n", "\"print(1) # \\u2067\\n\""),
            ("\\\u{202a}\"", "\"\\\\\\u202A\\\"\""),
            ("{\"a\": \"\u{2069}\"}", "\"{\\\"a\\\": \\\"\\u2069\\\"}\""),
            // Marks of the direction only affect characters without one, and are common in text.
            ("שלום\u{200f}!", "שלום\u{200f}!"),
        ] {
            let resource = BTreeMap::from([("key", vec![Quoted(text)])]);
            let yaml = yaml(&resource);
            assert_eq!(yaml, format!("key:\n- {expected}\n"));
            let read: BTreeMap<String, Vec<String>> = serde_saphyr::from_str(&yaml).unwrap();
            assert_eq!(read["key"], [text]);
        }
    }

    proptest! {
        #[test]
        fn every_text_reads_back(text in "\\PC*|[ -~\\n\\t]*|[a\"\\\\\n\u{202a}-\u{202e}\u{2066}-\u{2069}]*|[\\x00-\\x1f:#'\"{}\\[\\]&*!|>%@`-]*") {
            let written = yaml(&BTreeMap::from([("key", &text)]));
            let read: BTreeMap<String, String> = serde_saphyr::from_str(&written).unwrap();
            prop_assert_eq!(&read["key"], &text);
        }
    }
}
