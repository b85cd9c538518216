//! `kfpc compile`: pipelines become Argo Workflows.

mod obsolete;
mod output;
mod stale;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use kfp_argo::Statistics;
use kfp_argo::yaml::yaml;
use kfp_compiler::check::{Program, entries};
use kfp_compiler::compile::{CompileError, Compiled};
use kfp_compiler::lower::{Lowering, Options};
use kfp_diag::Diagnostic;
use kfp_diag::printable::printable;

use self::obsolete::Obsolete;
pub(super) use self::output::write;
use self::output::{Outputs, write_folder};
use crate::Outcome;
use crate::advice::advised;
use crate::arguments::{CompileArguments, WorkflowFormat};
use crate::commands::open::with_document;
use crate::document::{self, Document};
use crate::files::in_one_line;
use crate::printer::{Printer, json};
use crate::reporter::Reporter;
use crate::settings::{self, Settings, parsed};

pub(crate) fn compile(arguments: &CompileArguments, printer: &Printer) -> anyhow::Result<Outcome> {
    document::refuse_param_option(&arguments.misspelled_parameters)?;
    let outputs = Outputs::of(arguments)?;
    with_document(&arguments.pipeline, &arguments.messages, printer, |document, reporter| {
        document.inspect(&settings::here()?.0, printer);
        let command = Compile { arguments, document, reporter, printer };
        match &outputs {
            Outputs::One(output) => command.one(output.as_deref()),
            Outputs::Folder(folder) => command.all(folder),
        }
    })
}

struct Compile<'a> {
    arguments: &'a CompileArguments,
    document: &'a Document,
    reporter: &'a Reporter<'a>,
    printer: &'a Printer,
}

