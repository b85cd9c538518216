//! Renders diagnostics with source lines for a terminal.
//!
//! This is the only file that uses the snippet renderer.

use std::collections::BTreeMap;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Patch, Renderer, Snippet};

use super::position::{File, Position, Positions, labels};
use super::replacement::replacement;
use crate::diagnostic::{Diagnostic, Label, Severity};
use crate::printable::{printable, same_length};

/// The width of a report in columns.
const WIDTH: usize = 110;
/// The maximum length in bytes of a source line. Rendering time grows with the line, of which only a part is visible.
const MAX_LINE: usize = 64 * 1024;
/// The maximum distance in bytes between two lines of a file that are shown together.
const MAX_DISTANCE: usize = 1024 * 1024;

/// A label with its position.
struct PlacedLabel<'a> {
    label: &'a Label,
    position: Position,
    kind: AnnotationKind,
}

/// Renders one diagnostic, without a newline at its end.
pub(super) fn block(diagnostic: &Diagnostic, positions: &Positions<'_>, colour: bool) -> String {
    let mut placed_labels: Vec<PlacedLabel<'_>> = labels(diagnostic)
        .enumerate()
        .map(|(idx, label)| PlacedLabel {
            label,
            position: positions.position(label),
            kind: if idx == 0 { AnnotationKind::Primary } else { AnnotationKind::Context },
        })
        .collect();
    hide_distant_lines(&mut placed_labels, positions);
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(diagnostic.message.as_str()).id(diagnostic.code.as_str());
    let mut group = with_labels(Group::with_title(title), &placed_labels, positions);
    for note in &diagnostic.notes {
        group = group.element(Level::NOTE.message(note.as_str()));
    }
    let edited = with_edit(diagnostic, positions);
    let plain = diagnostic.help.len() - usize::from(edited.is_some());
    for help in &diagnostic.help[..plain] {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let report: Vec<Group<'_>> = std::iter::once(group).chain(edited).collect();
    renderer.term_width(WIDTH).render(&report)
}

/// Renders the last help with the edited line, if the edit can be located.
fn with_edit<'a>(diagnostic: &'a Diagnostic, positions: &'a Positions<'_>) -> Option<Group<'a>> {
    let found = replacement(diagnostic.edit.as_ref()?, positions)?;
    let help = diagnostic.help.last()?;
    let file = positions.file(&found.file)?;
    let (first, last) = (file.line_of(found.span.start), file.line_of(found.span.end));
    let window = file.lines(first, last);
    if window.len() > MAX_LINE {
        return None;
    }
    let patch =
        Patch::new(found.span.start - window.start..found.span.end - window.start, same_length(found.text));
    let snippet = Snippet::source(same_length(&file.text[window])).line_start(first + 1).patch(patch);
    Some(Level::HELP.secondary_title(help.as_str()).element(snippet))
}

/// Hides source lines that are too long, or too far from the first label in their file.
fn hide_distant_lines(placed_labels: &mut [PlacedLabel<'_>], positions: &Positions<'_>) {
    let mut first: BTreeMap<String, usize> = BTreeMap::new();
    for PlacedLabel { position, .. } in placed_labels {
        let (Some((start, end)), Some(file)) = (position.span, positions.file(&position.file)) else {
            continue;
        };
        let line = file.lines(file.line_of(start), file.line_of(end));
        let is_near = first.get(&position.file).is_none_or(|first| first.abs_diff(start) <= MAX_DISTANCE);
        if line.len() > MAX_LINE || !is_near {
            position.span = None;
        } else {
            first.entry(position.file.clone()).or_insert(start);
        }
    }
}

/// Adds the source lines of each file once, in order of first use.
fn with_labels<'a>(
    mut group: Group<'a>,
    placed_labels: &'a [PlacedLabel<'a>],
    positions: &'a Positions<'_>,
) -> Group<'a> {
    let mut shown: Vec<&str> = Vec::new();
    for placed in placed_labels {
        let name = placed.position.file.as_str();
        if shown.contains(&name) && placed.position.span.is_some() {
            continue;
        }
        group = match (positions.file(name), placed.position.span) {
            (Some(file), Some(_)) => {
                shown.push(name);
                group.element(snippet(name, file, placed_labels))
            }
            _ => without_source(group, placed),
        };
    }
    group
}

/// Creates the snippet of one file with its labels.
fn snippet<'a>(
    name: &'a str,
    file: &'a File<'_>,
    placed_labels: &'a [PlacedLabel<'a>],
) -> Snippet<'a, Annotation<'a>> {
    let here = || placed_labels.iter().filter(|placed| placed.position.file == name);
    let spans: Vec<(usize, usize)> = here().filter_map(|placed| placed.position.span).collect();
    let first = spans.iter().map(|(start, _)| file.line_of(*start)).min().unwrap_or(0);
    let last = spans.iter().map(|(_, end)| file.line_of(*end)).max().unwrap_or(first);
    let window = file.lines(first, last);
    let annotations = here().filter_map(|placed| {
        let (start, end) = placed.position.span?;
        let label = Some(placed.label.message.as_str()).filter(|message| !message.is_empty());
        Some(placed.kind.span(start - window.start..end - window.start).label(label))
    });
    Snippet::source(same_length(&file.text[window.clone()]))
        .line_start(first + 1)
        .path(printable(name))
        .annotations(annotations)
}

/// Adds a label whose source line cannot be shown.
fn without_source<'a>(group: Group<'a>, placed: &'a PlacedLabel<'a>) -> Group<'a> {
    let PlacedLabel { label, position, kind } = placed;
    let message = label.message.as_str();
    if *kind == AnnotationKind::Primary {
        let mut origin = Origin::path(printable(&position.file));
        if let Some((line, column)) = position.point {
            origin = origin.line(line).char_column(column);
        }
        let group = group.element(origin);
        return if message.is_empty() { group } else { group.element(Level::NOTE.message(message)) };
    }
    let message = if message.is_empty() { "see also" } else { message };
    group.element(Level::NOTE.message(format!("{message}: {position}")))
}
