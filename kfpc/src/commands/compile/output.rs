//! Where compiled workflows and pictures are written.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};

use crate::advice::advised;
use crate::arguments::CompileArguments;
use crate::files::{Unwritten, in_one_line, write_file};
use crate::printer::Printer;

/// What a command writes.
#[derive(Debug)]
pub(super) enum Outputs {
    /// One workflow: to the file, or to standard output.
    One(Option<PathBuf>),
    /// A file for each pipeline.
    Folder(PathBuf),
}

impl Outputs {
    /// Takes `--out` or `--output`; `--check` requires one of them.
    pub(super) fn of(arguments: &CompileArguments) -> anyhow::Result<Self> {
        match (&arguments.out, &arguments.output) {
            (Some(folder), _) => Ok(Self::Folder(folder.clone())),
            (None, None) if arguments.check => Err(advised(
                "`--check` requires the committed workflows to compare with",
                "pass `--out FOLDER`, or `--output FILE` for one pipeline",
            )),
            (None, output) => Ok(Self::One(output.clone())),
        }
    }
}

/// Writes data to the file, or to standard output. A link is replaced with a file.
pub(in crate::commands) fn write(text: &str, output: Option<&Path>, printer: &Printer) -> anyhow::Result<()> {
    match output {
        None => printer.data(text),
        Some(path) => {
            write_file(path, text).map_err(|cause| failed(path, cause))?;
            printer.info(format!("Wrote {}", in_one_line(path)));
        }
    }
    Ok(())
}

/// Writes the files, and creates the folder and those around it if they are missing.
pub(super) fn write_folder(
    folder: &Path,
    files: &[(PathBuf, String)],
    printer: &Printer,
) -> anyhow::Result<()> {
    fs::create_dir_all(folder)
        .with_context(|| format!("cannot create the folder `{}`", in_one_line(folder)))?;
    for (path, text) in files {
        write(text, Some(path), printer)?;
    }
    Ok(())
}

/// Returns why a file cannot be written.
fn failed(path: &Path, cause: Unwritten) -> anyhow::Error {
    let name = in_one_line(path);
    let missing = path.parent().filter(|parent| *parent != Path::new("") && !parent.exists());
    match (missing.map(in_one_line), cause) {
        (Some(folder), _) => advised(
            format!("cannot write `{name}`: the folder `{folder}` does not exist"),
            format!("create it with `mkdir -p {folder}`"),
        ),
        (None, Unwritten::Folder) => {
            advised(format!("cannot write `{name}`: it is a folder"), "pass the path of a file in it")
        }
        (None, Unwritten::NotAFile(kind)) => advised(
            format!("cannot write `{name}`: it is {kind}, not a regular file"),
            "pass another path, or leave the option out to write to standard output",
        ),
        (None, Unwritten::Failed(cause)) => anyhow!(cause).context(format!("cannot write `{name}`")),
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn the_reason_for_a_failure_is_reported() {
        let folder = tempfile::tempdir().unwrap();
        let cause = || Unwritten::Failed(io::Error::from(io::ErrorKind::NotFound));
        let error = failed(&folder.path().join("a/b/c.yaml"), cause()).to_string();
        assert!(error.ends_with("a/b` does not exist"), "{error}");
        let error = failed(folder.path(), Unwritten::Folder).to_string();
        assert!(error.ends_with("it is a folder"), "{error}");
        let error = failed(&folder.path().join("a\nb"), Unwritten::NotAFile("a pipe")).to_string();
        assert!(error.ends_with("a\\nb`: it is a pipe, not a regular file"), "{error}");
        let error = failed(&folder.path().join("c.yaml"), cause()).to_string();
        assert!(error.ends_with("c.yaml`"), "{error}");
    }
}
