//! What a report is made of: diagnostics with their positions, sorted and counted.

use std::collections::BTreeMap;

use super::position::{Position, Positions};
use crate::diagnostic::{Diagnostic, Severity};
use crate::spelling::counted;

/// Errors that are shown with their lines, and as many warnings.
const SHOWN: usize = 100;

/// A diagnostic, and where its places are to be seen.
pub(super) struct Found<'a, 'p> {
    pub(super) diagnostic: &'a Diagnostic,
    pub(super) positions: &'p Positions<'a>,
}

/// What is shown in full: people correct the first ones and ask again.
pub(super) fn first_ones<'f, 'a, 'p>(found: &'f [Found<'a, 'p>]) -> Vec<&'f Found<'a, 'p>> {
    let mut counts = BTreeMap::new();
    let mut is_early = |each: &&Found<'_, '_>| {
        let count = counts.entry(each.diagnostic.severity).or_insert(0);
        *count += 1;
        *count <= SHOWN
    };
    found.iter().filter(|each| is_early(each)).collect()
}

pub(super) fn sorted<'a>(diagnostics: &'a [Diagnostic], positions: &Positions<'_>) -> Vec<&'a Diagnostic> {
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
pub(super) fn counts(found: &[Found<'_, '_>]) -> String {
    let (errors, warnings) = count(found);
    let of = |count: usize, noun: &str| (count > 0).then(|| counted(count, noun));
    [of(errors, "error"), of(warnings, "warning")].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

pub(super) fn count(found: &[Found<'_, '_>]) -> (usize, usize) {
    let errors = found.iter().filter(|each| each.diagnostic.severity == Severity::Error).count();
    (errors, found.len() - errors)
}

/// What formats with a single text for each diagnostic have to say: the message, what is to be seen at the
/// place, the notes and the help, one line each.
pub(super) fn in_lines(diagnostic: &Diagnostic) -> String {
    let Diagnostic { message, primary, notes, help, .. } = diagnostic;
    let mut lines = vec![message.clone()];
    lines.extend(Some(primary.message.clone()).filter(|label| !label.is_empty()));
    lines.extend(notes.iter().map(|note| format!("note: {note}")));
    lines.extend(help.iter().map(|help| format!("help: {help}")));
    lines.join("\n")
}
