//! Renders reports as workflow commands of GitHub Actions: `::error file=F,line=1,col=2,title=CODE::message`.

use std::fmt::Write as _;

use super::found::{Finding, in_lines};
use super::position::{Position, Positions};
use crate::diagnostic::{Diagnostic, Severity};
use crate::printable::printable_lines;

pub(super) fn report(found: &[Finding<'_, '_>]) -> String {
    found.iter().map(|each| command(each.diagnostic, each.positions)).collect()
}

fn command(diagnostic: &Diagnostic, positions: &Positions<'_>) -> String {
    let name = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let mut text = format!("::{name} ");
    let position = positions.position(&diagnostic.primary);
    if positions.is_in_file(&position) {
        let _ = write!(text, "file={},", property(&position.file));
    }
    let Position { file, point, span } = position;
    if let Some((line, column)) = point {
        let _ = write!(text, "line={line},col={column},");
        if let (Some((_, end)), Some(file)) = (span, positions.file(&file)) {
            let (end_line, end_column) = file.point(end);
            let _ = write!(text, "endLine={end_line},endColumn={end_column},");
        }
    }
    let mut lines = in_lines(diagnostic);
    for label in &diagnostic.secondary {
        let _ = write!(lines, "\n{}: {}", positions.position(label), label.message);
    }
    let _ = writeln!(text, "title={}::{}", diagnostic.code, data(&lines));
    text
}

/// Escapes text after the second `::`, which must not contain line breaks.
fn data(text: &str) -> String {
    printable_lines(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes a property before the second `::`, where commas and colons are separators.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_of_commands_are_escaped() {
        assert_eq!(data("50%\nof a: b"), "50%25%0Aof a: b");
        assert_eq!(property("C:\\a,b"), "C%3A\\a%2Cb");
        assert_eq!(
            property("a\n::stop-commands::x\u{1b}[0m"),
            "a%0A\\u{3a}%3Astop-commands%3A%3Ax\\u{1b}[0m"
        );
    }
}
