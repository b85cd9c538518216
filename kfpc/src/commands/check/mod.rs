//! `kfpc check`: what is wrong with pipelines, without compiling them, and with manifests of Argo.

mod files;
mod subject;

use std::mem::ManuallyDrop;
use std::path::Path;

use kfp_compiler::diag::Findings;

use self::subject::Subject;
use crate::Outcome;
use crate::arguments::CheckArguments;
use crate::printer::Printer;
use crate::reporter::{Reporter, has_errors};
use crate::{settings, source};

pub(crate) fn check(arguments: &CheckArguments, printer: &Printer) -> anyhow::Result<Outcome> {
    let (settings, _) = settings::here()?;
    // What was found is the data of this command, so programs read it from standard output.
    let reporter = Reporter::new(&arguments.levels, &settings, arguments.format, true, printer)?;
    // The process ends with the command, and to take large files apart node by node would be a tenth of its time.
    let subjects = ManuallyDrop::new(subjects(arguments, printer)?);
    let (names, found) = subject::check_all(&subjects, arguments.pipeline.as_deref(), &settings)?;
    let found: Vec<_> = found.into_iter().map(|diagnostics| reporter.levelled(diagnostics)).collect();
    let findings: Vec<Findings<'_>> = subjects
        .iter()
        .zip(&found)
        .map(|(subject, diagnostics)| Findings { diagnostics, surroundings: subject.surroundings() })
        .collect();
    reporter.tell_all(&findings);
    if found.iter().any(|diagnostics| has_errors(diagnostics)) {
        return Ok(Outcome::Wrong);
    }
    printer.info(format!("Checked {}", names.join(", ")));
    Ok(Outcome::Fine)
}

/// Everything that the arguments name, read.
fn subjects(arguments: &CheckArguments, printer: &Printer) -> anyhow::Result<Vec<Subject>> {
    let mut subjects = Vec::new();
    if let Some(text) = source::package(None, &arguments.package, printer)? {
        subjects.push(Subject::read(text));
    }
    for path in &arguments.sources {
        if path.is_dir() {
            subjects.extend(folder(path)?);
        } else {
            subjects.push(Subject::read(source::file(path)?));
        }
    }
    Ok(subjects)
}

/// The documents and manifests of a folder; other files of the same notation are passed over.
fn folder(path: &Path) -> anyhow::Result<Vec<Subject>> {
    let mut subjects = Vec::new();
    for file in files::files(path)? {
        subjects.extend(Subject::recognise(source::file(&file)?));
    }
    anyhow::ensure!(
        !subjects.is_empty(),
        "there is no pipeline document and no manifest of Argo in `{}`",
        path.display()
    );
    Ok(subjects)
}
