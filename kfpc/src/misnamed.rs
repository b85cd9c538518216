//! Paths that look like a SOURCE but are something else: a Rust or Python file, a manifest or folder of cargo.
//!
//! Nothing is built or executed for them. The error says which command to type.

use std::fs::Metadata;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::advice::advised;
use crate::files::{open_below, shown};
use crate::package;

/// The most bytes of a manifest that are read.
const LIMIT: u64 = 1024 * 1024;

/// Returns why the path cannot be a SOURCE, if its kind is known.
pub(crate) fn error(path: &Path, metadata: &Metadata) -> Option<anyhow::Error> {
    let name = shown(path);
    if metadata.is_dir() {
        return Some(match cargo_folder_help(path) {
            Some(help) => advised(format!("cannot read `{name}`: it is the folder of a cargo package"), help),
            None => advised(
                format!("cannot read `{name}`: it is a folder"),
                "pass a pipeline binary or a pipeline document, or run the command in a cargo package",
            ),
        });
    }
    let extension = path.extension()?.to_str()?;
    match extension {
        "rs" => Some(advised(format!("cannot read `{name}`: it is a Rust source file"), rust_help(path))),
        "toml" if path.file_name().is_some_and(|name| name == "Cargo.toml") => {
            let folder = path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
            let help = cargo_folder_help(folder)?;
            Some(advised(format!("cannot read `{name}`: it is the manifest of a cargo package"), help))
        }
        "py" | "ipynb" => Some(advised(
            format!("cannot read `{name}`: it is Python, and pipelines are written in Rust"),
            format!("run `kfpc bind {name}` for the Rust signature of a Python step"),
        )),
        _ => None,
    }
}

/// Returns how to select the package of a folder, if there is one in it.
pub(crate) fn cargo_folder_help(folder: &Path) -> Option<String> {
    if !folder.join("Cargo.toml").is_file() {
        return None;
    }
    Some(if is_current(folder) {
        "leave out SOURCE to use the package in the current folder".to_owned()
    } else {
        format!("run the command in `{}` without SOURCE", shown(folder))
    })
}

fn rust_help(path: &Path) -> String {
    let Some(Owner { folder, package, option }) = Owner::of(path) else {
        return "pass the pipeline binary that is built from it".to_owned();
    };
    let is_here = std::env::current_dir().is_ok_and(|current| current.starts_with(&folder));
    match (is_here, option) {
        (true, None) => "leave out SOURCE to build and use the current package".to_owned(),
        (true, Some(option)) => format!("pass `{option}` instead, which builds it"),
        (false, option) => {
            let option = option.map(|option| format!(" {option}")).unwrap_or_default();
            format!("pass `--package {package}{option}` instead, which builds it")
        }
    }
}

/// The cargo package that a Rust source file belongs to. Manifests are read without starting cargo, as they may come
/// from anyone.
struct Owner {
    folder: PathBuf,
    package: String,
    /// How to select the target of the file, if the package may have others.
    option: Option<String>,
}

impl Owner {
    fn of(source: &Path) -> Option<Self> {
        let source = source.canonicalize().ok()?;
        let manifest = package::manifest_above(source.parent()?)?;
        let folder = manifest.parent()?.to_owned();
        let manifest: toml::Table = toml::from_str(&manifest_text(&folder)?).ok()?;
        let package = manifest.get("package")?.get("name")?.as_str()?.to_owned();
        let below = source.strip_prefix(&folder).ok()?;
        let declared = [("bin", "--bin"), ("example", "--example")].into_iter().find_map(|(key, option)| {
            let mut targets = manifest.get(key)?.as_array()?.iter();
            let own = targets.find(|target| {
                target.get("path").and_then(toml::Value::as_str).is_some_and(|path| Path::new(path) == below)
            })?;
            Some(format!("{option} {}", own.get("name")?.as_str()?))
        });
        Some(Self { option: declared.or_else(|| found(below)), folder, package })
    }
}

/// Returns how to select a target that cargo finds by its path.
fn found(path: &Path) -> Option<String> {
    let option = [("src/bin", "--bin"), ("examples", "--example")]
        .into_iter()
        .find_map(|(folder, option)| path.starts_with(folder).then_some(option))?;
    let stem = path.file_stem()?.to_str()?;
    let name = if stem == "main" { path.parent()?.file_name()?.to_str()? } else { stem };
    Some(format!("{option} {name}"))
}

/// Reads the manifest of a folder that may come from anyone.
fn manifest_text(folder: &Path) -> Option<String> {
    let folder = folder.canonicalize().ok()?;
    let (_, file) = open_below(&folder, &folder.join("Cargo.toml")).ok()?;
    let mut text = String::new();
    file.take(LIMIT).read_to_string(&mut text).ok()?;
    Some(text)
}

/// Returns whether the folder is that of a cargo package with pipelines.
pub(crate) fn has_pipelines(folder: &Path) -> bool {
    manifest_text(folder).is_some_and(|text| text.contains("kfp-sdk"))
}

fn is_current(folder: &Path) -> bool {
    match (folder.canonicalize(), std::env::current_dir().and_then(|folder| folder.canonicalize())) {
        (Ok(folder), Ok(current)) => folder == current,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_target_of_a_source_is_selected() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("src/bin/deep")).unwrap();
        fs::create_dir_all(folder.path().join("examples")).unwrap();
        let manifest = "[package]\nname = 'a'\n[[bin]]\nname = 'b'\npath = 'src/other.rs'\n";
        fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
        for (name, help) in [
            ("src/main.rs", "`--package a`"),
            ("src/other.rs", "`--package a --bin b`"),
            ("src/bin/c.rs", "`--package a --bin c`"),
            ("src/bin/deep/main.rs", "`--package a --bin deep`"),
            ("examples/d.rs", "`--package a --example d`"),
        ] {
            let path = folder.path().join(name);
            fs::write(&path, "").unwrap();
            assert!(rust_help(&path).contains(help), "{name}: {}", rust_help(&path));
        }
    }
}
