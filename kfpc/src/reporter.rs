//! Reporting diagnostics, for all commands: their format, and which warnings are reported.

use std::cell::RefCell;

use kfp_diag::source::Rejected;
use kfp_diag::{Code, Diagnostic, Findings, Format, Levels, NoSources, Severity, Surroundings, render_all};
use kfp_model::{Locations, Place};
use kfp_runner::RunError;

use crate::Outcome;
use crate::arguments::{Deny, DiagnosticFormat, LevelArguments};
use crate::codes::allowed;
use crate::printer::Printer;
use crate::rustc::BuildErrors;
use crate::settings::Settings;

/// Reports diagnostics. Formats that are a single JSON value are written once, when the command ends.
#[derive(Debug)]
pub(crate) struct Reporter<'p> {
    format: Format,
    levels: Levels,
    /// Whether reports go to standard output, as the result of the command.
    is_data: bool,
    printer: &'p Printer,
    pending: RefCell<Vec<Diagnostic>>,
}

impl<'p> Reporter<'p> {
    /// Creates a reporter. If `is_data` is set, reports in formats for programs go to standard output.
    pub(crate) fn new(
        arguments: &LevelArguments,
        settings: &Settings,
        format: DiagnosticFormat,
        is_data: bool,
        printer: &'p Printer,
    ) -> anyhow::Result<Self> {
        let (levels, format) = (levels(arguments, settings)?, Format::from(format));
        let is_data = is_data && !format.is_for_people();
        Ok(Self { format, levels, is_data, printer, pending: RefCell::default() })
    }

    /// Creates a reporter that writes text and reports all warnings.
    pub(crate) fn for_terminal(printer: &'p Printer) -> Self {
        let (format, levels) = (Format::Text, Levels::default());
        Self { format, levels, is_data: false, printer, pending: RefCell::default() }
    }

    /// Returns the printer.
    pub(crate) fn printer(&self) -> &'p Printer {
        self.printer
    }

    /// Returns whether the report is for users, rather than for programs.
    pub(crate) fn is_for_people(&self) -> bool {
        self.format.is_for_people()
    }

    /// Prints a line of progress, unless the report is a single value on the same stream.
    pub(crate) fn progress(&self, line: &str) {
        if self.is_data || !is_single_value(self.format) {
            self.printer.info(line);
        }
    }

    /// Prints text with the same content as the report, for logs.
    pub(crate) fn log(&self, text: &str) {
        if self.is_data || self.format == Format::Github {
            self.printer.say(text);
        }
    }

    /// Reports why a package cannot be built as diagnostics, if rustc found errors in it.
    pub(crate) fn report_build(&self, error: anyhow::Error) -> anyhow::Result<Outcome> {
        let errors = error.downcast::<BuildErrors>()?;
        errors.with_findings(|found| self.report_all(&[found]));
        Ok(Outcome::Failed)
    }

    /// Returns the diagnostics that are reported, with their levels.
    pub(crate) fn with_levels(&self, diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let mut reported = self.levels.apply(diagnostics);
        if self.printer.is_quiet() {
            reported.retain(|diagnostic| diagnostic.severity == Severity::Error);
        }
        reported
    }

    /// Reports diagnostics of a document. Returns whether there are errors among them.
    pub(crate) fn report(&self, surroundings: Surroundings<'_>, diagnostics: Vec<Diagnostic>) -> bool {
        let diagnostics = self.with_levels(diagnostics);
        let has_errors = has_errors(&diagnostics);
        if is_single_value(self.format) {
            self.pending.borrow_mut().extend(diagnostics);
        } else {
            self.report_all(&[Findings { diagnostics: &diagnostics, surroundings }]);
        }
        has_errors
    }

    /// Reports these findings immediately.
    pub(crate) fn report_all(&self, found: &[Findings<'_>]) {
        let report = render_all(found, self.format, self.printer.has_color());
        if self.is_data {
            self.printer.data(&report);
        } else {
            self.printer.report(&report);
        }
    }

    /// Returns the findings of a string that is not a document.
    pub(crate) fn rejected<'a>(&self, rejected: &'a Rejected) -> Findings<'a> {
        static NOWHERE: std::sync::LazyLock<Locations> = std::sync::LazyLock::new(Locations::default);
        let surroundings =
            Surroundings { written: Some(rejected.written()), locations: &NOWHERE, world: &NoSources };
        Findings { diagnostics: &rejected.diagnostics, surroundings }
    }

    /// Reports why a run could not start as a diagnostic, in formats for programs.
    pub(crate) fn report_refusal(
        &self,
        surroundings: Surroundings<'_>,
        error: anyhow::Error,
    ) -> anyhow::Result<Outcome> {
        let refusal = error.downcast_ref::<RunError>().filter(|_| !self.format.is_for_people());
        let Some(code) = refusal.and_then(|refusal| Code::parse(refusal.code())) else { return Err(error) };
        let diagnostic = Diagnostic::error(code, &Place::root(), error.to_string());
        let causes = error.chain().skip(1).map(ToString::to_string);
        self.report(surroundings, vec![causes.fold(diagnostic, Diagnostic::note)]);
        Ok(Outcome::Reported)
    }

    /// Writes a report that is a single JSON value.
    pub(crate) fn end(&self, surroundings: Surroundings<'_>) {
        if is_single_value(self.format) {
            let pending = self.pending.take();
            self.report_all(&[Findings { diagnostics: &pending, surroundings }]);
        }
    }
}

/// Returns whether there are errors among the diagnostics.
pub(crate) fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}

/// Returns whether a report in this format is a single JSON value.
fn is_single_value(format: Format) -> bool {
    matches!(format, Format::Json | Format::Sarif)
}

/// Returns the levels that the command line and the settings set.
fn levels(arguments: &LevelArguments, settings: &Settings) -> anyhow::Result<Levels> {
    let named = arguments.allow.iter().map(|name| Ok(allowed(name)?));
    let set = settings.allow.iter().map(|allowed| Ok(allowed.0));
    let allow = named.chain(set).collect::<anyhow::Result<_>>()?;
    Ok(Levels { deny_warnings: arguments.deny == Some(Deny::Warnings) || settings.deny_warnings, allow })
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
