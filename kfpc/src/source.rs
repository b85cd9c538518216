//! Where pipelines come from: a pipeline binary, a document, or a cargo package that is built first.

use std::fs::{self, File, Metadata};
use std::io::Seek as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::arguments::{PackageArguments, SourceArguments};
use crate::files::{self, Excerpts};
use crate::package::{self, Build};
use crate::reporter::Reporter;
use crate::{misnamed, program};

/// A pipeline document before it is parsed.
#[derive(Debug)]
pub(crate) struct Text {
    /// The name in messages.
    pub(crate) name: String,
    /// The content.
    pub(crate) bytes: Vec<u8>,
    /// The pipeline binary that wrote it and contains the Rust steps.
    pub(crate) binary: Option<PathBuf>,
    /// The source files that its locations may refer to.
    pub(crate) excerpts: Excerpts,
}

impl Text {
    /// A document that is not in a file.
    pub(crate) fn without_file(name: impl Into<String>, bytes: Vec<u8>) -> Self {
        Self { name: name.into(), bytes, binary: None, excerpts: Excerpts::of_working_folder() }
    }
}

/// Returns the document that the arguments select: by default, that of the cargo package in the current folder. A
/// pipeline binary exports the named pipeline only.
pub(crate) fn open(
    arguments: &SourceArguments,
    pipeline: Option<&str>,
    reporter: &Reporter<'_>,
) -> anyhow::Result<Text> {
    match &arguments.source {
        Some(path) => file(path, pipeline, reporter),
        None => package(None, &arguments.package, pipeline, reporter),
    }
}

/// Builds a cargo package, in the given folder or the current one, and returns the document of its pipeline binary.
pub(crate) fn package(
    folder: Option<&Path>,
    arguments: &PackageArguments,
    pipeline: Option<&str>,
    reporter: &Reporter<'_>,
) -> anyhow::Result<Text> {
    let program = package::build(&Build::select(folder, arguments)?, reporter)?;
    let metadata = fs::metadata(&program).with_context(|| format!("cannot run `{}`", program.display()))?;
    binary(&program, &metadata, pipeline)
}

/// Reads a file or standard input, or executes the file if it is a pipeline binary.
///
/// Call it with paths from the command line only: files that folders and documents refer to are never executed.
pub(crate) fn file(path: &Path, pipeline: Option<&str>, reporter: &Reporter<'_>) -> anyhow::Result<Text> {
    if path == Path::new("-") {
        let bytes = files::read_stdin(reporter.printer())?;
        return Ok(Text::without_file("<stdin>", bytes));
    }
    let name = files::shown(path);
    let metadata = fs::metadata(path).with_context(|| format!("cannot open `{name}`"))?;
    if let Some(error) = misnamed::error(path, &metadata) {
        return Err(error);
    }
    if metadata.is_file() {
        let mut file = File::open(path).with_context(|| format!("cannot open `{name}`"))?;
        match program::Kind::of(&file).with_context(|| format!("cannot read `{name}`"))? {
            program::Kind::Binary => return binary(path, &metadata, pipeline),
            program::Kind::Script if !files::is_document_name(path) => bail!(
                "cannot read `{name}`: it is a script, and kfpc does not run scripts; if you trust it, run it \
                 yourself and pass what it writes to `-`"
            ),
            program::Kind::Script | program::Kind::Text => {}
        }
        file.rewind().with_context(|| format!("cannot read `{name}`"))?;
        let bytes = files::read_open(&file, &name, reporter.printer())?;
        return Ok(Text { name, bytes, binary: None, excerpts: Excerpts::of_document(path) });
    }
    let bytes = files::read_named(path, reporter.printer())?;
    Ok(Text { name, bytes, binary: None, excerpts: Excerpts::of_document(path) })
}

/// Asks a pipeline binary for its document.
fn binary(path: &Path, metadata: &Metadata, pipeline: Option<&str>) -> anyhow::Result<Text> {
    let (program, bytes) = program::export(path, metadata, pipeline)?;
    let excerpts = Excerpts::of_binary(&program);
    Ok(Text { name: files::shown(&program), bytes, binary: Some(program), excerpts })
}
