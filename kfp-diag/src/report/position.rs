//! Finds the source position to show for a node.
//!
//! This is the location of the label, if it has one; else the Rust source location that created the node, if known; else
//! the position in the document; else the path of the node.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use kfp_model::{Location, Place};

use crate::diagnostic::{Diagnostic, Label};
use crate::printable::printable;
use crate::surroundings::Surroundings;

/// A file and a line in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Position {
    pub(super) file: String,
    /// Line and column, counted from 1; `None` for nodes without a position.
    pub(super) point: Option<(usize, usize)>,
    /// The byte range to underline, if the file is available.
    pub(super) span: Option<(usize, usize)>,
}

/// Looks up positions, and loads each file once.
pub(super) struct Positions<'a> {
    surroundings: Surroundings<'a>,
    files: BTreeMap<String, Option<File<'a>>>,
}

/// The number of bytes per entry of the character counts.
const BLOCK: usize = 1024;

/// A file and its line starts.
pub(super) struct File<'a> {
    pub(super) text: std::borrow::Cow<'a, str>,
    starts: Vec<usize>,
    /// The number of characters before each block, so that columns in long lines are fast to compute.
    characters: Vec<usize>,
}

impl<'a> Positions<'a> {
    /// Loads the files for the labels of the diagnostics.
    pub(super) fn of<'d>(diagnostics: &'d [Diagnostic], surroundings: Surroundings<'a>) -> Self
    where
        'a: 'd,
    {
        let mut files = BTreeMap::new();
        if let Some(written) = surroundings.written {
            files.insert(written.name.to_owned(), Some(File::new(written.text.into())));
        }
        let of_edit = |diagnostic: &'d Diagnostic| diagnostic.edit.as_ref()?.location.as_ref();
        let own = diagnostics.iter().filter_map(of_edit);
        let of_label =
            |label: &'d Label| label.location.as_ref().or(surroundings.locations.nearest(&label.place));
        for Location { file, .. } in diagnostics.iter().flat_map(labels).filter_map(of_label).chain(own) {
            if !files.contains_key(file) {
                let text = surroundings.world.source(file);
                files.insert(file.clone(), text.map(|text| File::new(text.into())));
            }
        }
        Self { surroundings, files }
    }

    /// Whether the node is shown at a Rust source location.
    pub(super) fn is_in_rust(&self, place: &Place) -> bool {
        self.surroundings.locations.nearest(place).is_some()
    }

    /// Returns the file, if it is available.
    pub(super) fn file(&self, name: &str) -> Option<&File<'a>> {
        self.files.get(name)?.as_ref()
    }

    /// Whether the position is in a file, even if its line is unknown.
    pub(super) fn is_in_file(&self, position: &Position) -> bool {
        position.point.is_some() || self.files.contains_key(&position.file)
    }

    /// Returns the position to show for the label.
    pub(super) fn position(&self, label: &Label) -> Position {
        self.position_of(&label.place, label.location.as_ref())
    }

    /// Returns the position to show for the node, unless it is shown at another location.
    pub(super) fn position_of(&self, place: &Place, location: Option<&Location>) -> Position {
        if let Some(location) = location.or_else(|| self.surroundings.locations.nearest(place)) {
            return self.in_source(location);
        }
        if let Some(written) = self.surroundings.written
            && let Some(file) = self.file(written.name)
        {
            if written.text.is_empty() {
                return Position { file: written.name.to_owned(), point: None, span: None };
            }
            let span = written.spans.span(place).unwrap_or(0..0);
            return file.position(written.name, span);
        }
        let file = if *place == Place::root() { "document" } else { place.as_str() };
        Position { file: file.to_owned(), point: None, span: None }
    }

    fn in_source(&self, location: &Location) -> Position {
        let (line, column) = (location.line as usize, location.column as usize);
        let span = self.file(&location.file).and_then(|file| file.word_at(line, column));
        Position { file: location.file.clone(), point: Some((line, column)), span }
    }
}

