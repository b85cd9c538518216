//! `kfpc runs`: what ran on this machine.

use std::path::PathBuf;

use anyhow::Context as _;
use kfp_runner::{RunId, Store};

use super::run::last;
use crate::arguments::{DataFormat, RunsArguments, RunsCommand, StoreArguments};
use crate::printer::Printer;
use crate::{Outcome, history, settings};

pub(crate) fn runs(arguments: &RunsArguments, printer: &Printer) -> anyhow::Result<Outcome> {
    match &arguments.command {
        RunsCommand::Ls { store, format } => ls(&folder(store)?, *format, printer),
        RunsCommand::Show { run, store, format } => show(run, &folder(store)?, *format, printer),
    }?;
    Ok(Outcome::Fine)
}

fn folder(arguments: &StoreArguments) -> anyhow::Result<PathBuf> {
    let (settings, folder) = settings::here()?;
    Ok(arguments.store.clone().unwrap_or_else(|| settings.store(&folder)))
}

fn ls(folder: &std::path::Path, format: DataFormat, printer: &Printer) -> anyhow::Result<()> {
    // Looking must not make a store where there is none.
    let runs = if folder.is_dir() { Store::open(folder)?.runs()? } else { Vec::new() };
    match format {
        DataFormat::Text if runs.is_empty() => {
            printer.info(format!("There are no runs in {}", folder.display()));
        }
        DataFormat::Text => printer.data(&history::list(&runs)),
        DataFormat::Json => printer.data(&history::list_json(&runs)?),
    }
    Ok(())
}

fn show(run: &str, folder: &std::path::Path, format: DataFormat, printer: &Printer) -> anyhow::Result<()> {
    anyhow::ensure!(folder.is_dir(), "there are no runs in {}", folder.display());
    let store = Store::open(folder)?;
    let id = match run {
        "last" => last(&store)?,
        id => id.parse::<RunId>().with_context(|| format!("there is no run `{id}`"))?,
    };
    let (run, tasks) = (store.run(&id)?, store.tasks(&id)?);
    match format {
        DataFormat::Text => printer.data(&history::show(&run, &tasks)),
        DataFormat::Json => printer.data(&history::show_json(&run, &tasks)?),
    }
    Ok(())
}
