//! `kfpc check`: what is wrong with pipelines, without compiling them.

use kfp_compiler::diag::Format;

use crate::Outcome;
use crate::arguments::{CheckArguments, DiagnosticFormat};
use crate::document::Document;
use crate::printer::Printer;

pub(crate) fn check(arguments: &CheckArguments, printer: &Printer) -> anyhow::Result<Outcome> {
    let format = match arguments.format {
        DiagnosticFormat::Text => Format::Text,
        DiagnosticFormat::Short => Format::Short,
        DiagnosticFormat::Json => Format::Json,
    };
    let Some(document) = Document::open_for(&arguments.pipeline.source, format, printer)? else {
        return Ok(Outcome::Wrong);
    };
    let (names, diagnostics, wrong) = document.check_all(arguments.pipeline.pipeline.as_deref())?;
    let report = document.render(&diagnostics, format, printer);
    // What was found is the data of this command, so programs read it from standard output.
    if format == Format::Text {
        printer.report(&report);
    } else {
        printer.data(&report);
    }
    if wrong {
        return Ok(Outcome::Wrong);
    }
    printer.info(format!("Checked {}", names.join(", ")));
    Ok(Outcome::Fine)
}
