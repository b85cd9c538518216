//! Where pipelines come from: a program, a document, or a package that is built first.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};

use crate::arguments::{PackageArguments, SourceArguments};
use crate::printer::Printer;

/// A pipeline document before it is read.
#[derive(Debug)]
pub(crate) struct Text {
    /// The name that messages use.
    pub(crate) name: String,
    /// The bytes.
    pub(crate) bytes: Vec<u8>,
    /// The program that wrote it, which has the Rust steps.
    pub(crate) binary: Option<PathBuf>,
}

/// Gets the document that the arguments name.
pub(crate) fn open(arguments: &SourceArguments, printer: &Printer) -> anyhow::Result<Text> {
    open_in(None, arguments, printer)
}

/// Likewise, with a package that is built in this folder in place of the working folder.
pub(crate) fn open_in(
    folder: Option<&Path>,
    arguments: &SourceArguments,
    printer: &Printer,
) -> anyhow::Result<Text> {
    match package(folder, &arguments.package, printer)? {
        Some(text) => Ok(text),
        None => file(arguments.source.as_deref().unwrap_or_else(|| Path::new("-"))),
    }
}

/// Gets the document of the package, where one is named.
pub(crate) fn package(
    folder: Option<&Path>,
    arguments: &PackageArguments,
    printer: &Printer,
) -> anyhow::Result<Option<Text>> {
    let Some(package) = &arguments.package else { return Ok(None) };
    export(build(folder, package, arguments, printer)?).map(Some)
}

/// Gets what stands in the file, what the program writes, or what comes on standard input.
pub(crate) fn file(path: &Path) -> anyhow::Result<Text> {
    if path == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes).context("failed to read standard input")?;
        return Ok(Text { name: "<stdin>".to_owned(), bytes, binary: None });
    }
    if is_program(path)? {
        return export(path.to_owned());
    }
    let bytes = fs::read(path).with_context(|| format!("failed to read `{}`", path.display()))?;
    Ok(Text { name: path.display().to_string(), bytes, binary: None })
}

/// Whether the file is to be run and not to be read: by its first bytes, as permissions are lost on the way
/// through archives.
fn is_program(path: &Path) -> anyhow::Result<bool> {
    let mut start = [0; 4];
    let mut file = fs::File::open(path).with_context(|| format!("failed to open `{}`", path.display()))?;
    let length = file.read(&mut start).with_context(|| format!("failed to read `{}`", path.display()))?;
    let magic = &start[..length];
    let mach_o = [[0xcf, 0xfa, 0xed, 0xfe], [0xce, 0xfa, 0xed, 0xfe], [0xca, 0xfe, 0xba, 0xbe]];
    Ok(magic == b"\x7fELF"
        || magic.starts_with(b"MZ")
        || magic.starts_with(b"#!")
        || mach_o.iter().any(|known| magic == known))
}

/// Asks a program for its document.
fn export(program: PathBuf) -> anyhow::Result<Text> {
    let program = std::path::absolute(&program)?;
    let output = Command::new(&program)
        .arg("export")
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("failed to start `{}`", program.display()))?;
    if !output.status.success() {
        bail!(
            "`{} export` ended with {}: is it a program whose `main` is `kfp_sdk::main!()`?",
            program.display(),
            output.status
        );
    }
    Ok(Text { name: program.display().to_string(), bytes: output.stdout, binary: Some(program) })
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
    let output = cargo()
        .args(["metadata", "--no-deps", "--format-version=1"])
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .context("failed to start cargo")?;
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)
        .context("`cargo metadata` does not tell of a workspace here")?;
    let folder = metadata.get("target_directory").and_then(serde_json::Value::as_str);
    Ok(folder.context("`cargo metadata` names no target folder")?.into())
}

fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// The programs that cargo's messages name.
fn programs(messages: &[u8]) -> Vec<PathBuf> {
    let messages = String::from_utf8_lossy(messages);
    let parsed = messages.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    parsed.filter_map(|message| message.get("executable")?.as_str().map(PathBuf::from)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_found_in_the_messages_of_cargo() {
        let messages =
            b"{\"reason\":\"compiler-artifact\",\"executable\":null}\nnoise\n{\"executable\":\"/t/a\"}\n";
        assert_eq!(programs(messages), [PathBuf::from("/t/a")]);
    }
}
