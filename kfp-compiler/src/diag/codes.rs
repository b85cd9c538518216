//! The table of codes: one row for each kind of diagnostic, in one file for each stage.

mod expression;
mod graph;
mod lint;
mod lowering;
mod names;
mod policy;
mod read;
mod references;
mod run;
mod types;
mod workflow;

use std::fmt;

use super::spelling::nearest;

pub use expression::*;
pub use graph::*;
pub use lint::*;
pub use lowering::*;
pub use names::*;
pub use policy::*;
pub use read::*;
pub use references::*;
pub use run::*;
pub use types::*;
pub use workflow::*;

/// The code of a kind of diagnostic, as `KFP0201`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(&'static str);

/// A row of the table.
#[derive(Debug)]
struct Row {
    code: Code,
    title: &'static str,
    text: &'static str,
}

/// Declares codes as constants and as the rows of their stage.
macro_rules! codes {
    ($rows:ident; $($name:ident = $code:literal, $title:literal, $text:literal;)*) => {
        $(
            #[doc = concat!("`", $code, "`: ", $title, ".")]
            pub const $name: Code = Code($code);
        )*
        pub(super) const $rows: &[Row] = &[$(Row { code: $name, title: $title, text: $text }),*];
    };
}
use codes;

const TABLE: [&[Row]; 11] = [
    READ_ROWS,
    REFERENCES_ROWS,
    TYPES_ROWS,
    GRAPH_ROWS,
    NAMES_ROWS,
    LOWERING_ROWS,
    POLICY_ROWS,
    RUN_ROWS,
    LINT_ROWS,
    WORKFLOW_ROWS,
    EXPRESSION_ROWS,
];

impl Code {
    /// Every code that there is, in order.
    pub fn all() -> impl Iterator<Item = Self> {
        rows().map(|row| row.code)
    }

    /// The code that the text names, in whatever case it is written.
    ///
    /// ```
    /// use kfp_compiler::diag::{Code, codes};
    /// assert_eq!(Code::parse("kfp0201"), Some(codes::UNKNOWN_COMPONENT));
    /// assert_eq!(Code::parse("KFP9999"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        Self::all().find(|code| code.0.eq_ignore_ascii_case(text.trim()))
    }

    /// The code that the text was most likely meant to name.
    ///
    /// ```
    /// use kfp_compiler::diag::{Code, codes};
    /// assert_eq!(Code::nearest("KFP-0201"), Some(codes::UNKNOWN_COMPONENT));
    /// assert_eq!(Code::nearest("E0277"), None);
    /// ```
    pub fn nearest(text: &str) -> Option<Self> {
        nearest(text.trim(), rows().map(|row| row.code.0)).and_then(Self::parse)
    }

    /// The code as text.
    pub const fn as_str(self) -> &'static str {
        self.0
    }

    /// What the code stands for, in a few words.
    pub fn title(self) -> &'static str {
        self.row().map_or("", |row| row.title)
    }

    fn row(self) -> Option<&'static Row> {
        rows().find(|row| row.code == self)
    }
}

/// What the code means, why it is refused and what to do, as `kfpc explain` prints it.
///
/// ```
/// use kfp_compiler::diag::{codes, explain};
/// assert!(explain(codes::CYCLE).starts_with("KFP0404: tasks that wait for each other\n\n"));
/// ```
pub fn explain(code: Code) -> String {
    let text = code.row().map_or("", |row| row.text);
    format!("{code}: {}\n\n{text}\n", code.title())
}

fn rows() -> impl Iterator<Item = &'static Row> {
    TABLE.into_iter().flatten()
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_in_order_and_each_has_a_title_and_a_text() {
        let codes: Vec<Code> = Code::all().collect();
        assert!(codes.is_sorted_by(|left, right| left < right), "{codes:?}");
        for row in rows() {
            assert!(!row.title.is_empty() && !row.title.ends_with('.'), "{}", row.code);
            assert!(row.text.ends_with('.') && row.text.contains("\n\n"), "{}", row.code);
        }
    }

    #[test]
    fn a_code_is_found_by_its_text() {
        for code in Code::all() {
            assert_eq!(Code::parse(code.as_str()), Some(code));
        }
    }
}
