//! A table of results, one line per case.

use std::collections::BTreeMap;
use std::fmt;

/// The result of each case.
#[derive(Debug, Default)]
pub struct Table {
    rows: BTreeMap<(String, String), Row>,
}

#[derive(Debug)]
enum Row {
    Passed,
    Skipped(String),
    Refused(String),
    Differs(Vec<String>),
}

impl Table {
    /// Records a case that met its expectations.
    pub fn passed(&mut self, group: &str, case: &str) {
        self.note(group, case, Row::Passed);
    }

    /// Records a case that was not run, and the reason.
    pub fn skipped(&mut self, group: &str, case: &str, reason: &str) {
        self.note(group, case, Row::Skipped(reason.to_owned()));
    }

    /// Records a case that the backend rejects, and its message.
    pub fn refused(&mut self, group: &str, case: &str, reason: &str) {
        self.note(group, case, Row::Refused(reason.to_owned()));
    }

    /// Records a case that did not meet its expectations, and the differences.
    pub fn differs(&mut self, group: &str, case: &str, lines: Vec<String>) {
        self.note(group, case, Row::Differs(lines));
    }

    /// Returns whether no case differs.
    pub fn is_good(&self) -> bool {
        !self.rows.values().any(|row| matches!(row, Row::Differs(_)))
    }

    fn note(&mut self, group: &str, case: &str, row: Row) {
        self.rows.insert((group.to_owned(), case.to_owned()), row);
    }

    fn count(&self, select: impl Fn(&Row) -> bool) -> usize {
        self.rows.values().filter(|row| select(row)).count()
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for ((group, case), row) in &self.rows {
            match row {
                Row::Passed => writeln!(f, "{group:<18} {case:<40} passed")?,
                Row::Skipped(reason) => writeln!(f, "{group:<18} {case:<40} skipped: {reason}")?,
                Row::Refused(reason) => writeln!(f, "{group:<18} {case:<40} refused: {reason}")?,
                Row::Differs(lines) => {
                    writeln!(f, "{group:<18} {case:<40} DIFFERS")?;
                    for line in lines {
                        writeln!(f, "    {line}")?;
                    }
                }
            }
        }
        writeln!(
            f,
            "{} cases: {} passed, {} skipped, {} refused, {} differ",
            self.rows.len(),
            self.count(|row| matches!(row, Row::Passed)),
            self.count(|row| matches!(row, Row::Skipped(_))),
            self.count(|row| matches!(row, Row::Refused(_))),
            self.count(|row| matches!(row, Row::Differs(_))),
        )
    }
}
