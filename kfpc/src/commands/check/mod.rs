//! `kfpc check`: reports problems in pipelines and Argo manifests, without compiling.

mod files;
mod subject;

use std::mem::ManuallyDrop;
use std::path::Path;

use anyhow::anyhow;
use kfp_diag::{Findings, source as syntax};

use self::files::Found;
use self::subject::{Report, Subject};
use crate::Outcome;
use crate::advice::advised;
use crate::arguments::CheckArguments;
use crate::files::{LIMIT, shown};
use crate::printer::Printer;
use crate::reported::outcome_of;
use crate::reporter::{Reporter, has_errors};
use crate::settings::Settings;
use crate::source::Text;
use crate::{misnamed, settings, source};

/// The maximum number of bytes of documents and manifests that a check keeps in memory.
const TOTAL_LIMIT: u64 = 256 * 1024 * 1024;

/// The subjects to check.
#[derive(Default)]
struct Subjects {
    read: Vec<Subject>,
    /// The total size of their texts in bytes.
    size: u64,
    /// Errors of sources that could not be read.
    errors: Vec<anyhow::Error>,
}

pub(crate) fn check(arguments: &CheckArguments, printer: &Printer) -> anyhow::Result<Outcome> {
    let (settings, _) = settings::here()?;
    // Diagnostics are the result of this command, so programs read them from standard output.
    let reporter = Reporter::new(&arguments.levels, &settings, arguments.format, true, printer)?;
    // Dropping large trees node by node would take a tenth of the time, and the process ends anyway.
    let subjects = match subjects(arguments, &settings, &reporter) {
        Ok(subjects) => ManuallyDrop::new(subjects),
        Err(error) => return reporter.report_build(error),
    };
    let Report { names, found, errors } =
        subject::check_all(&subjects.read, arguments.pipeline.as_deref(), &settings);
    let found: Vec<_> = found.into_iter().map(|diagnostics| reporter.with_levels(diagnostics)).collect();
    let findings: Vec<Findings<'_>> = subjects
        .read
        .iter()
        .zip(&found)
        .map(|(subject, diagnostics)| Findings { diagnostics, surroundings: subject.surroundings() })
        .collect();
    reporter.report_all(&findings);
    for error in subjects.errors.iter().chain(&errors).filter(|error| outcome_of(error).is_none()) {
        printer.error(error);
    }
    if !(subjects.errors.is_empty() && errors.is_empty()) {
        return Ok(Outcome::Reported);
    }
    if found.iter().any(|diagnostics| has_errors(diagnostics)) {
        return Ok(Outcome::Failed);
    }
    printer.info(format!("Checked {}", names.join(", ")));
    Ok(Outcome::Success)
}

/// Reads all sources of the command line. Python sources in folders are not inspected, because checking a folder executes nothing.
fn subjects(
    arguments: &CheckArguments,
    settings: &Settings,
    reporter: &Reporter<'_>,
) -> anyhow::Result<Subjects> {
    let (mut subjects, pipeline) = (Subjects::default(), arguments.pipeline.as_deref());
    let inspected = |text: Text| {
        let subject = Subject::read(text);
        if let Subject::Pipelines(document) = &subject {
            document.inspect(settings, reporter.printer());
        }
        subject
    };
    if arguments.sources.is_empty() {
        subjects.read.push(inspected(source::package(None, &arguments.package, pipeline, reporter)?));
    }
    for path in &arguments.sources {
        if path.is_dir() {
            subjects.add_folder(path, reporter.printer());
        } else {
            match source::file(path, pipeline, reporter) {
                Ok(text) => subjects.read.push(inspected(text)),
                Err(error) => subjects.errors.push(error),
            }
        }
    }
    Ok(subjects)
}

impl Subjects {
    /// Adds the documents and manifests of a folder, and ignores other YAML and JSON files.
    ///
    /// The package of a folder is not built, as folders may come from anyone; a note says how to check it.
    fn add_folder(&mut self, path: &Path, printer: &Printer) {
        let before = self.read.len();
        files::visit(path, &mut |found| self.add(found));
        let help = misnamed::cargo_folder_help(path);
        if !self.read[before..].iter().any(Subject::is_of_interest) {
            let message = format!("no pipeline document and no Argo manifest in `{}`", shown(path));
            self.errors.push(match help {
                Some(help) => advised(format!("{message}, which is the folder of a cargo package"), help),
                None => anyhow!(message),
            });
        } else if let Some(help) = help.filter(|_| misnamed::has_pipelines(path)) {
            printer.info(format!(
                "note: the pipelines of the cargo package in `{}` are not checked\nhelp: {help}",
                shown(path)
            ));
        }
    }

    fn add(&mut self, found: Found) {
        let text = match found {
            Found::File(text) => text,
            Found::Unread(rejected) => return self.read.push(Subject::Rejected(rejected)),
        };
        let size = text.bytes.len() as u64;
        let is_recognized = subject::is_recognized(&text.bytes);
        if is_recognized && self.size + size > TOTAL_LIMIT {
            return self.read.push(Subject::Rejected(Box::new(files::too_much(&text.name, TOTAL_LIMIT))));
        }
        if !is_recognized && size >= LIMIT {
            let why = format!("it is larger than {} MiB", LIMIT >> 20);
            return self.read.push(Subject::Rejected(Box::new(files::skip(&text.name, &why))));
        }
        if !is_recognized && let Err(fault) = syntax::text(&text.bytes) {
            let why = format!("it is {}", fault.located().0.message);
            return self.read.push(Subject::Rejected(Box::new(files::skip(&text.name, &why))));
        }
        let subject = Subject::recognize(text);
        if subject.is_some() {
            self.size += size;
        }
        self.read.extend(subject);
    }
}
