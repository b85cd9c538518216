//! Whole reports: many diagnostics, sorted and counted, in one of several formats.

use std::fmt::{self, Write as _};

use serde::Serialize;

use super::position::{Position, Positions};
use super::render::block;
use super::{Diagnostic, Label, Severity, Surroundings};

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// Blocks with source lines, for people.
    #[default]
    Text,
    /// One line each, for editors and `grep`.
    Short,
    /// One JSON object, for programs.
    Json,
}

/// Writes the diagnostics as one report, sorted by location; the empty text if there are none.
///
/// Equal diagnostics are written once: several pipelines of one document share components. The JSON report
/// is written even where there is nothing to say.
pub fn render(
    diagnostics: &[Diagnostic],
    surroundings: Surroundings<'_>,
    format: Format,
    colour: bool,
) -> String {
    let positions = Positions::of(diagnostics, surroundings);
    let sorted = sorted(diagnostics, &positions);
    match format {
        Format::Json => json(&sorted, &positions),
        Format::Text | Format::Short if sorted.is_empty() => String::new(),
        Format::Text => {
            let blocks = sorted.iter().map(|diagnostic| block(diagnostic, &positions, colour));
            let mut text = blocks.collect::<Vec<_>>().join("\n\n");
            let _ = write!(text, "\n\n{}\n", counts(&sorted));
            text
        }
        Format::Short => {
            let mut text = String::new();
            for diagnostic in &sorted {
                let position = positions.position(&diagnostic.primary.place);
                let Diagnostic { code, severity, message, .. } = diagnostic;
                let _ = writeln!(text, "{position}: {severity}[{code}]: {message}");
            }
            let _ = writeln!(text, "{}", counts(&sorted));
            text
        }
    }
}

fn sorted<'a>(diagnostics: &'a [Diagnostic], positions: &Positions<'_>) -> Vec<&'a Diagnostic> {
    let mut sorted: Vec<&Diagnostic> = diagnostics.iter().collect();
    // Nodes that are written down nowhere stay in the order in which checking found them.
    sorted.sort_by_cached_key(|diagnostic| {
        let Position { file, point, .. } = positions.position(&diagnostic.primary.place);
        point.map(|point| (file, point, diagnostic.severity, diagnostic.code))
    });
    let mut unique: Vec<&Diagnostic> = Vec::with_capacity(sorted.len());
    for diagnostic in sorted {
        // Equal diagnostics stand at one place, and therefore close together.
        if !unique.iter().rev().take(8).any(|earlier| *earlier == diagnostic) {
            unique.push(diagnostic);
        }
    }
    unique
}

/// How many there are of each severity: `2 errors, 1 warning`.
fn counts(diagnostics: &[&Diagnostic]) -> String {
    let (errors, warnings) = count(diagnostics);
    let noun = |count: usize, noun: &str| match count {
        0 => None,
        1 => Some(format!("1 {noun}")),
        _ => Some(format!("{count} {noun}s")),
    };
    [noun(errors, "error"), noun(warnings, "warning")].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn count(diagnostics: &[&Diagnostic]) -> (usize, usize) {
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count();
    (errors, diagnostics.len() - errors)
}

#[derive(Serialize)]
struct JsonReport<'a> {
    diagnostics: Vec<JsonDiagnostic<'a>>,
    errors: usize,
    warnings: usize,
}

#[derive(Serialize)]
struct JsonDiagnostic<'a> {
    code: &'a str,
    severity: String,
    message: &'a str,
    primary: JsonLabel<'a>,
    secondary: Vec<JsonLabel<'a>>,
    notes: &'a [String],
    help: &'a [String],
}

#[derive(Serialize)]
struct JsonLabel<'a> {
    place: &'a str,
    message: &'a str,
    file: Option<String>,
    line: Option<usize>,
    column: Option<usize>,
}

fn json(diagnostics: &[&Diagnostic], positions: &Positions<'_>) -> String {
    let (errors, warnings) = count(diagnostics);
    let label = |label: &'_ Label| json_label_parts(label, positions);
    let diagnostics = diagnostics
        .iter()
        .map(|diagnostic| JsonDiagnostic {
            code: diagnostic.code.as_str(),
            severity: diagnostic.severity.to_string(),
            message: &diagnostic.message,
            primary: json_label(&diagnostic.primary, label(&diagnostic.primary)),
            secondary: diagnostic.secondary.iter().map(|other| json_label(other, label(other))).collect(),
            notes: &diagnostic.notes,
            help: &diagnostic.help,
        })
        .collect();
    let report = JsonReport { diagnostics, errors, warnings };
    let mut text = serde_json::to_string_pretty(&report).unwrap_or_default();
    text.push('\n');
    text
}

fn json_label_parts(label: &Label, positions: &Positions<'_>) -> Option<(String, usize, usize)> {
    let position = positions.position(&label.place);
    position.point.map(|(line, column)| (position.file, line, column))
}

fn json_label(label: &Label, point: Option<(String, usize, usize)>) -> JsonLabel<'_> {
    let (file, line, column) = match point {
        Some((file, line, column)) => (Some(file), Some(line), Some(column)),
        None => (None, None, None),
    };
    JsonLabel { place: label.place.as_str(), message: &label.message, file, line, column }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.point {
            Some((line, column)) => write!(f, "{}:{line}:{column}", self.file),
            None => f.write_str(&self.file),
        }
    }
}
