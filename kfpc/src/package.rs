//! Cargo packages with pipelines: which one a command builds, and building it.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Context as _;
use cargo_metadata::{CompilerMessage, Message, Metadata, MetadataCommand, Package};

use crate::Outcome;
use crate::advice::advised;
use crate::arguments::PackageArguments;
use crate::files::shown;
use crate::reported::Reported;
use crate::reporter::Reporter;
use crate::rustc::BuildErrors;

/// The crate that every package with pipelines depends on.
const SDK: &str = "kfp-sdk";
const MANIFEST: &str = "Cargo.toml";

/// What cargo builds.
#[derive(Debug)]
pub(crate) struct Build {
    /// The folder to build in, if it is not the current one.
    folder: Option<PathBuf>,
    package: String,
    target: Target,
    release: bool,
}

/// The part of a package with its pipelines.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Target {
    /// The only binary.
    OnlyBinary,
    Binary(String),
    Example(String),
}

impl Build {
    /// Selects the named package, or the one that contains the folder.
    pub(crate) fn select(folder: Option<&Path>, arguments: &PackageArguments) -> anyhow::Result<Self> {
        let named = match (&arguments.bin, &arguments.example) {
            (Some(name), _) => Some(Target::Binary(name.clone())),
            (None, Some(name)) => Some(Target::Example(name.clone())),
            (None, None) => None,
        };
        let (package, default) = match &arguments.package {
            Some(name) => (name.clone(), None),
            None => current(folder.unwrap_or(Path::new(".")))?,
        };
        let target = named.or(default.map(Target::Binary)).unwrap_or(Target::OnlyBinary);
        Ok(Self { folder: folder.map(Path::to_owned), package, target, release: arguments.release })
    }
}

/// Returns the name of the package that contains the folder, and its default binary.
fn current(folder: &Path) -> anyhow::Result<(String, Option<String>)> {
    let folder = folder.canonicalize().context("cannot find the current folder")?;
    let Some(manifest) = manifest_above(&folder) else {
        return Err(advised(
            "missing SOURCE: the current folder is not in a cargo package",
            "pass a pipeline binary or a pipeline document, or run `kfpc new NAME` to create a crate",
        ));
    };
    let metadata = MetadataCommand::new()
        .current_dir(&folder)
        .no_deps()
        .exec()
        .with_context(|| format!("cannot read the cargo package in `{}`", shown(&folder)))?;
    let package = match metadata
        .workspace_packages()
        .into_iter()
        .find(|package| package.manifest_path == manifest)
    {
        Some(package) if has_pipelines(package) => package,
        Some(package) => {
            return Err(advised(
                format!("missing SOURCE: the package `{}` does not depend on `{SDK}`", package.name),
                "pass a pipeline binary or a pipeline document, or `--package` with a package that has pipelines",
            ));
        }
        None => only_member(&metadata)?,
    };
    Ok((package.name.to_string(), package.default_run.clone()))
}

/// Returns the closest manifest in the folder or above it.
pub(crate) fn manifest_above(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().map(|folder| folder.join(MANIFEST)).find(|manifest| manifest.is_file())
}

/// Returns the only package of a workspace that has pipelines.
fn only_member(metadata: &Metadata) -> anyhow::Result<&Package> {
    let members: Vec<&Package> =
        metadata.workspace_packages().into_iter().filter(|package| has_pipelines(package)).collect();
    match members.as_slice() {
        [package] => Ok(package),
        [] => Err(advised(
            format!("missing SOURCE: no package of this workspace depends on `{SDK}`"),
            "pass a pipeline binary or a pipeline document",
        )),
        several => {
            let names: Vec<String> =
                several.iter().map(|package| format!("`--package {}`", package.name)).collect();
            Err(advised(
                "missing SOURCE: several packages of this workspace have pipelines",
                format!("pass {}", names.join(" or ")),
            ))
        }
    }
}

/// Returns whether the package depends on the SDK and has something to execute.
fn has_pipelines(package: &Package) -> bool {
    package.dependencies.iter().any(|dependency| dependency.name == SDK)
        && package.targets.iter().any(|target| target.is_bin() || target.is_example())
}

