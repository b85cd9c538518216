//! Argo's YAML.

use serde::Serialize;

/// Writes a resource as YAML that readers of YAML 1.1 and 1.2 understand alike.
///
/// Texts of several lines become literal blocks, all others one line each, quoted where a reader could take
/// them for something else.
///
/// # Panics
/// The value has keys that are no texts, which none of our resources has.
pub fn yaml(resource: &impl Serialize) -> String {
    // A width without end keeps long lines whole: a folded expression is hard to read and to compare.
    let options = serde_saphyr::ser_options! { folded_wrap_chars: usize::MAX };
    serde_saphyr::to_string_with_options(resource, options).expect("a resource has text keys only")
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

    proptest! {
        #[test]
        fn every_text_reads_back(text in "\\PC*|[ -~\\n\\t]*|[\\x00-\\x1f:#'\"{}\\[\\]&*!|>%@`-]*") {
            let written = yaml(&BTreeMap::from([("key", &text)]));
            let read: BTreeMap<String, String> = serde_saphyr::from_str(&written).unwrap();
            prop_assert_eq!(&read["key"], &text);
        }
    }
}
