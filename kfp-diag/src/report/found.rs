//! Sorts, deduplicates and counts the diagnostics of a report.

use std::collections::BTreeMap;

use super::position::{Position, Positions};
use crate::diagnostic::{Diagnostic, Severity};
use crate::spelling::counted;

/// The maximum number of errors shown with source lines, and the same for warnings.
const SHOWN: usize = 100;

/// A diagnostic, and the positions of its places.
pub(super) struct Finding<'a, 'p> {
    pub(super) diagnostic: &'a Diagnostic,
    pub(super) positions: &'p Positions<'a>,
}

/// Returns the first errors and warnings, which are shown with source lines.
pub(super) fn first_of_each_severity<'f, 'a, 'p>(found: &'f [Finding<'a, 'p>]) -> Vec<&'f Finding<'a, 'p>> {
    let mut counts = BTreeMap::new();
    let mut is_early = |each: &&Finding<'_, '_>| {
        let count = counts.entry(each.diagnostic.severity).or_insert(0);
        *count += 1;
        *count <= SHOWN
    };
    found.iter().filter(|each| is_early(each)).collect()
}

pub(super) fn sorted<'a>(diagnostics: &'a [Diagnostic], positions: &Positions<'_>) -> Vec<&'a Diagnostic> {
    let mut sorted: Vec<&Diagnostic> = diagnostics.iter().collect();
    // Nodes without a position keep the order in which the checks found them.
    sorted.sort_by_cached_key(|diagnostic| {
        let Position { file, point, .. } = positions.position(&diagnostic.primary);
        point.map(|point| (file, point, diagnostic.severity, diagnostic.code))
    });
    let mut unique: Vec<&Diagnostic> = Vec::with_capacity(sorted.len());
    for diagnostic in sorted {
        // Equal diagnostics have the same position, and are therefore close together.
        if !unique.iter().rev().take(8).any(|earlier| *earlier == diagnostic) {
            unique.push(diagnostic);
        }
    }
    unique
}

/// Formats the number of errors and warnings: `2 errors, 1 warning`.
pub(super) fn counts(found: &[Finding<'_, '_>]) -> String {
    let (errors, warnings) = count(found);
    let of = |count: usize, noun: &str| (count > 0).then(|| counted(count, noun));
    [of(errors, "error"), of(warnings, "warning")].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

pub(super) fn count(found: &[Finding<'_, '_>]) -> (usize, usize) {
    let errors = found.iter().filter(|each| each.diagnostic.severity == Severity::Error).count();
    (errors, found.len() - errors)
}

/// Formats a diagnostic as plain text: message, label, notes and help, one line each.
pub(super) fn in_lines(diagnostic: &Diagnostic) -> String {
    let Diagnostic { message, primary, notes, help, .. } = diagnostic;
    let mut lines = vec![message.clone()];
    lines.extend(Some(primary.message.clone()).filter(|label| !label.is_empty()));
    lines.extend(notes.iter().map(|note| format!("note: {note}")));
    lines.extend(help.iter().map(|help| format!("help: {help}")));
    lines.join("\n")
}