/// Builds the package and returns the path of its pipeline binary.
///
/// cargo prints the errors of rustc, unless the report is for programs, which then contains them.
pub(crate) fn build(build: &Build, reporter: &Reporter<'_>) -> anyhow::Result<PathBuf> {
    let package = &build.package;
    reporter.progress(&format!("Building {package}"));
    let mut command = command(build, reporter)?;
    if reporter.is_for_people() {
        command.stderr(Stdio::inherit());
    }
    let output = command.stdin(Stdio::null()).output().context("cannot start cargo")?;
    let messages = Messages::of(&output.stdout);
    reporter.log(&messages.rendered());
    if !output.status.success() {
        return Err(match BuildErrors::of(&messages.compiler, build.folder.clone()) {
            Some(errors) => errors.into(),
            None => {
                reporter.printer().say(&String::from_utf8_lossy(&output.stderr));
                let outcome = if messages.is_finished { Outcome::Failed } else { Outcome::Reported };
                Reported(outcome).into()
            }
        });
    }
    match messages.programs.as_slice() {
        [program] => Ok(program.clone()),
        [] => Err(advised(
            format!("the package `{package}` has no binary"),
            "pass `--example NAME`, or `--package` with another package",
        )),
        several => {
            let names: Vec<String> = several
                .iter()
                .filter_map(|path| path.file_stem())
                .map(|name| format!("`--bin {}`", name.to_string_lossy()))
                .collect();
            Err(advised(
                format!("the package `{package}` has several binaries"),
                format!("pass {}, or set `default-run` in its Cargo.toml", names.join(" or ")),
            ))
        }
    }
}

/// Returns the command that builds the package.
fn command(build: &Build, reporter: &Reporter<'_>) -> anyhow::Result<Command> {
    let format = if reporter.is_for_people() { "json-render-diagnostics" } else { "json" };
    let mut command = cargo();
    command.args(["build", "--quiet", "--message-format", format, "--package", &build.package]);
    match &build.target {
        Target::Binary(name) => command.args(["--bin", name]),
        Target::Example(name) => command.args(["--example", name]),
        Target::OnlyBinary => command.arg("--bins"),
    };
    if let Some(folder) = &build.folder {
        // Dependencies that were built before are reused, without a lock on the target folder of other builds.
        command.current_dir(folder).arg("--target-dir").arg(target_folder()?.join("kfpc-diff"));
    }
    if build.release {
        command.arg("--release");
    }
    Ok(command)
}

/// Returns the folder that cargo builds into.
fn target_folder() -> anyhow::Result<PathBuf> {
    let metadata =
        MetadataCommand::new().no_deps().exec().context("cannot find the workspace of the package")?;
    Ok(metadata.target_directory.into())
}

fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// The messages of a build.
#[derive(Default)]
struct Messages {
    /// The executables.
    programs: Vec<PathBuf>,
    /// The errors and warnings of rustc.
    compiler: Vec<CompilerMessage>,
    /// Whether cargo compiled the package, with or without errors.
    is_finished: bool,
}

impl Messages {
    fn of(output: &[u8]) -> Self {
        let mut messages = Self::default();
        for message in Message::parse_stream(output).filter_map(io::Result::ok) {
            match message {
                Message::CompilerArtifact(artifact) => {
                    messages.programs.extend(artifact.executable.map(PathBuf::from));
                }
                Message::CompilerMessage(message) => messages.compiler.push(message),
                Message::BuildFinished(_) => messages.is_finished = true,
                _ => {}
            }
        }
        messages
    }

    /// Returns the errors and warnings as rustc prints them.
    fn rendered(&self) -> String {
        self.compiler.iter().filter_map(|message| message.message.rendered.as_deref()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A message of cargo about a target that was built.
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
    fn executables_are_found_in_the_messages_of_cargo() {
        let messages = [
            artifact("null"),
            "noise".to_owned(),
            artifact("\"/t/a\""),
            r#"{"reason": "build-finished", "success": true}"#.to_owned(),
        ];
        let messages = messages.join("\n");
        let messages = Messages::of(messages.as_bytes());
        assert_eq!(messages.programs, [PathBuf::from("/t/a")]);
        assert!(messages.is_finished);
    }
}
