//! `kfpc cache`: lists and removes cached results and Python environments of local runs.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::bail;
use kfp_runner::{CacheEntry, CacheEntryKind, Pruned, Store, StoreError};
use serde_json::{Value, json};

use super::runs::{folder, open_existing};
use crate::Outcome;
use crate::advice::advised;
use crate::arguments::{CacheArguments, CacheCommand, DataFormat, Size};
use crate::history::started;
use crate::printer::Printer;
use crate::settings;
use crate::table::{bytes, table};

/// The number of characters of a key in a table.
const SHORT: usize = 12;

pub(crate) fn cache(arguments: &CacheArguments, printer: &Printer) -> anyhow::Result<Outcome> {
    match &arguments.command {
        CacheCommand::Ls { store, format } => ls(&folder(store)?, *format, printer),
        CacheCommand::Rm { keys, store } => rm(keys, &folder(store)?, printer),
        CacheCommand::Prune { max_size, max_environments_size, store } => {
            let limits = Limits::of(*max_size, *max_environments_size)?;
            prune(limits, &folder(store)?, printer)
        }
    }?;
    Ok(Outcome::Success)
}

fn ls(folder: &Path, format: DataFormat, printer: &Printer) -> anyhow::Result<()> {
    let entries = match Store::open_read_only(folder) {
        Ok(store) => store.cache_entries()?,
        // The first run creates the store.
        Err(StoreError::Missing(_)) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    match format {
        DataFormat::Text if entries.is_empty() => {
            printer.info(format!("No cached results in `{}`", folder.display()));
        }
        DataFormat::Text => {
            let row = |entry: &CacheEntry| {
                let key = entry.key.chars().take(SHORT).collect();
                [
                    key,
                    kind(entry).to_owned(),
                    started(entry.created_at),
                    bytes(entry.size),
                    task(entry).to_owned(),
                ]
            };
            printer.text(&table(["KEY", "KIND", "CREATED", "SIZE", "TASK"], entries.iter().map(row)));
        }
        DataFormat::Json => printer.json(&entries.iter().map(entry_json).collect::<Value>())?,
    }
    Ok(())
}

fn kind(entry: &CacheEntry) -> &'static str {
    match entry.kind {
        CacheEntryKind::Result { .. } => "result",
        CacheEntryKind::Environment => "environment",
    }
}

fn task(entry: &CacheEntry) -> &str {
    match &entry.kind {
        CacheEntryKind::Result { task } => task,
        CacheEntryKind::Environment => "-",
    }
}

fn entry_json(entry: &CacheEntry) -> Value {
    let task = match &entry.kind {
        CacheEntryKind::Result { task } => Some(task),
        CacheEntryKind::Environment => None,
    };
    json!({
        "key": entry.key,
        "kind": kind(entry),
        "created_at_ms": entry.created_at,
        "bytes": entry.size,
        "task": task,
    })
}

/// Removes the named entries, or none of them if one is unknown.
fn rm(names: &[String], folder: &Path, printer: &Printer) -> anyhow::Result<()> {
    let Some(mut store) = open_existing(folder)? else {
        return Err(StoreError::Missing(folder.to_owned()).into());
    };
    let entries = store.cache_entries()?;
    let mut found: BTreeSet<usize> = BTreeSet::new();
    for name in names {
        found.insert(find(&entries, name)?);
    }
    let mut removal = Removal::default();
    for idx in found {
        if !removal.remove(&mut store, &entries[idx])? {
            bail!("cannot remove the environment `{}`: a run is in progress", entries[idx].key);
        }
    }
    removal.report(printer);
    Ok(())
}

