//! Where pipelines come from: a program, a document, or a package that is built first.

use std::fs::{self, File, Metadata};
use std::io::{self, Seek as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};
use cargo_metadata::{Message, MetadataCommand};

use crate::arguments::{PackageArguments, SourceArguments};
use crate::files::{self, Excerpts};
use crate::printer::Printer;
use crate::program;

/// A pipeline document before it is read.
#[derive(Debug)]
pub(crate) struct Text {
    /// The name that messages use.
    pub(crate) name: String,
    /// The bytes.
    pub(crate) bytes: Vec<u8>,
    /// The program that wrote it, which has the Rust steps.
    pub(crate) binary: Option<PathBuf>,
    /// The sources that its locations may name.
    pub(crate) excerpts: Excerpts,
}

impl Text {
    /// A document that is in no file here.
    pub(crate) fn without_file(name: impl Into<String>, bytes: Vec<u8>) -> Self {
        Self { name: name.into(), bytes, binary: None, excerpts: Excerpts::of_working_folder() }
    }
}

/// Gets the document that the arguments name. A pipeline binary writes that of one pipeline, where one is named.
pub(crate) fn open(
    arguments: &SourceArguments,
    pipeline: Option<&str>,
    printer: &Printer,
) -> anyhow::Result<Text> {
    match package(None, &arguments.package, pipeline, printer)? {
        Some(text) => Ok(text),
        None => source(arguments, pipeline, printer),
    }
}

/// Gets the document of all pipelines, with a package that is built in this folder in place of the working folder.
pub(crate) fn open_in(
    folder: Option<&Path>,
    arguments: &SourceArguments,
    printer: &Printer,
) -> anyhow::Result<Text> {
    match package(folder, &arguments.package, None, printer)? {
        Some(text) => Ok(text),
        None => source(arguments, None, printer),
    }
}

fn source(arguments: &SourceArguments, pipeline: Option<&str>, printer: &Printer) -> anyhow::Result<Text> {
    file(arguments.source.as_deref().unwrap_or_else(|| Path::new("-")), pipeline, printer)
}

/// Gets the document of the package, where one is named.
pub(crate) fn package(
    folder: Option<&Path>,
    arguments: &PackageArguments,
    pipeline: Option<&str>,
    printer: &Printer,
) -> anyhow::Result<Option<Text>> {
    let Some(package) = &arguments.package else { return Ok(None) };
    let program = build(folder, package, arguments, printer)?;
    let metadata = fs::metadata(&program).with_context(|| format!("cannot run `{}`", program.display()))?;
    binary(&program, &metadata, pipeline).map(Some)
}

/// Reads the file or standard input, or asks the pipeline binary that it is. A person has named it: what folders and
/// documents name is never executed.
pub(crate) fn file(path: &Path, pipeline: Option<&str>, printer: &Printer) -> anyhow::Result<Text> {
    if path == Path::new("-") {
        let bytes = files::read_stdin(printer)?;
        return Ok(Text::without_file("<stdin>", bytes));
    }
    let name = files::shown(path);
    let metadata = fs::metadata(path).with_context(|| format!("cannot open `{name}`"))?;
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
        let bytes = files::read_open(&file, &name, printer)?;
        return Ok(Text { name, bytes, binary: None, excerpts: Excerpts::of_document(path) });
    }
    let bytes = files::read_named(path, printer)?;
    Ok(Text { name, bytes, binary: None, excerpts: Excerpts::of_document(path) })
}

/// Asks a pipeline binary for its document.
fn binary(path: &Path, metadata: &Metadata, pipeline: Option<&str>) -> anyhow::Result<Text> {
    let (program, bytes) = program::export(path, metadata, pipeline)?;
    let excerpts = Excerpts::of_binary(&program);
    Ok(Text { name: files::shown(&program), bytes, binary: Some(program), excerpts })
}

/// Builds a package and finds the one program that it gives.
fn build(
    folder: Option<&Path>,
    package: &str,
    arguments: &PackageArguments,
    printer: &Printer,
) -> anyhow::Result<PathBuf> {
    let mut command = cargo();
    command.args(["build", "--quiet", "--message-format=json-render-diagnostics", "--package", package]);
    match (&arguments.bin, &arguments.example) {
        (Some(bin), _) => command.args(["--bin", bin]),
        (None, Some(example)) => command.args(["--example", example]),
        (None, None) => command.arg("--bins"),
    };
    if let Some(folder) = folder {
        // What other crates were built to before is used again, and what is built here disturbs no other build.
        command.current_dir(folder).arg("--target-dir").arg(target_folder()?.join("kfpc-diff"));
    }
    if arguments.release {
        command.arg("--release");
    }
    printer.info(format!("Building {package}"));
    let output =
        command.stdin(Stdio::null()).stderr(Stdio::inherit()).output().context("failed to start cargo")?;
    if !output.status.success() {
        bail!("package `{package}` does not build");
    }
    match programs(&output.stdout).as_slice() {
        [program] => Ok(program.clone()),
        [] => bail!("package `{package}` has no program: name one with `--bin` or `--example`"),
        several => {
            let names: Vec<String> = several
                .iter()
                .filter_map(|path| path.file_stem())
                .map(|name| format!("`--bin {}`", name.to_string_lossy()))
                .collect();
            bail!("package `{package}` has several programs: choose {}", names.join(" or "))
        }
    }
}

/// The folder that cargo builds into here.
fn target_folder() -> anyhow::Result<PathBuf> {
    let metadata =
        MetadataCommand::new().no_deps().exec().context("cannot find the workspace of the package")?;
    Ok(metadata.target_directory.into())
}

fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// The programs that cargo's messages name.
fn programs(messages: &[u8]) -> Vec<PathBuf> {
    let program = |message: io::Result<Message>| match message {
        Ok(Message::CompilerArtifact(artifact)) => artifact.executable.map(Into::into),
        _ => None,
    };
    Message::parse_stream(messages).filter_map(program).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What cargo says about a target that it has built.
    fn artifact(executable: &str) -> String {
        format!(
            r#"{{"reason": "compiler-artifact", "package_id": "a 0.1.0", "manifest_path": "/a/Cargo.toml",
                "target": {{"kind": ["bin"], "crate_types": ["bin"], "name": "a", "src_path": "/a/main.rs",
                "edition": "2024", "doc": true, "doctest": false, "test": true}},
                "profile": {{"opt_level": "0", "debuginfo": 1, "debug_assertions": true, "overflow_checks": true,
                "test": false}}, "features": [], "filenames": [], "executable": {executable}, "fresh": true}}"#
        )
        .replace('\n', " ")
    }

    #[test]
    fn programs_are_found_in_the_messages_of_cargo() {
        let messages = [
            artifact("null"),
            "noise".to_owned(),
            artifact("\"/t/a\""),
            r#"{"reason": "build-finished", "success": true}"#.to_owned(),
        ];
        let messages = messages.join("\n");
        assert_eq!(programs(messages.as_bytes()), [PathBuf::from("/t/a")]);
    }
}
