//! `kfpc compile`: a pipeline becomes an Argo Workflow.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, anyhow, bail};
use kfp_argo::yaml::yaml;
use kfp_argo::{Statistics, Workflow};
use kfp_compiler::lower::{Lowering, Options, lower};
use kfp_diag::source::manifests;
use kfp_diag::{Diagnostic, codes};
use kfp_lint::lint;

use crate::Outcome;
use crate::arguments::{CompileArguments, WorkflowFormat};
use crate::document::{self, Document};
use crate::printer::{Printer, json};
use crate::reporter::{self, Reporter, with_document};
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
    let mut lowering = match lower(&program, &options) {
        Ok(lowering) => lowering,
        Err(diagnostics) => {
            reporter.tell(document, diagnostics);
            return Ok(Outcome::Wrong);
        }
    };
    if reporter.tell(document, std::mem::take(&mut lowering.warnings)) {
        return Ok(Outcome::Wrong);
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
    free_of_bugs(&workflow, document, printer)?;
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

/// Holds the workflow against the linter of manifests. What it finds is no mistake of whoever wrote the pipeline; of
/// the size, for which the pipeline may be the reason, the compiler has told already.
fn free_of_bugs(workflow: &Workflow, document: &Document, printer: &Printer) -> anyhow::Result<()> {
    let json = serde_json::to_vec(workflow)?;
    let file = manifests("workflow", &json).map_err(|_| anyhow!("the workflow cannot be read back"))?;
    let mut found = lint(&[file]).concat();
    found.retain(|diagnostic| diagnostic.code != codes::ARGO_SIZE);
    if found.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = found
        .iter()
        .map(|Diagnostic { code, message, primary, .. }| format!("  {code} at {}: {message}", primary.place))
        .collect();
    let report = format!(
        "\n{}\nplease report it with the version {} and the digest of the document, {}",
        lines.join("\n"),
        env!("CARGO_PKG_VERSION"),
        document.digest()
    );
    if reporter::has_errors(&found) {
        bail!(
            "this is a bug of kfpc, and nothing is wrong with the pipeline: Argo would not take the workflow{report}"
        );
    }
    printer.say(&format!(
        "this is a bug of kfpc, and nothing is wrong with the pipeline: the workflow has what it should not have{report}\n"
    ));
    Ok(())
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
