//! The errors of rustc, as diagnostics for reports that programs read.

use std::fmt;
use std::path::PathBuf;

use cargo_metadata::CompilerMessage;
use cargo_metadata::diagnostic::{Diagnostic as Message, DiagnosticLevel as Level, DiagnosticSpan as Span};
use kfp_diag::{Diagnostic, Findings, Surroundings, codes};
use kfp_model::{Location, Locations, Place};

use crate::files::Excerpts;

/// Why a package does not compile.
#[derive(Debug)]
pub(crate) struct BuildErrors {
    diagnostics: Vec<Diagnostic>,
    locations: Locations,
    /// The folder of the package or below, if it is not the current one.
    folder: Option<PathBuf>,
}

impl BuildErrors {
    /// Converts the errors among the messages. Returns `None` if there are none.
    pub(crate) fn of(messages: &[CompilerMessage], folder: Option<PathBuf>) -> Option<Self> {
        let mut errors = Self { diagnostics: Vec::new(), locations: Locations::default(), folder };
        for message in messages {
            errors.add(message);
        }
        (!errors.diagnostics.is_empty()).then_some(errors)
    }

    /// Calls `report` with the errors.
    pub(crate) fn with_findings<R>(&self, report: impl FnOnce(Findings<'_>) -> R) -> R {
        let world = match &self.folder {
            Some(folder) => Excerpts::of_folder(folder),
            None => Excerpts::of_working_folder(),
        };
        let surroundings = Surroundings { written: None, locations: &self.locations, world: &world };
        report(Findings { diagnostics: &self.diagnostics, surroundings })
    }

    fn add(&mut self, CompilerMessage { message, target, .. }: &CompilerMessage) {
        let is_error = matches!(message.level, Level::Error | Level::Ice);
        // rustc ends with a count of the errors, which is an error too.
        if !is_error || message.spans.is_empty() && message.message.starts_with("aborting due to ") {
            return;
        }
        let place = Place::root().key("rustc").index(self.diagnostics.len());
        let headline = match &message.code {
            Some(code) => format!("{} ({})", message.message, code.code),
            None => message.message.clone(),
        };
        let mut diagnostic = Diagnostic::error(codes::NOT_COMPILED, &place, headline);
        // Errors of the linker have no place.
        let whole = Location { file: target.src_path.to_string(), line: 1, column: 1 };
        let mut spans = message.spans.iter().collect::<Vec<_>>();
        spans.sort_by_key(|span| !span.is_primary);
        self.locations.insert(place.clone(), spans.first().map_or(whole, |span| location(span)));
        for (idx, span) in spans.into_iter().enumerate() {
            let label = span.label.as_deref().unwrap_or_default();
            if idx == 0 {
                diagnostic = diagnostic.label(label);
            } else if !label.is_empty() {
                let place = place.index(idx);
                self.locations.insert(place.clone(), location(span));
                diagnostic = diagnostic.also(&place, label);
            }
        }
        self.diagnostics.push(message.children.iter().fold(diagnostic, with_child));
    }
}

/// Adds a note or help of an error.
fn with_child(diagnostic: Diagnostic, child: &Message) -> Diagnostic {
    let replacements: Vec<String> = child
        .spans
        .iter()
        .filter_map(|span| span.suggested_replacement.as_deref())
        .map(|text| format!("`{}`", text.trim()))
        .filter(|text| text != "``")
        .collect();
    let text = match replacements.as_slice() {
        [] => child.message.clone(),
        replacements => format!("{}: {}", child.message, replacements.join(", ")),
    };
    if child.level == Level::Help { diagnostic.help(text) } else { diagnostic.note(text) }
}

/// Returns the location of a span: in code that a macro generated, that of the use of the macro.
fn location(span: &Span) -> Location {
    match &span.expansion {
        Some(expansion) => location(&expansion.span),
        None => Location {
            file: span.file_name.clone(),
            line: number(span.line_start),
            column: number(span.column_start),
        },
    }
}

fn number(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl fmt::Display for BuildErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the pipeline binary does not compile")
    }
}

impl std::error::Error for BuildErrors {}
