//! Opens the document of a command.

use crate::Outcome;
use crate::arguments::{LevelArguments, MessageArguments, PipelineArguments};
use crate::document::Document;
use crate::printer::Printer;
use crate::reporter::Reporter;
use crate::settings;
use crate::source::{self, Text};

/// Opens the selected document, runs `work` on it, and reports diagnostics on standard error.
pub(crate) fn with_document(
    arguments: &PipelineArguments,
    messages: &MessageArguments,
    printer: &Printer,
    work: impl FnOnce(&Document, &Reporter<'_>) -> anyhow::Result<Outcome>,
) -> anyhow::Result<Outcome> {
    let open =
        |reporter: &Reporter<'_>| source::open(&arguments.source, arguments.pipeline.as_deref(), reporter);
    with_text(open, &arguments.levels, messages, printer, work)
}

/// Opens a document, runs `work` on it, and reports diagnostics on standard error.
pub(crate) fn with_text(
    open: impl FnOnce(&Reporter<'_>) -> anyhow::Result<Text>,
    levels: &LevelArguments,
    messages: &MessageArguments,
    printer: &Printer,
    work: impl FnOnce(&Document, &Reporter<'_>) -> anyhow::Result<Outcome>,
) -> anyhow::Result<Outcome> {
    let (settings, _) = settings::here()?;
    let reporter = Reporter::new(levels, &settings, messages.message_format, false, printer)?;
    let text = match open(&reporter) {
        Ok(text) => text,
        Err(error) => return reporter.report_build(error),
    };
    match Document::read(text) {
        Ok(document) if document.is_unbuilt() => {
            reporter.report(document.surroundings(), document.problems());
            reporter.end(document.surroundings());
            Ok(Outcome::Failed)
        }
        Ok(document) => {
            let outcome = work(&document, &reporter)
                .or_else(|error| reporter.report_refusal(document.surroundings(), error));
            reporter.end(document.surroundings());
            outcome
        }
        Err(rejected) => {
            reporter.report_all(&[reporter.rejected(&rejected)]);
            Ok(Outcome::Failed)
        }
    }
}
