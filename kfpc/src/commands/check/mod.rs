//! `kfpc check`: what is wrong with pipelines, without compiling them, and with manifests of Argo.

mod files;
mod subject;

use std::mem::ManuallyDrop;
use std::path::Path;

use kfp_diag::Findings;

use self::files::Found;
use self::subject::{Report, Subject};
use crate::Outcome;
use crate::arguments::CheckArguments;
use crate::files::{LIMIT, shown};
use crate::printer::Printer;
use crate::reporter::{Reporter, has_errors};
use crate::{settings, source};

/// The most bytes of documents and manifests that one check keeps in memory.
const MOST: u64 = 256 * 1024 * 1024;

/// What is to be checked, as far as it could be read.
#[derive(Default)]
struct Subjects {
    read: Vec<Subject>,
    /// The bytes of their texts.
    size: u64,
    /// Why the command cannot do all of its work.
    errors: Vec<anyhow::Error>,
}

pub(crate) fn check(arguments: &CheckArguments, printer: &Printer) -> anyhow::Result<Outcome> {
    let (settings, _) = settings::here()?;
    // What was found is the data of this command, so programs read it from standard output.
    let reporter = Reporter::new(&arguments.levels, &settings, arguments.format, true, printer)?;
    // The process ends with the command, and to take large files apart node by node would be a tenth of its time.
    let subjects = ManuallyDrop::new(subjects(arguments, printer)?);
    let Report { names, found, errors } =
        subject::check_all(&subjects.read, arguments.pipeline.as_deref(), &settings);
    let found: Vec<_> = found.into_iter().map(|diagnostics| reporter.levelled(diagnostics)).collect();
    let findings: Vec<Findings<'_>> = subjects
        .read
        .iter()
        .zip(&found)
        .map(|(subject, diagnostics)| Findings { diagnostics, surroundings: subject.surroundings() })
        .collect();
    reporter.tell_all(&findings);
    for error in subjects.errors.iter().chain(&errors) {
        printer.error(error);
    }
    if !(subjects.errors.is_empty() && errors.is_empty()) {
        return Ok(Outcome::Refused);
    }
    if found.iter().any(|diagnostics| has_errors(diagnostics)) {
        return Ok(Outcome::Wrong);
    }
    printer.info(format!("Checked {}", names.join(", ")));
    Ok(Outcome::Fine)
}

/// Reads everything that the arguments name.
fn subjects(arguments: &CheckArguments, printer: &Printer) -> anyhow::Result<Subjects> {
    let (mut subjects, pipeline) = (Subjects::default(), arguments.pipeline.as_deref());
    if let Some(text) = source::package(None, &arguments.package, pipeline, printer)? {
        subjects.read.push(Subject::read(text));
    }
    for path in &arguments.sources {
        if path.is_dir() {
            subjects.add_folder(path);
        } else {
            match source::file(path, pipeline, printer) {
                Ok(text) => subjects.read.push(Subject::read(text)),
                Err(error) => subjects.errors.push(error),
            }
        }
    }
    Ok(subjects)
}

impl Subjects {
    /// Adds the documents and manifests of a folder; other files of the same notation are passed over.
    fn add_folder(&mut self, path: &Path) {
        let before = self.read.len();
        files::visit(path, &mut |found| self.add(found));
        if !self.read[before..].iter().any(Subject::is_of_interest) {
            self.errors.push(anyhow::anyhow!(
                "there is no pipeline document and no manifest of Argo in `{}`",
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
        let is_recognised = subject::is_recognised(&text.bytes);
        if is_recognised && self.size + size > MOST {
            return self.read.push(Subject::Rejected(Box::new(files::too_much(&text.name, MOST))));
        }
        if !is_recognised && size >= LIMIT {
            let why = format!("it is larger than {} MiB", LIMIT >> 20);
            return self.read.push(Subject::Rejected(Box::new(files::skip(&text.name, &why))));
        }
        let subject = Subject::recognise(text);
        if subject.is_some() {
            self.size += size;
        }
        self.read.extend(subject);
    }
}
