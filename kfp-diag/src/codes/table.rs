//! The table of all codes, assembled from the rows of each stage.

use super::code::{Code, Row};
use super::{expression, graph, lint, lowering, names, policy, read, references, run, types, workflow};
use crate::spelling::nearest;

const TABLE: [&[Row]; 11] = [
    read::READ_ROWS,
    references::REFERENCES_ROWS,
    types::TYPES_ROWS,
    graph::GRAPH_ROWS,
    names::NAMES_ROWS,
    lowering::LOWERING_ROWS,
    policy::POLICY_ROWS,
    run::RUN_ROWS,
    lint::LINT_ROWS,
    workflow::WORKFLOW_ROWS,
    expression::EXPRESSION_ROWS,
];

impl Code {
    /// Returns all codes in ascending order.
    pub fn all() -> impl Iterator<Item = Self> {
        rows().map(|row| row.code)
    }

    /// Parses a code, ignoring case and surrounding white space.
    ///
    /// ```
    /// use kfp_diag::{Code, codes};
    /// assert_eq!(Code::parse("kfp0201"), Some(codes::UNKNOWN_COMPONENT));
    /// assert_eq!(Code::parse("KFP9999"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        Self::all().find(|code| code.0.eq_ignore_ascii_case(text.trim()))
    }

    /// Returns the code with the most similar spelling, if there is one.
    ///
    /// ```
    /// use kfp_diag::{Code, codes};
    /// assert_eq!(Code::nearest("KFP-0201"), Some(codes::UNKNOWN_COMPONENT));
    /// assert_eq!(Code::nearest("E0277"), None);
    /// ```
    pub fn nearest(text: &str) -> Option<Self> {
        nearest(text.trim(), rows().map(|row| row.code.0)).and_then(Self::parse)
    }

    /// Returns the title, a few words without a full stop.
    pub fn title(self) -> &'static str {
        self.row().map_or("", |row| row.title)
    }

    fn row(self) -> Option<&'static Row> {
        rows().find(|row| row.code == self)
    }
}

/// Returns the explanation that `kfpc explain` prints: the cause, the consequences and the fix.
///
/// ```
/// use kfp_diag::{codes, explain};
/// assert!(explain(codes::CYCLE).starts_with("KFP0404: tasks that wait for each other\n\n"));
/// ```
pub fn explain(code: Code) -> String {
    let text = code.row().map_or("", |row| row.text);
    format!("{code}: {}\n\n{text}\n", code.title())
}

fn rows() -> impl Iterator<Item = &'static Row> {
    TABLE.into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted_and_have_a_title_and_an_explanation() {
        let codes: Vec<Code> = Code::all().collect();
        assert!(codes.is_sorted_by(|left, right| left < right), "{codes:?}");
        for row in rows() {
            assert!(!row.title.is_empty() && !row.title.ends_with('.'), "{}", row.code);
            assert!(row.text.ends_with('.') && row.text.contains("\n\n"), "{}", row.code);
        }
    }

    #[test]
    fn codes_can_be_parsed() {
        for code in Code::all() {
            assert_eq!(Code::parse(code.as_str()), Some(code));
        }
    }
}
