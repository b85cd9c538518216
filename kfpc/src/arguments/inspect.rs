//! The arguments of the commands for what local runs left on this machine.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand};

use super::formats::DataFormat;
use super::pipeline::StoreArguments;
use super::values::Size;

/// `kfpc runs`.
#[derive(Debug, Args)]
pub(crate) struct RunsArguments {
    #[command(subcommand)]
    pub(crate) command: RunsCommand,
}

/// The commands of `kfpc runs`.
#[derive(Debug, Subcommand)]
pub(crate) enum RunsCommand {
    /// List runs, the latest first.
    Ls {
        #[command(flatten)]
        store: StoreArguments,
        /// Format of the list.
        #[arg(long, value_enum, default_value_t = DataFormat::Text)]
        format: DataFormat,
    },
    /// Show a run and its tasks.
    Show {
        /// Id of the run, or `last`.
        #[arg(value_name = "RUN", default_value = "last")]
        run: String,
        #[command(flatten)]
        store: StoreArguments,
        /// Format of the run.
        #[arg(long, value_enum, default_value_t = DataFormat::Text)]
        format: DataFormat,
    },
    /// Write a run as an HTML page, which can be read without a network.
    ///
    /// The page contains states, durations, parameters, outputs and metrics, with ROC curves and confusion matrices.
    Report {
        /// Id of the run, or `last`.
        #[arg(value_name = "RUN", default_value = "last")]
        run: String,
        /// Write the page to this file instead of standard output.
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
        #[command(flatten)]
        store: StoreArguments,
    },
    /// Remove runs and their files.
    ///
    /// Runs in progress are never removed. Cached results are kept.
    Rm {
        /// Ids of runs, or `last`.
        #[arg(value_name = "RUN", required = true)]
        runs: Vec<String>,
        #[command(flatten)]
        store: StoreArguments,
    },
    /// Remove old runs and their files.
    ///
    /// Runs in progress are never removed. Cached results are kept.
    #[command(group = ArgGroup::new("condition").args(["keep", "older_than"]).required(true).multiple(true))]
    Prune {
        /// Keep this many of the latest runs.
        #[arg(long, value_name = "COUNT")]
        keep: Option<usize>,
        /// Remove only runs that started longer ago than this, such as `12h` or `30d`.
        #[arg(long, value_name = "DURATION")]
        older_than: Option<kfp_model::Duration>,
        #[command(flatten)]
        store: StoreArguments,
    },
}

/// `kfpc cache`.
#[derive(Debug, Args)]
pub(crate) struct CacheArguments {
    #[command(subcommand)]
    pub(crate) command: CacheCommand,
}

/// The commands of `kfpc cache`.
#[derive(Debug, Subcommand)]
pub(crate) enum CacheCommand {
    /// List cached results and Python environments, the oldest first.
    Ls {
        #[command(flatten)]
        store: StoreArguments,
        /// Format of the list.
        #[arg(long, value_enum, default_value_t = DataFormat::Text)]
        format: DataFormat,
    },
    /// Remove entries of the cache.
    Rm {
        /// Keys of entries, or the first characters of a key.
        #[arg(value_name = "KEY", required = true)]
        keys: Vec<String>,
        #[command(flatten)]
        store: StoreArguments,
    },
    /// Remove entries until the cache has at most a given size.
    ///
    /// Python environments are kept while runs are in progress.
    Prune {
        /// Maximum size of the cache, such as `500M` or `10G`; `0` removes everything. The oldest entries are removed
        /// first.
        #[arg(long, value_name = "SIZE")]
        max_size: Option<Size>,
        /// Maximum size of all Python environments [default: `max-environments-size` in kfpc.toml]. The least recently
        /// used ones are removed first.
        #[arg(long, value_name = "SIZE")]
        max_environments_size: Option<Size>,
        #[command(flatten)]
        store: StoreArguments,
    },
}
