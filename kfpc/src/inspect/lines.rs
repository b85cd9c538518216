//! The code cells of a notebook, and the positions of their lines in its file.

use std::collections::BTreeMap;

use kfp_diag::source::{Node, Tree, tree};
use serde::Serialize;

/// A code cell.
#[derive(Debug, Serialize)]
pub(super) struct Cell {
    /// The position in the notebook, counted from 1.
    pub(super) number: usize,
    pub(super) source: String,
    /// Whether the notebook continues if the cell fails.
    pub(super) may_fail: bool,
}

/// The lines of the cells in the file of a notebook.
pub(super) struct Lines {
    /// The file.
    pub(super) text: String,
    /// The positions of the lines of each cell, by its number. A cell that is a single string has one position.
    cells: BTreeMap<usize, Vec<(u32, u32)>>,
}

impl Lines {
    /// Finds the lines of the cells; `None` if the file has other cells than the document.
    pub(super) fn of(text: String, cells: &[Cell]) -> Option<Self> {
        let tree = tree(&text).ok()?;
        let items = tree.get("cells")?.value.items();
        let found = cells.iter().map(|cell| {
            let source = &items.get(cell.number - 1)?.get("source")?.value;
            Some((cell.number, lines(source, &cell.source, &text)?))
        });
        let cells = found.collect::<Option<_>>()?;
        Some(Self { text, cells })
    }

    /// Returns the position of a line and column of a cell.
    pub(super) fn position(&self, cell: usize, line: u32, column: u32) -> Option<(u32, u32)> {
        let lines = self.cells.get(&cell)?;
        let exact =
            lines.get((line as usize).checked_sub(1)?).map(|(line, start)| (*line, start + column - 1));
        exact.or_else(|| lines.first().copied())
    }
}

/// Returns the positions of the lines of a cell in the file, if it has this source.
fn lines(source: &Tree, expected: &str, text: &str) -> Option<Vec<(u32, u32)>> {
    let position = |tree: &Tree| {
        let before = text.get(..tree.span.start)?;
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next()?.chars().count() + 2;
        Some((u32::try_from(line).ok()?, u32::try_from(column).ok()?))
    };
    match &source.node {
        Node::Text(text) if text == expected => Some(vec![position(source)?]),
        Node::List(items) => {
            let texts: Option<Vec<&str>> = items.iter().map(Tree::text).collect();
            let texts = texts?;
            // Jupyter writes one item for each line.
            let is_line = |text: &&str| !text.trim_end_matches('\n').contains('\n');
            (texts.concat() == expected && texts.iter().all(is_line))
                .then(|| items.iter().map(position).collect())?
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_cells_are_found_in_the_file() {
        let text = "{\"cells\": [\n {\"source\": \"# Ä\\nB\"},\n {\"source\": [\n   \"a = 1\\n\",\n   \"b = 2\"\n ]}\n]}";
        let cell = |number, source: &str| Cell { number, source: source.to_owned(), may_fail: false };
        let lines = Lines::of(text.to_owned(), &[cell(1, "# Ä\nB"), cell(2, "a = 1\nb = 2")]).unwrap();
        for (cell, line, column, expected) in [
            (2, 1, 1, Some((4, 5))),
            (2, 2, 3, Some((5, 7))),
            (2, 9, 1, Some((4, 5))),
            (1, 1, 3, Some((2, 16))),
            (1, 2, 1, Some((2, 14))),
            (3, 1, 1, None),
        ] {
            assert_eq!(lines.position(cell, line, column), expected, "{cell}, {line}, {column}");
        }
        assert!(Lines::of(text.to_owned(), &[cell(2, "a = 1\nb = 3")]).is_none(), "the file has changed");
    }
}
