//! The arguments of the commands that do not need a complete pipeline.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::formats::{DataFormat, DifferenceFormat};
use super::source::PackageArguments;

/// `kfpc diff`.
#[derive(Debug, Args)]
#[command(
    after_help = "Exits with code 0 if nothing changed, 1 if something changed, and 2 on errors. A revision of a package \
                  is built with path dependencies outside its repository as they are now."
)]
pub(crate) struct DiffArguments {
    /// Earlier version: a pipeline binary, pipeline document, Argo manifest, `-`, or a file in Git as `REVISION:PATH`;
    /// with a cargo package, a revision of it.
    #[arg(value_name = "BEFORE")]
    pub(crate) before: String,
    /// Later version; with a cargo package, the working tree by default.
    #[arg(value_name = "AFTER")]
    pub(crate) after: Option<String>,
    #[command(flatten)]
    pub(crate) package: PackageArguments,
    /// Name of the pipeline to compare [default: all].
    #[arg(long, value_name = "NAME")]
    pub(crate) pipeline: Option<String>,
    /// Format of the difference.
    #[arg(long, value_enum, default_value_t = DifferenceFormat::Text)]
    pub(crate) format: DifferenceFormat,
}

/// `kfpc bind`.
#[derive(Debug, Args)]
pub(crate) struct BindArguments {
    /// Python file and, if it has several functions, the function: `train.py:train_model`.
    #[arg(value_name = "FILE[:FUNCTION]")]
    pub(crate) function: String,
    /// Python interpreter that parses the file; the file is not executed.
    #[arg(long, value_name = "PATH")]
    pub(crate) python: Option<PathBuf>,
    /// Format of the signature.
    #[arg(long, value_enum, default_value_t = DataFormat::Text)]
    pub(crate) format: DataFormat,
}

/// `kfpc explain`.
#[derive(Debug, Args)]
pub(crate) struct ExplainArguments {
    /// Code to explain, such as `KFP0301` [default: list all codes].
    #[arg(value_name = "CODE")]
    pub(crate) code: Option<String>,
    /// Format of the explanation.
    #[arg(long, value_enum, default_value_t = DataFormat::Text)]
    pub(crate) format: DataFormat,
}

/// `kfpc schema`.
#[derive(Debug, Args)]
pub(crate) struct SchemaArguments {
    /// File format.
    #[arg(value_enum)]
    pub(crate) subject: SchemaSubject,
}

/// A file format that has a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaSubject {
    /// Pipeline documents.
    Document,
    /// `kfpc.toml`.
    Config,
}

/// `kfpc completions`.
#[derive(Debug, Args)]
pub(crate) struct CompletionsArguments {
    /// Shell to generate completions for.
    #[arg(value_name = "SHELL", value_enum)]
    pub(crate) shell: clap_complete::Shell,
}