/// Returns the position of the only entry whose key starts with the text.
fn find(entries: &[CacheEntry], text: &str) -> anyhow::Result<usize> {
    let mut found =
        entries.iter().enumerate().filter(|(_, entry)| entry.key.starts_with(text) && !text.is_empty());
    match (found.next(), found.next()) {
        (Some((idx, _)), None) => Ok(idx),
        (Some(_), Some(_)) => bail!("several keys in the cache start with `{text}`"),
        (None, _) => {
            Err(advised(format!("unknown key `{text}`"), "run `kfpc cache ls` to list the keys of a cache"))
        }
    }
}

/// The maximum sizes in bytes.
#[derive(Clone, Copy)]
struct Limits {
    cache: Option<u64>,
    environments: Option<u64>,
}

impl Limits {
    /// Takes the options, else the settings.
    fn of(cache: Option<Size>, environments: Option<Size>) -> anyhow::Result<Self> {
        let environments = match environments {
            None => settings::here()?.0.max_environments_size,
            set => set,
        };
        if cache.is_none() && environments.is_none() {
            return Err(advised(
                "missing maximum size",
                "pass `--max-size SIZE`, or set `max-environments-size` in kfpc.toml",
            ));
        }
        let bytes = |size: Option<Size>| size.map(|Size(bytes)| bytes);
        Ok(Self { cache: bytes(cache), environments: bytes(environments) })
    }
}

/// Removes environments and then other entries until the limits are met.
fn prune(limits: Limits, folder: &Path, printer: &Printer) -> anyhow::Result<()> {
    let mut removal = Removal::default();
    if let Some(mut store) = open_existing(folder)? {
        if let Some(max_size) = limits.environments {
            removal.add(store.prune_environments(max_size, i64::MAX)?);
        }
        if let Some(max_size) = limits.cache {
            removal.oldest(&mut store, max_size)?;
        }
    }
    removal.report(printer);
    Ok(())
}

/// Removes Python environments after a run until the limit is met, except those that were used since, in milliseconds
/// since 1970.
pub(super) fn limit_environments(
    max_size: Size,
    folder: &Path,
    since: i64,
    printer: &Printer,
) -> anyhow::Result<()> {
    let Some(mut store) = open_existing(folder)? else { return Ok(()) };
    let pruned = store.prune_environments(max_size.0, since)?;
    if pruned.count > 0 {
        let environments = if pruned.count == 1 { "environment" } else { "environments" };
        printer.info(format!(
            "Removed {} Python {environments} ({}), because of `max-environments-size` in kfpc.toml",
            pruned.count,
            bytes(pruned.size)
        ));
    }
    Ok(())
}

/// What was removed.
#[derive(Default)]
struct Removal {
    count: usize,
    size: u64,
    /// Whether environments were kept, as they may be in use.
    kept: bool,
}

impl Removal {
    /// Removes the oldest entries until the cache has at most that many bytes.
    fn oldest(&mut self, store: &mut Store, max_size: u64) -> anyhow::Result<()> {
        let (size, before) = (store.cache_size()?, self.size);
        for entry in store.cache_entries()? {
            // Entries without files are removed as well if nothing is to remain.
            if max_size > 0 && size.saturating_sub(self.size - before) <= max_size {
                break;
            }
            self.kept |= !self.remove(store, &entry)?;
        }
        Ok(())
    }

    fn add(&mut self, Pruned { count, size, kept }: Pruned) {
        self.count += count;
        self.size += size;
        self.kept |= kept;
    }

    /// Removes the entry. Returns `false` if it may be in use.
    fn remove(&mut self, store: &mut Store, entry: &CacheEntry) -> anyhow::Result<bool> {
        let Some(freed) = store.remove_cache_entry(entry)? else { return Ok(false) };
        self.count += 1;
        self.size += freed;
        Ok(true)
    }

    fn report(&self, printer: &Printer) {
        if self.kept {
            printer.info("note: kept Python environments, as a run is in progress");
        }
        let entries = if self.count == 1 { "entry" } else { "entries" };
        printer.info(format!("Removed {} {entries} ({})", self.count, bytes(self.size)));
    }
}
