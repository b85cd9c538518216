//! Whole reports: many diagnostics, sorted and counted, in one of several formats.

mod github;
mod json;
mod sarif;

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use super::position::{Position, Positions};
use super::render::block;
use super::{Diagnostic, Severity, Surroundings};
use crate::printable::printable;

/// Errors that are shown with their lines, and as many warnings.
const SHOWN: usize = 100;

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
    /// One SARIF log in version 2.1.0, for tools that show what checkers find.
    Sarif,
    /// Workflow commands of GitHub Actions, which become annotations of the changed lines.
    Github,
}

impl Format {
    /// Whether a report is for people; the others are data.
    pub fn is_for_people(self) -> bool {
        self == Self::Text
    }
}

/// Writes the diagnostics as one report, sorted by location; the empty text if there are none.
///
/// Equal diagnostics are written once: several pipelines of one document share components. Reports in JSON and
/// SARIF are written even where there is nothing to say.
pub fn render(
    diagnostics: &[Diagnostic],
    surroundings: Surroundings<'_>,
    format: Format,
    colour: bool,
) -> String {
    render_all(&[Findings { diagnostics, surroundings }], format, colour)
}

/// What was found in one document.
#[derive(Clone, Copy)]
pub struct Findings<'a> {
    /// What is wrong with it.
    pub diagnostics: &'a [Diagnostic],
    /// Its text and what else is shown.
    pub surroundings: Surroundings<'a>,
}

/// Writes what was found in several documents as one report, in the order of the documents.
pub fn render_all(documents: &[Findings<'_>], format: Format, colour: bool) -> String {
    let positions: Vec<Positions<'_>> =
        documents.iter().map(|found| Positions::of(found.diagnostics, found.surroundings)).collect();
    let found: Vec<Found<'_, '_>> = documents
        .iter()
        .zip(&positions)
        .flat_map(|(found, positions)| {
            let sorted = sorted(found.diagnostics, positions).into_iter();
            sorted.map(move |diagnostic| Found { diagnostic, positions })
        })
        .collect();
    match format {
        Format::Json => json::report(&found),
        Format::Sarif => sarif::report(&found),
        Format::Github => github::report(&found),
        Format::Text | Format::Short if found.is_empty() => String::new(),
        Format::Text => {
            let shown = first_ones(&found);
            let blocks = shown.iter().map(|each| block(each.diagnostic, each.positions, colour));
            let mut text = blocks.collect::<Vec<_>>().join("\n\n");
            if shown.len() < found.len() {
                let _ = write!(text, "\n\n{} more are told by every other format", found.len() - shown.len());
            }
            let _ = write!(text, "\n\n{}\n", counts(&found));
            text
        }
        Format::Short => {
            let mut text = String::new();
            for Found { diagnostic, positions } in &found {
                let position = positions.position(&diagnostic.primary.place);
                let Diagnostic { code, severity, message, .. } = diagnostic;
                let _ = writeln!(text, "{position}: {severity}[{code}]: {message}");
            }
            let _ = writeln!(text, "{}", counts(&found));
            text
        }
    }
}

/// A diagnostic, and where its places are to be seen.
struct Found<'a, 'p> {
    diagnostic: &'a Diagnostic,
    positions: &'p Positions<'a>,
}

/// What is shown in full: people correct the first ones and ask again.
fn first_ones<'f, 'a, 'p>(found: &'f [Found<'a, 'p>]) -> Vec<&'f Found<'a, 'p>> {
    let mut counts = BTreeMap::new();
    let mut is_early = |each: &&Found<'_, '_>| {
        let count = counts.entry(each.diagnostic.severity).or_insert(0);
        *count += 1;
        *count <= SHOWN
    };
    found.iter().filter(|each| is_early(each)).collect()
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
fn counts(found: &[Found<'_, '_>]) -> String {
    let (errors, warnings) = count(found);
    let noun = |count: usize, noun: &str| match count {
        0 => None,
        1 => Some(format!("1 {noun}")),
        _ => Some(format!("{count} {noun}s")),
    };
    [noun(errors, "error"), noun(warnings, "warning")].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn count(found: &[Found<'_, '_>]) -> (usize, usize) {
    let errors = found.iter().filter(|each| each.diagnostic.severity == Severity::Error).count();
    (errors, found.len() - errors)
}

/// What formats with a single text for each diagnostic have to say: the message, what is to be seen at the
/// place, the notes and the help, one line each.
fn in_lines(diagnostic: &Diagnostic) -> String {
    let Diagnostic { message, primary, notes, help, .. } = diagnostic;
    let mut lines = vec![message.clone()];
    lines.extend(Some(primary.message.clone()).filter(|label| !label.is_empty()));
    lines.extend(notes.iter().map(|note| format!("note: {note}")));
    lines.extend(help.iter().map(|help| format!("help: {help}")));
    lines.join("\n")
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
        let file = printable(&self.file);
        match self.point {
            Some((line, column)) => write!(f, "{file}:{line}:{column}"),
            None => f.write_str(&file),
        }
    }
}
