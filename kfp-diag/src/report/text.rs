//! Diagnostics as text for a terminal, with the lines that they are about.
//!
//! This is the one file that knows the snippet renderer.

use std::collections::BTreeMap;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Patch, Renderer, Snippet};

use super::position::{File, Position, Positions, labels};
use super::replacement::replacement;
use crate::diagnostic::{Diagnostic, Label, Severity};
use crate::printable::{printable, same_length};

/// Columns of a report.
const WIDTH: usize = 110;
/// Bytes of a line that is shown: the time of rendering grows with the line, of which a part would be seen only.
const LONGEST_LINE: usize = 64 * 1024;
/// Bytes between two lines of one file that are shown together.
const APART: usize = 1024 * 1024;

/// A remark with its position.
struct Spot<'a> {
    label: &'a Label,
    position: Position,
    kind: AnnotationKind,
}

/// Renders one diagnostic, without a newline at its end.
pub(super) fn block(diagnostic: &Diagnostic, positions: &Positions<'_>, colour: bool) -> String {
    let mut spots: Vec<Spot<'_>> = labels(diagnostic)
        .enumerate()
        .map(|(idx, label)| Spot {
            label,
            position: positions.position(&label.place),
            kind: if idx == 0 { AnnotationKind::Primary } else { AnnotationKind::Context },
        })
        .collect();
    keep_what_can_be_shown(&mut spots, positions);
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(diagnostic.message.as_str()).id(diagnostic.code.as_str());
    let mut group = with_spots(Group::with_title(title), &spots, positions);
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

/// The last of the help with the line before and after the edit, where it is known where that is made.
fn with_edit<'a>(diagnostic: &'a Diagnostic, positions: &'a Positions<'_>) -> Option<Group<'a>> {
    let found = replacement(diagnostic.edit.as_ref()?, positions)?;
    let help = diagnostic.help.last()?;
    let file = positions.file(&found.file)?;
    let (first, last) = (file.line_of(found.span.start), file.line_of(found.span.end));
    let window = file.lines(first, last);
    if window.len() > LONGEST_LINE {
        return None;
    }
    let patch =
        Patch::new(found.span.start - window.start..found.span.end - window.start, same_length(found.text));
    let snippet = Snippet::source(same_length(&file.text[window])).line_start(first + 1).patch(patch);
    Some(Level::HELP.secondary_title(help.as_str()).element(snippet))
}

/// Leaves spots without their lines that are too long, or too far from the first ones of their files.
fn keep_what_can_be_shown(spots: &mut [Spot<'_>], positions: &Positions<'_>) {
    let mut first: BTreeMap<String, usize> = BTreeMap::new();
    for Spot { position, .. } in spots {
        let (Some((start, end)), Some(file)) = (position.span, positions.file(&position.file)) else {
            continue;
        };
        let line = file.lines(file.line_of(start), file.line_of(end));
        let is_near = first.get(&position.file).is_none_or(|first| first.abs_diff(start) <= APART);
        if line.len() > LONGEST_LINE || !is_near {
            position.span = None;
        } else {
            first.entry(position.file.clone()).or_insert(start);
        }
    }
}

/// Adds the lines of each file once, in the order in which the files are first named.
fn with_spots<'a>(mut group: Group<'a>, spots: &'a [Spot<'a>], positions: &'a Positions<'_>) -> Group<'a> {
    let mut shown: Vec<&str> = Vec::new();
    for spot in spots {
        let name = spot.position.file.as_str();
        if shown.contains(&name) && spot.position.span.is_some() {
            continue;
        }
        group = match (positions.file(name), spot.position.span) {
            (Some(file), Some(_)) => {
                shown.push(name);
                group.element(snippet(name, file, spots))
            }
            _ => without_source(group, spot),
        };
    }
    group
}

/// The lines of one file that the remarks are about.
fn snippet<'a>(name: &'a str, file: &'a File<'_>, spots: &'a [Spot<'a>]) -> Snippet<'a, Annotation<'a>> {
    let here = || spots.iter().filter(|spot| spot.position.file == name);
    let spans: Vec<(usize, usize)> = here().filter_map(|spot| spot.position.span).collect();
    let first = spans.iter().map(|(start, _)| file.line_of(*start)).min().unwrap_or(0);
    let last = spans.iter().map(|(_, end)| file.line_of(*end)).max().unwrap_or(first);
    let window = file.lines(first, last);
    let annotations = here().filter_map(|spot| {
        let (start, end) = spot.position.span?;
        let label = Some(spot.label.message.as_str()).filter(|message| !message.is_empty());
        Some(spot.kind.span(start - window.start..end - window.start).label(label))
    });
    Snippet::source(same_length(&file.text[window.clone()]))
        .line_start(first + 1)
        .path(printable(name))
        .annotations(annotations)
}

/// What is left to say of a remark where its line cannot be shown.
fn without_source<'a>(group: Group<'a>, spot: &'a Spot<'a>) -> Group<'a> {
    let Spot { label, position, kind } = spot;
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
