//! `kfpc runs`: what ran on this machine.

use std::path::PathBuf;

use kfp_runner::{Store, StoreError};

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
    let runs = match Store::open_read_only(folder) {
        Ok(store) => store.runs()?,
        // There is no store before the first run.
        Err(StoreError::Missing(_)) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    match format {
        DataFormat::Text if runs.is_empty() => {
            printer.info(format!("There are no runs in {}", folder.display()));
        }
        DataFormat::Text => printer.text(&history::list(&runs)),
        DataFormat::Json => printer.json(&history::list_json(&runs))?,
    }
    Ok(())
}

fn show(run: &str, folder: &std::path::Path, format: DataFormat, printer: &Printer) -> anyhow::Result<()> {
    let store = Store::open_read_only(folder)?;
    let id = store.find(run)?;
    let (run, tasks) = (store.run(&id)?, store.tasks(&id)?);
    match format {
        DataFormat::Text => printer.text(&history::show(&run, &tasks)),
        DataFormat::Json => printer.json(&history::show_json(&run, &tasks))?,
    }
    Ok(())
}
