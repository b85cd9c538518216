//! The patterns of the API server, each as a function: there are few of them.

use crate::scalars::cron;

/// A pattern.
pub(super) struct Pattern {
    text: &'static str,
    /// What a text is that matches.
    pub(super) noun: &'static str,
    pub(super) help: &'static str,
    pub(super) matches: fn(&str) -> bool,
}

const PATTERNS: [Pattern; 5] = [
    Pattern {
        text: r"^[-a-zA-Z0-9_]+$",
        noun: "name for a parameter",
        help: "write letters, digits, `-` and `_`",
        matches: |text| of_these(text, |c| matches!(c, '-' | '_')),
    },
    Pattern {
        text: r"^[-a-zA-Z0-9_{}.]+$",
        noun: "name for an artifact",
        help: "write letters, digits, `-` and `_`",
        matches: |text| of_these(text, |c| matches!(c, '-' | '_' | '{' | '}' | '.')),
    },
    Pattern {
        text: r"^[a-zA-Z0-9][-a-zA-Z0-9]*$",
        noun: "name for a template, a task or a step",
        help: "write letters, digits and `-`, with no `-` at the start",
        matches: |text| of_these(text, |c| c == '-') && !text.starts_with('-'),
    },
    Pattern {
        text: r"^[a-zA-Z_][a-zA-Z0-9_]*$",
        noun: "name for a metric or a label of one",
        help: "write letters, digits and `_`, with no digit at the start",
        matches: |text| of_these(text, |c| c == '_') && !text.starts_with(|c: char| c.is_ascii_digit()),
    },
    Pattern {
        text: r"^(@(yearly|annually|monthly|weekly|daily|midnight|hourly)|@every\s+([0-9]+(ns|us|µs|ms|s|m|h))+|([A-Za-z0-9*,/?-]+\s+){4}[A-Za-z0-9*,/?-]+)$",
        noun: "schedule that the API server takes",
        help: "write minute, hour, day of month, month and day of week, or a word as `@daily` or `@every 1h30m`",
        matches: cron::matches_pattern,
    },
];

/// The pattern of that text.
pub(super) fn of(text: &str) -> Option<&'static Pattern> {
    PATTERNS.iter().find(|pattern| pattern.text == text)
}

fn of_these(text: &str, other: fn(char) -> bool) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || other(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::structure::table::Table;

    #[test]
    fn every_pattern_of_the_table_is_known() {
        for each in Table::get().types() {
            for field in &each.fields {
                if let Some(pattern) = field.limits.pattern {
                    assert!(of(pattern).is_some(), "{} {}: {pattern}", each.name, field.name);
                }
            }
        }
    }

    #[test]
    fn names_match_as_they_do_in_the_api_server() {
        for (pattern, fine, wrong) in [
            (0, vec!["a", "A-b_1", "-"], vec!["", "a b", "a.b", "ä", "{{a}}"]),
            (1, vec!["a.{b}"], vec!["", "a b"]),
            (2, vec!["a-", "1"], vec!["", "-a", "a_b"]),
            (3, vec!["_a1"], vec!["1a", "a-b"]),
        ] {
            let matches = PATTERNS[pattern].matches;
            assert!(fine.iter().all(|text| matches(text)), "{pattern}");
            assert!(!wrong.iter().any(|text| matches(text)), "{pattern}");
        }
    }
}
