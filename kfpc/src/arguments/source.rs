//! The arguments that select pipelines, and the level of their warnings.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Where pipelines come from.
#[derive(Debug, Args)]
pub(crate) struct SourceArguments {
    /// Pipeline binary to execute, pipeline document (JSON or YAML), or `-` for a document on standard input [default:
    /// the cargo package in the current folder].
    #[arg(value_name = "SOURCE", conflicts_with_all = ["package", "bin", "example", "release"])]
    pub(crate) source: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) package: PackageArguments,
}

/// A cargo package that contains a pipeline binary.
#[derive(Debug, Clone, Args)]
pub(crate) struct PackageArguments {
    /// Build this cargo package and use its pipeline binary.
    #[arg(long, value_name = "NAME")]
    pub(crate) package: Option<String>,
    /// Binary of the package [default: the only one, or `default-run` in Cargo.toml].
    #[arg(long, value_name = "NAME", conflicts_with = "example")]
    pub(crate) bin: Option<String>,
    /// Example of the package to use as the pipeline binary.
    #[arg(long, value_name = "NAME")]
    pub(crate) example: Option<String>,
    /// Build the package in release mode.
    #[arg(long)]
    pub(crate) release: bool,
}

/// One pipeline of a source.
#[derive(Debug, Args)]
pub(crate) struct PipelineArguments {
    #[command(flatten)]
    pub(crate) source: SourceArguments,
    /// Name of the pipeline, if the source has several.
    #[arg(long, value_name = "NAME")]
    pub(crate) pipeline: Option<String>,
    #[command(flatten)]
    pub(crate) levels: LevelArguments,
}

/// The level of warnings.
#[derive(Debug, Default, Args)]
pub(crate) struct LevelArguments {
    /// Treat warnings as errors, like `deny-warnings = true` in kfpc.toml.
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(crate) deny: Option<Deny>,
    /// Do not report warnings with this code, in addition to `allow` in kfpc.toml; may be repeated.
    #[arg(long, value_name = "CODE")]
    pub(crate) allow: Vec<String>,
}

/// What `--deny` accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Deny {
    /// All warnings.
    Warnings,
}
