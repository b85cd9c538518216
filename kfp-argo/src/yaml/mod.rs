//! Argo's YAML.

mod styled;

use serde::{Serialize, Serializer};
use serde_saphyr::SingleQuoted;

use crate::expression::Expression;
use crate::text::Text;
use styled::Styled;

/// Writes a resource as YAML that readers of YAML 1.1 and 1.2 understand alike.
///
/// A string of several lines becomes a literal block if every reader accepts that block, and every other string a
/// single line, in quotes where a reader could take it for something else.
///
/// # Panics
/// The resource has a key that is not a string. No type of this crate has one.
pub fn yaml(resource: &impl Serialize) -> String {
    // An unlimited width keeps long lines whole: a folded expression is hard to read and to compare.
    let options = serde_saphyr::ser_options! { folded_wrap_chars: usize::MAX };
    serde_saphyr::to_string_with_options(&Styled(resource), options).expect("keys of a resource are strings")
}

/// A string in the quotes that leave most of it as it is: JSON is not readable between double ones.
struct Quoted<'a>(&'a str);

impl Serialize for Quoted<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let fits = self.0.contains('"') && self.0.chars().all(|character| (' '..='~').contains(&character));
        if fits { SingleQuoted(self.0).serialize(serializer) } else { self.0.serialize(serializer) }
    }
}

/// A text that may have JSON in it.
struct MayBeJson<'a>(&'a Text);

impl Serialize for MayBeJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_literal() {
            Some(text) => Quoted(text).serialize(serializer),
            None => Quoted(&self.0.to_string()).serialize(serializer),
        }
    }
}

/// Serializes a text that may have JSON in it, where there is one.
#[expect(clippy::ref_option, reason = "serde hands fields over by reference")]
pub(crate) fn text<S: Serializer>(text: &Option<Text>, serializer: S) -> Result<S::Ok, S::Error> {
    text.as_ref().map(MayBeJson).serialize(serializer)
}

/// Serializes an expression that may have JSON in its strings, where there is one.
#[expect(clippy::ref_option, reason = "serde hands fields over by reference")]
pub(crate) fn expression<S: Serializer>(
    expression: &Option<Expression>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let text = expression.as_ref().map(ToString::to_string);
    text.as_deref().map(Quoted).serialize(serializer)
}

/// Serializes texts that may have JSON in them.
pub(crate) fn texts<S: Serializer>(texts: &[Text], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(texts.iter().map(MayBeJson))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn scalars_that_readers_disagree_on_are_quoted() {
        for text in
            ["yes", "no", "on", "off", "y", "n", "1_000", "1:30", "2026-01-01", "~", "", "=", "<<", "0x1"]
        {
            let yaml = yaml(&BTreeMap::from([("key", text)]));
            assert!(yaml.contains('\'') || yaml.contains('"'), "{yaml}");
        }
    }

    #[test]
    fn scripts_are_blocks_and_long_lines_stay_whole() {
        let long = "{{=a == 'b' ? c : d}} ".repeat(20) + "end";
        let text = yaml(&BTreeMap::from([("long", long.as_str()), ("script", "import json\nprint(1)\n")]));
        assert!(text.contains("script: |\n  import json\n  print(1)\n"), "{text}");
        assert_eq!(text.lines().count(), 4, "{text}");
    }

    /// go-yaml refuses a block whose first line with text starts with a tab; one with spaces there has an indicator.
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

    proptest! {
        #[test]
        fn every_text_reads_back(text in "\\PC*|[ -~\\n\\t]*|[\\x00-\\x1f:#'\"{}\\[\\]&*!|>%@`-]*") {
            let written = yaml(&BTreeMap::from([("key", &text)]));
            let read: BTreeMap<String, String> = serde_saphyr::from_str(&written).unwrap();
            prop_assert_eq!(&read["key"], &text);
        }
    }
}
