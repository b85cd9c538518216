//! `kfpc compile`: a pipeline becomes an Argo Workflow.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail};
use kfp_argo::Statistics;
use kfp_argo::yaml::yaml;
use kfp_compiler::compile::{CompileError, Compiled};
use kfp_compiler::lower::{Lowering, Options};
use kfp_diag::Diagnostic;

use crate::Outcome;
use crate::arguments::{CompileArguments, WorkflowFormat};
use crate::document::{self, Document};
use crate::printer::{Printer, json};
use crate::reporter::{Reporter, with_document};
use crate::settings::{self, Settings, parsed};

pub(crate) fn compile(arguments: &CompileArguments, printer: &Printer) -> anyhow::Result<Outcome> {
    with_document(&arguments.pipeline, &arguments.messages, printer, |document, reporter| {
        translate(arguments, document, reporter, printer)
    })
}

fn translate(
    arguments: &CompileArguments,
    document: &Document,
    reporter: &Reporter<'_>,
    printer: &Printer,
) -> anyhow::Result<Outcome> {
    let Some(program) = document.check(arguments.pipeline.pipeline.as_deref(), reporter)? else {
        return Ok(Outcome::Wrong);
    };
    let values = document::some_values(program.root().pipeline(), &arguments.parameters)?;
    let (settings, _) = settings::here()?;
    let options = Options { arguments: values, ..options(arguments, settings)? };
    let Compiled { mut lowering, defects } = match kfp_compiler::compile::compile(&program, &options) {
        Ok(compiled) => compiled,
        Err(CompileError::Refused(diagnostics)) => {
            reporter.tell(document, diagnostics);
            return Ok(Outcome::Wrong);
        }
        Err(CompileError::Defective(defects)) => {
            bail!(
                "this is a bug in kfpc, not in the pipeline: Argo would refuse the workflow{}",
                listed(&defects, document)
            );
        }
    };
    if reporter.tell(document, std::mem::take(&mut lowering.warnings)) {
        return Ok(Outcome::Wrong);
    }
    if !defects.is_empty() {
        let listed = listed(&defects, document);
        printer.say(&format!("this is a bug in kfpc, not in the pipeline: the linter reports warnings about the workflow{listed}\n"));
    }
    if let Some(task) = &arguments.explain {
        let text = lowering.explain(task).with_context(|| format!("unknown task `{task}`"))?;
        write(&text, arguments.output.as_deref(), printer)?;
        return Ok(Outcome::Fine);
    }
    let Lowering { workflow, pods, .. } = lowering;
    if arguments.stats {
        printer.report(&format!("{}pods at most   {pods}\n", Statistics::of(&workflow)));
    }
    let text = match arguments.format {
        WorkflowFormat::Yaml => yaml(&workflow),
        WorkflowFormat::Json => json(&workflow)?,
    };
    write(&text, arguments.output.as_deref(), printer)?;
    Ok(Outcome::Fine)
}

/// What the command line sets, over what the settings do.
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

/// What the linter reports about a workflow, and how to report the bug.
fn listed(defects: &[Diagnostic], document: &Document) -> String {
    let lines: Vec<String> = defects
        .iter()
        .map(|Diagnostic { code, message, primary, .. }| format!("  {code} at {}: {message}", primary.place))
        .collect();
    format!(
        "\n{}\nplease report it with the version {} and the digest of the document, {}",
        lines.join("\n"),
        env!("CARGO_PKG_VERSION"),
        document.digest()
    )
}

/// Writes data to the file, else to standard output.
pub(super) fn write(text: &str, output: Option<&Path>, printer: &Printer) -> anyhow::Result<()> {
    match output {
        None => printer.data(text),
        Some(path) => {
            fs::write(path, text).with_context(|| format!("failed to write `{}`", path.display()))?;
            printer.info(format!("Wrote {}", path.display()));
        }
    }
    Ok(())
}
