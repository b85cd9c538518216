//! Renders a report as a JSON object.

use serde::{Serialize, Serializer};

use super::found::{Finding, count};
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

/// Serializes diagnostics one by one, so that only one is converted at a time.
struct Entries<'a>(&'a [Finding<'a, 'a>]);

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
    primary: LabelEntry<'a>,
    secondary: Vec<LabelEntry<'a>>,
    notes: &'a [String],
    help: &'a [String],
    edit: Option<EditEntry<'a>>,
}

#[derive(Serialize)]
struct LabelEntry<'a> {
    place: &'a str,
    message: &'a str,
    file: Option<String>,
    line: Option<usize>,
    column: Option<usize>,
}

/// Lines and columns are counted from 1. The end is exclusive.
#[derive(Serialize)]
struct EditEntry<'a> {
    file: String,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    replacement: &'a str,
}

pub(super) fn report(found: &[Finding<'_, '_>]) -> String {
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
        primary: label_entry(primary, positions),
        secondary: secondary.iter().map(|label| label_entry(label, positions)).collect(),
        notes,
        help,
        edit: edit.as_ref().and_then(|edit| edit_entry(edit, positions)),
    }
}

fn label_entry<'a>(label: &'a Label, positions: &Positions<'_>) -> LabelEntry<'a> {
    let position = positions.position(label);
    let (line, column) = position.point.unzip();
    let file = positions.is_in_file(&position).then_some(position.file);
    LabelEntry { place: label.place.as_str(), message: &label.message, file, line, column }
}

fn edit_entry<'a>(edit: &'a Edit, positions: &Positions<'_>) -> Option<EditEntry<'a>> {
    let found = replacement(edit, positions)?;
    let file = positions.file(&found.file)?;
    let (line, column) = file.point(found.span.start);
    let (end_line, end_column) = file.point(found.span.end);
    Some(EditEntry { file: found.file, line, column, end_line, end_column, replacement: found.text })
}
