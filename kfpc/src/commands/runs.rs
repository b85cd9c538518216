//! `kfpc runs`: lists, shows, reports and removes local runs.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::bail;
use kfp_runner::{RunId, RunSummary, State, Store, StoreError};

use super::compile::write;
use crate::arguments::{DataFormat, RunsArguments, RunsCommand, StoreArguments};
use crate::printer::Printer;
use crate::table::bytes;
use crate::{Outcome, history, report, settings};

pub(crate) fn runs(arguments: &RunsArguments, printer: &Printer) -> anyhow::Result<Outcome> {
    match &arguments.command {
        RunsCommand::Ls { store, format } => ls(&folder(store)?, *format, printer),
        RunsCommand::Show { run, store, format } => show(run, &folder(store)?, *format, printer),
        RunsCommand::Report { run, output, store } => {
            report(run, output.as_deref(), &folder(store)?, printer)
        }
        RunsCommand::Rm { runs, store } => rm(runs, &folder(store)?, printer),
        RunsCommand::Prune { keep, older_than, store } => {
            let older_than = older_than.map(|duration| Duration::from_secs(duration.seconds()));
            prune(*keep, older_than, &folder(store)?, printer)
        }
    }?;
    Ok(Outcome::Success)
}

/// Returns the folder of the store.
pub(super) fn folder(arguments: &StoreArguments) -> anyhow::Result<PathBuf> {
    let (settings, folder) = settings::here()?;
    Ok(arguments.store.clone().unwrap_or_else(|| settings.run_store(&folder)))
}

/// Opens the store for writing, if there is one; it is not created.
pub(super) fn open_existing(folder: &Path) -> anyhow::Result<Option<Store>> {
    match Store::open_read_only(folder) {
        Ok(_) => Ok(Some(Store::open(folder)?)),
        // The first run creates the store.
        Err(StoreError::Missing(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn ls(folder: &Path, format: DataFormat, printer: &Printer) -> anyhow::Result<()> {
    let runs = match Store::open_read_only(folder) {
        Ok(store) => store.runs()?,
        // The first run creates the store.
        Err(StoreError::Missing(_)) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    match format {
        DataFormat::Text if runs.is_empty() => {
            printer.info(format!("No runs in `{}`", folder.display()));
        }
        DataFormat::Text => printer.text(&history::list(&runs)),
        DataFormat::Json => printer.json(&history::list_json(&runs))?,
    }
    Ok(())
}

fn show(run: &str, folder: &Path, format: DataFormat, printer: &Printer) -> anyhow::Result<()> {
    let store = Store::open_read_only(folder)?;
    let id = store.find(run)?;
    let (run, tasks) = (store.run(&id)?, store.tasks(&id)?);
    match format {
        DataFormat::Text => printer.text(&history::show(&run, &tasks)),
        DataFormat::Json => printer.json(&history::show_json(&run, &tasks))?,
    }
    Ok(())
}

fn report(run: &str, output: Option<&Path>, folder: &Path, printer: &Printer) -> anyhow::Result<()> {
    let store = Store::open_read_only(folder)?;
    let id = store.find(run)?;
    let page = report::page(&store.run(&id)?, &store.tasks(&id)?, &store.metrics(&id)?);
    write(&page, output, printer)
}

/// Removes the named runs, or none of them if one is unknown or in progress.
fn rm(names: &[String], folder: &Path, printer: &Printer) -> anyhow::Result<()> {
    let Some(mut store) = open_existing(folder)? else {
        return Err(StoreError::Missing(folder.to_owned()).into());
    };
    let mut ids: Vec<RunId> = names.iter().map(|name| store.find(name)).collect::<Result<_, _>>()?;
    ids.sort();
    ids.dedup();
    for id in &ids {
        if store.run(id)?.state == State::Running {
            bail!("cannot remove the run `{id}`: it is in progress");
        }
    }
    remove(&mut store, &ids, printer)
}

/// Removes runs that are neither among the latest nor too young.
fn prune(
    keep: Option<usize>,
    older_than: Option<Duration>,
    folder: &Path,
    printer: &Printer,
) -> anyhow::Result<()> {
    let Some(mut store) = open_existing(folder)? else {
        printer.info(format!("No runs in `{}`", folder.display()));
        return Ok(());
    };
    let runs = store.runs()?;
    let oldest =
        older_than.map(|age| millis(SystemTime::now()) - i64::try_from(age.as_millis()).unwrap_or(i64::MAX));
    remove(&mut store, &prunable(&runs, keep.unwrap_or_default(), oldest), printer)
}

/// Returns the runs to remove: finished ones that are not among the latest `keep`, and that started before `oldest`.
fn prunable(runs: &[RunSummary], keep: usize, oldest: Option<i64>) -> Vec<RunId> {
    runs.iter()
        .skip(keep)
        .filter(|run| run.state != State::Running && oldest.is_none_or(|oldest| run.started_at < oldest))
        .map(|run| run.id.clone())
        .collect()
}

/// Returns a time in milliseconds since 1970.
pub(super) fn millis(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

fn remove(store: &mut Store, ids: &[RunId], printer: &Printer) -> anyhow::Result<()> {
    let (mut count, mut size) = (0, 0);
    for id in ids {
        match store.remove_run(id)? {
            Some(freed) => {
                count += 1;
                size += freed;
            }
            // It was resumed meanwhile.
            None => printer.info(format!("note: kept the run `{id}`, which is in progress")),
        }
    }
    let runs = if count == 1 { "run" } else { "runs" };
    printer.info(format!("Removed {count} {runs} ({})", bytes(size)));
    Ok(())
}
