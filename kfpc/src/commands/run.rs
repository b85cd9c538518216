//! `kfpc run`: runs a pipeline on this machine.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::SystemTime;

use anyhow::{Context as _, anyhow, bail};
use kfp_model::Pipeline;
use kfp_runner::{Answer, Cancel, Options, RunError, State, Store, ValueSource};
use serde_json::Value;

use super::cache::limit_environments;
use super::local;
use super::open::with_document;
use super::runs::millis;
use crate::arguments::{DataFormat, PackageArguments, RunArguments, SourceArguments};
use crate::document::{self, Document};
use crate::printer::Printer;
use crate::progress::Progress;
use crate::reporter::Reporter;
use crate::settings::{self, Settings};
use crate::signals::Interruption;
use crate::{Outcome, ask, summary};

/// The run that started last.
const LAST: &str = "last";

pub(crate) fn run(mut arguments: RunArguments, printer: &Printer) -> anyhow::Result<Outcome> {
    document::refuse_param_option(&arguments.parameters.misspelled_parameters)?;
    separate_source(&mut arguments);
    let arguments = &arguments;
    with_document(&arguments.pipeline, &arguments.messages, printer, |document, reporter| {
        start(arguments, document, reporter, printer)
    })
}

/// Reads `--resume SOURCE` as `--resume last SOURCE`: the id of the run is optional, so the parser takes the word behind
/// the option for it.
fn separate_source(arguments: &mut RunArguments) {
    let SourceArguments { source, package: PackageArguments { package, bin, example, .. } } =
        &mut arguments.pipeline.source;
    let is_selected = source.is_some() || package.is_some() || bin.is_some() || example.is_some();
    if let Some(value) = arguments.resume.take_if(|value| {
        !is_selected && *value != LAST && (*value == "-" || Path::new(value.as_str()).exists())
    }) {
        *source = Some(value.into());
        arguments.resume = Some(LAST.to_owned());
    }
}

fn start(
    arguments: &RunArguments,
    document: &Document,
    reporter: &Reporter<'_>,
    printer: &Printer,
) -> anyhow::Result<Outcome> {
    let (settings, folder) = settings::here()?;
    let python = arguments.local.python.as_deref().or(settings.python.as_deref());
    // The run itself reports an interpreter that does not work.
    let _ = document.inspect_with(python.unwrap_or(Path::new("python3")));
    let Some(program) = document.check(arguments.pipeline.pipeline.as_deref(), reporter)? else {
        return Ok(Outcome::Failed);
    };
    let mut options = options(arguments, &settings, &folder, document.binary.as_deref(), printer)?;
    options.approver = ask::terminal(printer);
    let values = values(program.root().pipeline(), arguments, &options, printer)?;
    let cancel = Cancel::new();
    let interruption = Interruption::listen(&cancel).context("cannot listen for signals")?;
    let started = millis(SystemTime::now());
    let mut progress = Progress::new(printer);
    let result = kfp_runner::run(&program, values, &options, &cancel, |event| progress.show(event));
    drop(progress);
    if let Some(max_size) = settings.max_environments_size
        && let Err(error) = limit_environments(max_size, &options.store, started, printer)
    {
        printer.info(format!("note: cannot limit the size of Python environments: {error:#}"));
    }
    match result {
        Ok(report) => {
            match arguments.format {
                DataFormat::Text if printer.is_quiet() => printer.say(&summary::quiet(&report)),
                DataFormat::Text => printer.info(summary::text(&report)),
                DataFormat::Json => printer.json(&summary::json(&report))?,
            }
            Ok(match report.state {
                State::Succeeded => Outcome::Success,
                State::Cancelled => {
                    printer.info(format!(
                        "help: repeat the command with `--resume {}` to continue this run",
                        report.id
                    ));
                    interruption.outcome()
                }
                _ => Outcome::Failed,
            })
        }
        Err(RunError::Cancelled) => Ok(interruption.outcome()),
        Err(error) => Err(error.into()),
    }
}

fn options(
    arguments: &RunArguments,
    settings: &Settings,
    folder: &Path,
    pipeline_binary: Option<&Path>,
    printer: &Printer,
) -> anyhow::Result<Options> {
    let python = settings.python.as_deref();
    let mut options = local::options(&arguments.local, settings, folder, pipeline_binary, python)?;
    options.secrets = sources(&arguments.secrets, "--secret", printer)?;
    options.config_maps = sources(&arguments.config_maps, "--config-map", printer)?;
    options.approvals = approvals(&arguments.approvals)?;
    options.supervisor = kfp_runner::own_program();
    options.read_cache = !arguments.no_cache;
    options.parallelism = arguments.parallelism.map(std::num::NonZeroUsize::get);
    options.resume = match arguments.resume.as_deref() {
        None => None,
        Some(run) => Some(Store::open_read_only(&options.store)?.find(run)?),
    };
    Ok(options)
}

/// Returns the arguments of the run. A resumed run keeps its arguments, unless the command line sets others.
fn values(
    pipeline: &Pipeline,
    arguments: &RunArguments,
    options: &Options,
    printer: &Printer,
) -> anyhow::Result<BTreeMap<String, Value>> {
    if let Some(id) = &options.resume
        && arguments.parameters.parameters.is_empty()
        && arguments.parameters.params.is_none()
    {
        return Ok(Store::open_read_only(&options.store)?.run(id)?.arguments);
    }
    local::values(pipeline, &arguments.parameters, printer)
}

/// Reads `NAME` or `NAME=JSON`.
fn approvals(texts: &[String]) -> anyhow::Result<BTreeMap<String, Answer>> {
    let mut approvals = BTreeMap::new();
    for text in texts {
        let (name, values) = text.split_once('=').unwrap_or((text, "{}"));
        let values: BTreeMap<String, Value> = serde_json::from_str(values)
            .with_context(|| format!("invalid `--approve {text}`: expected NAME or NAME={{\"value\": 3}}"))?;
        if approvals.insert(name.to_owned(), Answer::Approved(values)).is_some() {
            bail!("duplicate `--approve {name}`");
        }
    }
    Ok(approvals)
}

/// Reads `NAME/KEY=env:VARIABLE` and `NAME/KEY=file:PATH`.
fn sources(texts: &[String], flag: &str, printer: &Printer) -> anyhow::Result<BTreeMap<String, ValueSource>> {
    let source = |text: &String| -> anyhow::Result<(String, ValueSource)> {
        let (name, source) = text
            .split_once('=')
            .filter(|(name, _)| {
                name.split_once('/').is_some_and(|(name, key)| !name.is_empty() && !key.is_empty())
            })
            .ok_or_else(|| {
                anyhow!("invalid `{flag} {text}`: expected NAME/KEY=env:VARIABLE or NAME/KEY=file:PATH")
            })?;
        let source = source.parse().with_context(|| format!("invalid `{flag} {text}`"))?;
        if let ValueSource::File(path) = &source
            && fs::metadata(path).is_ok_and(|metadata| !metadata.is_file())
        {
            printer.info(format!("Reading `{name}` from `{}`, which is not a regular file", path.display()));
        }
        Ok((name.to_owned(), source))
    };
    let mut sources = BTreeMap::new();
    for text in texts {
        let (name, source) = source(text)?;
        if sources.insert(name.clone(), source).is_some() {
            bail!("duplicate `{flag} {name}`");
        }
    }
    Ok(sources)
}
