//! Whole reports: many diagnostics, sorted and counted, in one of several formats.

mod found;
mod github;
mod json;
mod position;
mod replacement;
mod sarif;
mod text;

use std::fmt::Write as _;

use self::found::{Found, counts, first_ones, sorted};
use self::position::Positions;
use self::text::block;
use crate::diagnostic::Diagnostic;
use crate::surroundings::Surroundings;

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
