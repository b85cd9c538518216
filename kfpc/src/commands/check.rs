//! `kfpc check`: what is wrong with pipelines, without compiling them.

use kfp_compiler::diag::Findings;

use crate::Outcome;
use crate::arguments::CheckArguments;
use crate::document::Document;
use crate::printer::Printer;
use crate::reporter::{Reporter, has_errors};
use crate::{settings, source};

pub(crate) fn check(arguments: &CheckArguments, printer: &Printer) -> anyhow::Result<Outcome> {
    let (settings, _) = settings::here()?;
    // What was found is the data of this command, so programs read it from standard output.
    let reporter = Reporter::new(&arguments.pipeline.levels, &settings, arguments.format, true, printer)?;
    let document = match Document::read(source::open(&arguments.pipeline.source, printer)?) {
        Ok(document) => document,
        Err(rejected) => {
            reporter.tell_all(&[reporter.rejected(&rejected)]);
            return Ok(Outcome::Wrong);
        }
    };
    let (names, diagnostics) = document.check_all(arguments.pipeline.pipeline.as_deref())?;
    let diagnostics = reporter.levelled(diagnostics);
    reporter.tell_all(&[Findings { diagnostics: &diagnostics, surroundings: document.surroundings() }]);
    if has_errors(&diagnostics) {
        return Ok(Outcome::Wrong);
    }
    printer.info(format!("Checked {}", names.join(", ")));
    Ok(Outcome::Fine)
}
