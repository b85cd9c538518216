//! Renders diagnostics as sorted and counted reports in several formats.

mod found;
mod github;
mod json;
mod position;
mod replacement;
mod sarif;
mod text;

use std::fmt::Write as _;

use self::found::{Finding, counts, first_of_each_severity, sorted};
use self::position::Positions;
use self::text::block;
use crate::diagnostic::Diagnostic;
use crate::surroundings::Surroundings;

/// The format of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// Human-readable blocks with source lines.
    #[default]
    Text,
    /// One line per diagnostic, for editors and `grep`.
    Short,
    /// A single JSON object, for programs.
    Json,
    /// A SARIF 2.1.0 log, for code hosts and editors.
    Sarif,
    /// Workflow commands of GitHub Actions, shown as annotations of the changed lines.
    Github,
}

impl Format {
    /// Whether the format is for humans, not for programs.
    pub fn is_for_people(self) -> bool {
        self == Self::Text
    }
}

/// Renders the diagnostics of one document, sorted by position.
///
/// Equal diagnostics, for example from several pipelines that share a component, are reported once. Without diagnostics
/// the report is empty, except in JSON and SARIF.
pub fn render(
    diagnostics: &[Diagnostic],
    surroundings: Surroundings<'_>,
    format: Format,
    colour: bool,
) -> String {
    render_all(&[Findings { diagnostics, surroundings }], format, colour)
}

/// The diagnostics of one document.
#[derive(Clone, Copy)]
pub struct Findings<'a> {
    /// The diagnostics.
    pub diagnostics: &'a [Diagnostic],
    /// The context to render them in.
    pub surroundings: Surroundings<'a>,
}

/// Renders the diagnostics of several documents as one report, in the order of the documents.
pub fn render_all(documents: &[Findings<'_>], format: Format, colour: bool) -> String {
    let positions: Vec<Positions<'_>> =
        documents.iter().map(|found| Positions::of(found.diagnostics, found.surroundings)).collect();
    let found: Vec<Finding<'_, '_>> = documents
        .iter()
        .zip(&positions)
        .flat_map(|(found, positions)| {
            let sorted = sorted(found.diagnostics, positions).into_iter();
            sorted.map(move |diagnostic| Finding { diagnostic, positions })
        })
        .collect();
    match format {
        Format::Json => json::report(&found),
        Format::Sarif => sarif::report(&found),
        Format::Github => github::report(&found),
        Format::Text | Format::Short if found.is_empty() => String::new(),
        Format::Text => {
            let shown = first_of_each_severity(&found);
            let blocks = shown.iter().map(|each| block(each.diagnostic, each.positions, colour));
            let mut text = blocks.collect::<Vec<_>>().join("\n\n");
            if shown.len() < found.len() {
                let _ = write!(
                    text,
                    "\n\n{} more; use another format to see all of them",
                    found.len() - shown.len()
                );
            }
            let _ = write!(text, "\n\n{}\n", counts(&found));
            text
        }
        Format::Short => {
            let mut text = String::new();
            for Finding { diagnostic, positions } in &found {
                let position = positions.position(&diagnostic.primary);
                let Diagnostic { code, severity, message, .. } = diagnostic;
                let _ = writeln!(text, "{position}: {severity}[{code}]: {message}");
            }
            let _ = writeln!(text, "{}", counts(&found));
            text
        }
    }
}
