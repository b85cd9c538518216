//! Reports as one JSON object.

use serde::{Serialize, Serializer};

use super::found::{Found, count};
use super::position::Positions;
use super::replacement::replacement;
use crate::diagnostic::{Diagnostic, Edit, Label};
use crate::printable::printable_json;

#[derive(Serialize)]
struct Report<'a> {
    diagnostics: Entries<'a>,
    errors: usize,
    warnings: usize,
}

/// Diagnostics are written one after the other, so that only one has its positions at a time.
struct Entries<'a>(&'a [Found<'a, 'a>]);

impl Serialize for Entries<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|each| entry(each.diagnostic, each.positions)))
    }
}

#[derive(Serialize)]
struct Entry<'a> {
    code: &'a str,
    severity: String,
    message: &'a str,
    primary: Spot<'a>,
    secondary: Vec<Spot<'a>>,
    notes: &'a [String],
    help: &'a [String],
    edit: Option<Change<'a>>,
}

#[derive(Serialize)]
struct Spot<'a> {
    place: &'a str,
    message: &'a str,
    file: Option<String>,
    line: Option<usize>,
    column: Option<usize>,
}

/// Lines and columns are counted from 1, the end is not part of what is replaced.
#[derive(Serialize)]
struct Change<'a> {
    file: String,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    replacement: &'a str,
}

pub(super) fn report(found: &[Found<'_, '_>]) -> String {
    let (errors, warnings) = count(found);
    let report = Report { diagnostics: Entries(found), errors, warnings };
    let mut text = printable_json(serde_json::to_string_pretty(&report).unwrap_or_default());
    text.push('\n');
    text
}

fn entry<'a>(diagnostic: &'a Diagnostic, positions: &Positions<'_>) -> Entry<'a> {
    let Diagnostic { code, severity, message, primary, secondary, notes, help, edit } = diagnostic;
    Entry {
        code: code.as_str(),
        severity: severity.to_string(),
        message,
        primary: spot(primary, positions),
        secondary: secondary.iter().map(|label| spot(label, positions)).collect(),
        notes,
        help,
        edit: edit.as_ref().and_then(|edit| change(edit, positions)),
    }
}

fn spot<'a>(label: &'a Label, positions: &Positions<'_>) -> Spot<'a> {
    let position = positions.position(&label.place);
    let (line, column) = position.point.unzip();
    let file = positions.is_in_file(&position).then_some(position.file);
    Spot { place: label.place.as_str(), message: &label.message, file, line, column }
}

fn change<'a>(edit: &'a Edit, positions: &Positions<'_>) -> Option<Change<'a>> {
    let found = replacement(edit, positions)?;
    let file = positions.file(&found.file)?;
    let (line, column) = file.point(found.span.start);
    let (end_line, end_column) = file.point(found.span.end);
    Some(Change { file: found.file, line, column, end_line, end_column, replacement: found.text })
}