impl Compile<'_> {
    /// Compiles one pipeline to a file or to standard output.
    fn one(&self, output: Option<&Path>) -> anyhow::Result<Outcome> {
        let pipeline = self.arguments.pipeline.pipeline.as_deref();
        let Some(lowering) = self.lower(pipeline)? else { return Ok(Outcome::Failed) };
        if let Some(task) = &self.arguments.explain {
            let text = lowering.explain(task).with_context(|| format!("unknown task `{task}`"))?;
            write(&text, output, self.printer)?;
            return Ok(Outcome::Success);
        }
        self.print_statistics(&lowering);
        let text = self.text(&lowering)?;
        match output {
            Some(path) if self.arguments.check => {
                Ok(stale::check(&[(path.to_owned(), text)], &[], &self.command(), self.printer))
            }
            output => {
                write(&text, output, self.printer)?;
                Ok(Outcome::Success)
            }
        }
    }

    /// Compiles every pipeline that no other pipeline calls, or the named one, to a file each.
    fn all(&self, folder: &Path) -> anyhow::Result<Outcome> {
        let names: Vec<&str> = match &self.arguments.pipeline.pipeline {
            Some(name) => vec![name],
            None => {
                entries(self.document.model()).into_iter().map(|pipeline| pipeline.name.as_str()).collect()
            }
        };
        if names.is_empty() {
            bail!("there are no pipelines in {}", self.document.name());
        }
        if names.len() > 1 && !self.arguments.parameters.is_empty() {
            return Err(advised(
                "cannot set parameters of several pipelines at once",
                "select one pipeline with `--pipeline NAME`",
            ));
        }
        let mut files = Vec::new();
        let mut outcome = Outcome::Success;
        for name in names {
            let Some(lowering) = self.lower(Some(name))? else {
                outcome = Outcome::Failed;
                continue;
            };
            self.print_statistics(&lowering);
            let stem = lowering.workflow.metadata.generate_name.trim_end_matches('-').to_owned();
            let path = folder.join(format!("{stem}.{}", extension(self.arguments.format)));
            if files.iter().any(|(other, _)| *other == path) {
                bail!("cannot write two pipelines to `{}`: rename one of them", in_one_line(&path));
            }
            files.push((path, self.text(&lowering)?));
        }
        // Either all files are up to date afterwards, or none was touched.
        if outcome != Outcome::Success {
            return Ok(outcome);
        }
        let obsolete = self.obsolete(folder, &files);
        if self.arguments.check {
            return Ok(stale::check(&files, &obsolete, &self.command(), self.printer));
        }
        write_folder(folder, &files, self.printer)?;
        for Obsolete { path, pipeline } in obsolete {
            self.printer.info(format!(
                "note: `{}` is the workflow of the pipeline `{}`, which no longer exists\nhelp: remove the file",
                in_one_line(&path),
                printable(&pipeline)
            ));
        }
        Ok(Outcome::Success)
    }

    /// Returns the workflows in the folder whose pipeline no longer exists, other than the files that are written. If one
    /// pipeline was selected, the others are not known.
    fn obsolete(&self, folder: &Path, written: &[(PathBuf, String)]) -> Vec<Obsolete> {
        if self.arguments.pipeline.pipeline.is_some() {
            return Vec::new();
        }
        let mut found = obsolete::find(folder, |name| self.document.model().pipeline(name).is_some());
        found.retain(|Obsolete { path, .. }| !written.iter().any(|(file, _)| file == path));
        found
    }

    /// Compiles the pipeline. Returns `None` if there were errors, which are reported.
    fn lower(&self, pipeline: Option<&str>) -> anyhow::Result<Option<Lowering>> {
        let Some(program) = self.document.check(pipeline, self.reporter)? else { return Ok(None) };
        let options = self.options(&program)?;
        let Compiled { mut lowering, defects } = match kfp_compiler::compile::compile(&program, &options) {
            Ok(compiled) => compiled,
            Err(CompileError::Refused(diagnostics)) => {
                self.reporter.report(self.document.surroundings(), diagnostics);
                return Ok(None);
            }
            Err(CompileError::Defective(defects)) => {
                bail!("this is a bug in kfpc: Argo would refuse the workflow{}", self.bug_report(&defects));
            }
        };
        if self.reporter.report(self.document.surroundings(), std::mem::take(&mut lowering.warnings)) {
            return Ok(None);
        }
        if !defects.is_empty() {
            self.printer.say(&format!(
                "this is a bug in kfpc: the linter reports warnings about the workflow{}\n",
                self.bug_report(&defects)
            ));
        }
        Ok(Some(lowering))
    }

    fn options(&self, program: &Program<'_>) -> anyhow::Result<Options> {
        let values = document::some_values(program.root().pipeline(), &self.arguments.parameters)?;
        let (settings, _) = settings::here()?;
        Ok(Options { arguments: values, ..options(self.arguments, settings)? })
    }

    fn print_statistics(&self, lowering: &Lowering) {
        if self.arguments.stats {
            let statistics = Statistics::of(&lowering.workflow);
            self.printer.report(&format!("{statistics}pods at most   {}\n", lowering.pods));
        }
    }

    fn text(&self, lowering: &Lowering) -> anyhow::Result<String> {
        match self.arguments.format {
            WorkflowFormat::Yaml => Ok(yaml(&lowering.workflow)),
            WorkflowFormat::Json => json(&lowering.workflow),
        }
    }

    /// Returns the command that updates the files, without arguments that select the source.
    fn command(&self) -> String {
        let CompileArguments { output, out, .. } = self.arguments;
        match (out, output) {
            (Some(folder), _) => format!("kfpc compile --out {}", in_one_line(folder)),
            (None, Some(file)) => format!("kfpc compile --output {}", in_one_line(file)),
            (None, None) => "kfpc compile".to_owned(),
        }
    }

    /// Lists the linter's diagnostics of a workflow, and how to report the bug.
    fn bug_report(&self, defects: &[Diagnostic]) -> String {
        let lines: Vec<String> = defects
            .iter()
            .map(|Diagnostic { code, message, primary, .. }| {
                format!("  {code} at {}: {message}", primary.place)
            })
            .collect();
        format!(
            "\n{}\nplease report it with the version {} and the digest of the document, {}",
            lines.join("\n"),
            env!("CARGO_PKG_VERSION"),
            self.document.digest()
        )
    }
}

fn extension(format: WorkflowFormat) -> &'static str {
    match format {
        WorkflowFormat::Yaml => "yaml",
        WorkflowFormat::Json => "json",
    }
}

/// Returns the options of the command line, and of the settings where the command line does not set them.
fn options(arguments: &CompileArguments, mut settings: Settings) -> anyhow::Result<Options> {
    let root = parsed("`--pipeline-root`", arguments.pipeline_root.as_deref())?;
    let target = parsed("`--argo-version`", arguments.argo_version.as_deref())?;
    // A setting that is overridden need not be valid.
    settings.pipeline_root = settings.pipeline_root.filter(|_| root.is_none());
    settings.argo_version = settings.argo_version.filter(|_| target.is_none());
    let set = settings.options()?;
    Ok(Options {
        image: arguments.image.clone().or(set.image),
        python_image: arguments.python_image.clone().or(set.python_image),
        service_account: arguments.service_account.clone().or(set.service_account),
        pipeline_root: root.or(set.pipeline_root),
        target: target.unwrap_or(set.target),
        ..set
    })
}
