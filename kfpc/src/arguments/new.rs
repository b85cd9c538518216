//! The arguments of `kfpc new`.

use std::path::PathBuf;

use clap::Args;

/// `kfpc new`.
#[derive(Debug, Args)]
pub(crate) struct NewArguments {
    /// Folder to create; its last component is the name of the crate.
    #[arg(value_name = "NAME")]
    pub(crate) path: PathBuf,
    /// Write all steps in Python [default: steps in both languages].
    #[arg(long, conflicts_with = "rust")]
    pub(crate) python: bool,
    /// Write all steps in Rust [default: steps in both languages].
    #[arg(long)]
    pub(crate) rust: bool,
    /// Use the SDK of this local checkout of the kfpc repository.
    #[arg(long, value_name = "PATH", conflicts_with = "sdk_git")]
    pub(crate) sdk_path: Option<PathBuf>,
    /// Use the SDK of this Git repository.
    #[arg(long, value_name = "URL")]
    pub(crate) sdk_git: Option<String>,
}
