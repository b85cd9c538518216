//! `kfpc run`: a pipeline runs on this machine.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, anyhow, bail};
use kfp_model::Pipeline;
use kfp_runner::{Answer, Cancel, Options, RunError, State, Store, ValueSource};
use serde_json::Value;

use crate::arguments::{DataFormat, RunArguments};
use crate::document::{self, Document};
use crate::printer::Printer;
use crate::program;
use crate::progress::Progress;
use crate::reporter::{Reporter, with_document};
use crate::settings::{self, Settings};
use crate::signals::Interruption;
use crate::{Outcome, ask, summary};

pub(crate) fn run(arguments: &RunArguments, printer: &Printer) -> anyhow::Result<Outcome> {
    with_document(&arguments.pipeline, &arguments.messages, printer, |document, reporter| {
        start(arguments, document, reporter, printer)
    })
}

fn start(
    arguments: &RunArguments,
    document: &Document,
    reporter: &Reporter<'_>,
    printer: &Printer,
) -> anyhow::Result<Outcome> {
    let (settings, folder) = settings::here()?;
    let Some(program) = document.check(arguments.pipeline.pipeline.as_deref(), reporter)? else {
        return Ok(Outcome::Wrong);
    };
    let mut options = options(arguments, &settings, &folder, document.binary.as_deref(), printer)?;
    options.approver = ask::terminal(printer);
    let values = values(program.root().pipeline(), arguments, &options, printer)?;
    let cancel = Cancel::new();
    let interruption = Interruption::listen(&cancel).context("cannot listen for signals")?;
    let mut progress = Progress::new(printer);
    let result = kfp_runner::run(&program, values, &options, &cancel, |event| progress.show(event));
    drop(progress);
    match result {
        Ok(report) => {
            match arguments.format {
                DataFormat::Text => printer.info(summary::text(&report)),
                DataFormat::Json => printer.json(&summary::json(&report))?,
            }
            Ok(match report.state {
                State::Succeeded => Outcome::Fine,
                State::Cancelled => {
                    printer.info(format!(
                        "help: to continue this run, repeat the command with `--resume {}`",
                        report.id
                    ));
                    interruption.outcome()
                }
                _ => Outcome::Wrong,
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
    own_program: Option<&Path>,
    printer: &Printer,
) -> anyhow::Result<Options> {
    let store = arguments.store.store.clone().unwrap_or_else(|| settings.store(folder));
    let mut options = Options::new(store);
    options.secrets = sources(&arguments.secrets, "--secret", printer)?;
    options.config_maps = sources(&arguments.config_maps, "--config-map", printer)?;
    options.approvals = approvals(&arguments.approvals)?;
    options.stores = settings.store_folders()?;
    if let Some(binary) = &arguments.binary {
        program::verify(binary)?;
    }
    options.binary = arguments.binary.as_deref().or(own_program).map(Path::to_owned);
    if let Some(python) = arguments.python.as_ref().or(settings.python.as_ref()) {
        options.python.clone_from(python);
    }
    options.supervisor = kfp_runner::own_program();
    options.read_cache = !arguments.no_cache;
    options.parallelism = arguments.parallelism.map(std::num::NonZeroUsize::get);
    options.resume = match arguments.resume.as_deref() {
        None => None,
        Some(run) => Some(Store::open_read_only(&options.store)?.find(run)?),
    };
    Ok(options)
}

/// The arguments of the run. A run that is continued has those it had, unless others are given.
fn values(
    pipeline: &Pipeline,
    arguments: &RunArguments,
    options: &Options,
    printer: &Printer,
) -> anyhow::Result<BTreeMap<String, Value>> {
    if let Some(id) = &options.resume
        && arguments.parameters.is_empty()
        && arguments.params.is_none()
    {
        return Ok(Store::open_read_only(&options.store)?.run(id)?.arguments);
    }
    let file =
        arguments.params.as_deref().map(|path| document::parameters_file(path, printer)).transpose()?;
    document::values(pipeline, &arguments.parameters, file.unwrap_or_default())
}

/// Reads `NAME` and `NAME=JSON`.
fn approvals(texts: &[String]) -> anyhow::Result<BTreeMap<String, Answer>> {
    let mut approvals = BTreeMap::new();
    for text in texts {
        let (name, values) = text.split_once('=').unwrap_or((text, "{}"));
        let values: BTreeMap<String, Value> = serde_json::from_str(values)
            .with_context(|| format!("`--approve {text}`: write NAME or NAME={{\"value\": 3}}"))?;
        if approvals.insert(name.to_owned(), Answer::Approved(values)).is_some() {
            bail!("`{name}` is approved twice");
        }
    }
    Ok(approvals)
}

/// Reads `NAME/KEY=env:VARIABLE` and `NAME/KEY=file:PATH`.
fn sources(texts: &[String], flag: &str, printer: &Printer) -> anyhow::Result<BTreeMap<String, ValueSource>> {
    let source = |text: &String| {
        let (name, source) = text
            .split_once('=')
            .filter(|(name, _)| {
                name.split_once('/').is_some_and(|(name, key)| !name.is_empty() && !key.is_empty())
            })
            .ok_or_else(|| anyhow!("`{flag} {text}`: write NAME/KEY=env:VARIABLE or NAME/KEY=file:PATH"))?;
        let source = source.parse().with_context(|| format!("`{flag} {text}`"))?;
        if let ValueSource::File(path) = &source
            && fs::metadata(path).is_ok_and(|metadata| !metadata.is_file())
        {
            printer.info(format!("Reading `{name}` from `{}`, which is not a regular file", path.display()));
        }
        Ok((name.to_owned(), source))
    };
    texts.iter().map(source).collect()
}
