//! What is wrong, as all commands tell it: in one format, with the warnings that are wanted.

use std::cell::RefCell;

use anyhow::anyhow;
use kfp_diag::source::Rejected;
use kfp_diag::{Code, Diagnostic, Findings, Format, Levels, NoSources, Severity, Surroundings, render_all};
use kfp_model::{Locations, Place};
use kfp_runner::RunError;

use crate::Outcome;
use crate::arguments::{Deny, DiagnosticFormat, LevelArguments, MessageArguments, PipelineArguments};
use crate::document::Document;
use crate::printer::Printer;
use crate::settings::{self, Settings};
use crate::source;

/// Tells diagnostics. A report that is one value as a whole is written once, when the command ends.
#[derive(Debug)]
pub(crate) struct Reporter<'p> {
    format: Format,
    levels: Levels,
    /// Whether reports are what the command is asked for.
    is_data: bool,
    printer: &'p Printer,
    held: RefCell<Vec<Diagnostic>>,
}

/// Opens the document that the arguments name, does the work of a command whose result is something else than
/// a report, and tells on standard error what was found.
pub(crate) fn with_document(
    arguments: &PipelineArguments,
    messages: &MessageArguments,
    printer: &Printer,
    work: impl FnOnce(&Document, &Reporter<'_>) -> anyhow::Result<Outcome>,
) -> anyhow::Result<Outcome> {
    let (settings, _) = settings::here()?;
    let reporter = Reporter::new(&arguments.levels, &settings, messages.message_format, false, printer)?;
    match Document::read(source::open(&arguments.source, arguments.pipeline.as_deref(), printer)?) {
        Ok(document) => {
            let outcome = work(&document, &reporter).or_else(|error| reporter.refused(&document, error));
            reporter.end(&document);
            outcome
        }
        Err(rejected) => {
            reporter.tell_all(&[reporter.rejected(&rejected)]);
            Ok(Outcome::Wrong)
        }
    }
}

impl<'p> Reporter<'p> {
    /// Where `is_data`, programs read the reports from standard output; people never do.
    pub(crate) fn new(
        arguments: &LevelArguments,
        settings: &Settings,
        format: DiagnosticFormat,
        is_data: bool,
        printer: &'p Printer,
    ) -> anyhow::Result<Self> {
        let (levels, format) = (levels(arguments, settings)?, Format::from(format));
        let is_data = is_data && !format.is_for_people();
        Ok(Self { format, levels, is_data, printer, held: RefCell::default() })
    }

    /// A reporter that tells people everything, whatever is said elsewhere.
    pub(crate) fn for_people(printer: &'p Printer) -> Self {
        let (format, levels) = (Format::Text, Levels::default());
        Self { format, levels, is_data: false, printer, held: RefCell::default() }
    }

    /// What is told of the diagnostics, with the levels at which they are told.
    pub(crate) fn levelled(&self, diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let mut told = self.levels.apply(diagnostics);
        if self.printer.is_quiet() {
            told.retain(|diagnostic| diagnostic.severity == Severity::Error);
        }
        told
    }

    /// Tells what was found in a document; `true` if there is an error in it.
    pub(crate) fn tell(&self, document: &Document, diagnostics: Vec<Diagnostic>) -> bool {
        let diagnostics = self.levelled(diagnostics);
        let wrong = has_errors(&diagnostics);
        if is_whole(self.format) {
            self.held.borrow_mut().extend(diagnostics);
        } else {
            let surroundings = document.surroundings();
            self.tell_all(&[Findings { diagnostics: &diagnostics, surroundings }]);
        }
        wrong
    }

    /// Tells all of this now, whatever was told before.
    pub(crate) fn tell_all(&self, found: &[Findings<'_>]) {
        let report = render_all(found, self.format, self.printer.has_colour());
        if self.is_data {
            self.printer.data(&report);
        } else {
            self.printer.report(&report);
        }
    }

    /// What is told of a text that is no document.
    pub(crate) fn rejected<'a>(&self, rejected: &'a Rejected) -> Findings<'a> {
        static NOWHERE: std::sync::LazyLock<Locations> = std::sync::LazyLock::new(Locations::default);
        let surroundings =
            Surroundings { written: Some(rejected.written()), locations: &NOWHERE, world: &NoSources };
        Findings { diagnostics: &rejected.diagnostics, surroundings }
    }

    /// Why a run could not start is a diagnostic for those who do not read texts.
    fn refused(&self, document: &Document, error: anyhow::Error) -> anyhow::Result<Outcome> {
        let refusal = error.downcast_ref::<RunError>().filter(|_| !self.format.is_for_people());
        let Some(code) = refusal.and_then(|refusal| Code::parse(refusal.code())) else { return Err(error) };
        let diagnostic = Diagnostic::error(code, &Place::root(), error.to_string());
        let causes = error.chain().skip(1).map(ToString::to_string);
        self.tell(document, vec![causes.fold(diagnostic, Diagnostic::note)]);
        Ok(Outcome::Refused)
    }

    fn end(&self, document: &Document) {
        if is_whole(self.format) {
            let held = self.held.take();
            self.tell_all(&[Findings { diagnostics: &held, surroundings: document.surroundings() }]);
        }
    }
}

/// Whether there is an error among the diagnostics.
pub(crate) fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}

/// Whether a report in this format is one value, of which there cannot be two in a row.
fn is_whole(format: Format) -> bool {
    matches!(format, Format::Json | Format::Sarif)
}

/// What the command line and the settings say about warnings.
fn levels(arguments: &LevelArguments, settings: &Settings) -> anyhow::Result<Levels> {
    let named = arguments.allow.iter().map(|name| allowed(name));
    let set = settings.allow.iter().map(|allowed| Ok(allowed.0));
    let allow = named.chain(set).collect::<anyhow::Result<_>>()?;
    Ok(Levels { deny_warnings: arguments.deny == Some(Deny::Warnings) || settings.deny_warnings, allow })
}

/// The code that is to be allowed.
pub(crate) fn allowed(name: &str) -> anyhow::Result<Code> {
    Code::parse(name).ok_or_else(|| match Code::nearest(name) {
        Some(right) => anyhow!("there is no code `{name}` to allow: `{right}` is the nearest one"),
        None => anyhow!("there is no code `{name}` to allow: `kfpc explain` lists them all"),
    })
}

impl From<DiagnosticFormat> for Format {
    fn from(format: DiagnosticFormat) -> Self {
        match format {
            DiagnosticFormat::Text => Self::Text,
            DiagnosticFormat::Short => Self::Short,
            DiagnosticFormat::Json => Self::Json,
            DiagnosticFormat::Sarif => Self::Sarif,
            DiagnosticFormat::Github => Self::Github,
        }
    }
}
