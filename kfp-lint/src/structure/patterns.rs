//! The patterns that the API server validates, each as a function.

use crate::scalars::cron;

/// A pattern with its messages and implementation.
pub(super) struct Pattern {
    text: &'static str,
    /// What a matching string is, for messages.
    pub(super) noun: &'static str,
    pub(super) help: &'static str,
    pub(super) matches: fn(&str) -> bool,
}

const PATTERNS: [Pattern; 5] = [
    Pattern {
        text: r"^[-a-zA-Z0-9_]+$",
        noun: "parameter name",
        help: "use letters, digits, `-` and `_`",
        matches: |text| consists_of(text, |c| matches!(c, '-' | '_')),
    },
    Pattern {
        text: r"^[-a-zA-Z0-9_{}.]+$",
        noun: "artifact name",
        help: "use letters, digits, `-` and `_`",
        matches: |text| consists_of(text, |c| matches!(c, '-' | '_' | '{' | '}' | '.')),
    },
    Pattern {
        text: r"^[a-zA-Z0-9][-a-zA-Z0-9]*$",
        noun: "template, task or step name",
        help: "use letters, digits and `-`, and do not start with `-`",
        matches: |text| consists_of(text, |c| c == '-') && !text.starts_with('-'),
    },
    Pattern {
        text: r"^[a-zA-Z_][a-zA-Z0-9_]*$",
        noun: "metric or metric label name",
        help: "use letters, digits and `_`, and do not start with a digit",
        matches: |text| consists_of(text, |c| c == '_') && !text.starts_with(|c: char| c.is_ascii_digit()),
    },
    Pattern {
        text: r"^(@(yearly|annually|monthly|weekly|daily|midnight|hourly)|@every\s+([0-9]+(ns|us|µs|ms|s|m|h))+|([A-Za-z0-9*,/?-]+\s+){4}[A-Za-z0-9*,/?-]+)$",
        noun: "schedule",
        help: "use the fields minute, hour, day of month, month and day of week, or a macro such as `@daily` or `@every 1h30m`",
        matches: cron::matches_pattern,
    },
];

/// Returns the pattern with that regular expression.
pub(super) fn of(text: &str) -> Option<&'static Pattern> {
    PATTERNS.iter().find(|pattern| pattern.text == text)
}

fn consists_of(text: &str, other: fn(char) -> bool) -> bool {
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