impl<'a> File<'a> {
    fn new(text: std::borrow::Cow<'a, str>) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(idx, _)| idx + 1)).collect();
        let mut characters = vec![0];
        for block in text.as_bytes().chunks(BLOCK) {
            characters.push(characters.last().copied().unwrap_or_default() + count(block));
        }
        Self { text, starts, characters }
    }

    /// Returns the line of the offset, counted from 0.
    pub(super) fn line_of(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset) - 1
    }

    /// Returns the byte range of the lines, counted from 0, including the last.
    pub(super) fn lines(&self, first: usize, last: usize) -> Range<usize> {
        let end = self.starts.get(last + 1).copied().unwrap_or(self.text.len());
        self.starts[first]..end
    }

    fn position(&self, name: &str, span: Range<usize>) -> Position {
        let start = self.boundary(span.start);
        let end = self.boundary(span.end.max(start));
        Position { file: name.to_owned(), point: Some(self.point(start)), span: Some((start, end)) }
    }

    /// Returns the line and column of the offset, counted from 1. The offset must be a character boundary.
    pub(super) fn point(&self, offset: usize) -> (usize, usize) {
        let line = self.line_of(offset);
        let column = self.characters_before(offset) - self.characters_before(self.starts[line]) + 1;
        (line + 1, column)
    }

    fn characters_before(&self, offset: usize) -> usize {
        let block = offset / BLOCK;
        self.characters[block] + count(&self.text.as_bytes()[block * BLOCK..offset])
    }

    /// Returns the nearest character boundary at or before the offset.
    fn boundary(&self, offset: usize) -> usize {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    }

    /// Returns the byte range of the word that starts at the line and column, or of the character there.
    fn word_at(&self, line: usize, column: usize) -> Option<(usize, usize)> {
        let range = self.lines_checked(line.checked_sub(1)?)?;
        let text = &self.text[range.clone()];
        let (skipped, first) = text.char_indices().nth(column.checked_sub(1)?)?;
        let word =
            text[skipped..].find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len() - skipped);
        let length = if word == 0 { first.len_utf8() } else { word };
        Some((range.start + skipped, range.start + skipped + length))
    }

    fn lines_checked(&self, line: usize) -> Option<Range<usize>> {
        (line < self.starts.len()).then(|| self.lines(line, line))
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = printable(&self.file);
        match self.point {
            Some((line, column)) => write!(f, "{file}:{line}:{column}"),
            None => f.write_str(&file),
        }
    }
}

/// Counts the characters that start in the bytes.
fn count(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0b1100_0000 != 0b1000_0000).count()
}

/// Returns the labels of a diagnostic, the primary one first.
pub(super) fn labels(diagnostic: &Diagnostic) -> impl Iterator<Item = &Label> {
    std::iter::once(&diagnostic.primary).chain(&diagnostic.secondary)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_converted_to_lines_and_columns() {
        let file = File::new("ab\ncäd\n".into());
        for (span, point) in
            [(0..1, (1, 1)), (2..3, (1, 3)), (3..4, (2, 1)), (6..7, (2, 3)), (99..99, (3, 1))]
        {
            assert_eq!(file.position("x", span.clone()).point, Some(point), "{span:?}");
        }
    }

    #[test]
    fn columns_are_correct_in_long_lines() {
        let line = "aä日😀".repeat(1_000);
        let file = File::new(format!("x\n{line}\n").into());
        for (column, (offset, _)) in line.char_indices().enumerate() {
            assert_eq!(file.point(offset + 2), (2, column + 1));
        }
    }

    #[test]
    fn the_word_at_a_column_is_underlined() {
        let file = File::new("let a = p.add(x);\n".into());
        assert_eq!(file.word_at(1, 11), Some((10, 13)));
        assert_eq!(file.word_at(1, 14), Some((13, 14)));
        for (line, column) in [(0, 1), (1, 0), (1, 99), (9, 1)] {
            assert_eq!(file.word_at(line, column), None);
        }
    }
}
