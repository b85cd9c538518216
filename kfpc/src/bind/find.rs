//! Finds the function to bind.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use super::refusal::Refusal;
use super::signature;
use crate::files;
use crate::printer::Printer;
use crate::python::{self, Description, Function};

/// A function and its Rust signature.
#[derive(Debug)]
pub(crate) struct Bound {
    /// The name of the function.
    pub(crate) function: String,
    /// The path of its file in the signature.
    pub(crate) file: String,
    /// The signature, and the types that it requires.
    pub(crate) rust: String,
}

/// Finds the function in the file and translates its signature. Without a name, the file must define one public function,
/// or one with KFP's decorator.
///
/// # Errors
/// The file, the function or the Python interpreter does not exist. The inner result reports problems in the source.
pub(crate) fn bind(
    file: &Path,
    function: Option<&str>,
    interpreter: &Path,
    printer: &Printer,
) -> anyhow::Result<Result<Bound, Refusal>> {
    let source = files::read_whole(file, printer)?;
    let description = python::describe(interpreter, source)?;
    if let Some(error) = description.error {
        let message = format!("invalid Python in `{}`: {}", file.display(), error.message);
        return Ok(Err(Refusal { message, line: error.line }));
    }
    let function = choose(&description, file, function)?;
    let file = from_root(file)?;
    let text = signature::signature(function, &description.structures, &file);
    Ok(text.map(|rust| Bound { function: function.name.clone(), file, rust }))
}

fn choose<'d>(description: &'d Description, file: &Path, name: Option<&str>) -> anyhow::Result<&'d Function> {
    let file = file.display();
    let names = |functions: &[&Function]| {
        let names: Vec<String> = functions.iter().map(|function| format!("`{}`", function.name)).collect();
        if names.is_empty() { "none".to_owned() } else { names.join(", ") }
    };
    let all: Vec<&Function> = description.functions.iter().collect();
    if let Some(name) = name {
        // A later definition replaces an earlier one with the same name.
        let found = all.iter().rev().find(|function| function.name == name);
        return found.copied().with_context(|| {
            format!("unknown function `{name}`: the top-level functions of `{file}` are {}", names(&all))
        });
    }
    let public: Vec<&Function> =
        all.iter().copied().filter(|function| !function.name.starts_with('_')).collect();
    let components: Vec<&Function> =
        public.iter().copied().filter(|function| function.is_component).collect();
    match (components.as_slice(), public.as_slice()) {
        ([one], _) | (_, [one]) => Ok(one),
        (_, []) => bail!("there are no top-level functions in `{file}`"),
        (_, several) => {
            bail!(
                "there are several functions in `{file}`: select one as `{file}:{}`, of {}",
                several[0].name,
                names(several)
            )
        }
    }
}

/// Returns the path relative to the root of the crate that contains the file, as components require; otherwise unchanged.
fn from_root(file: &Path) -> anyhow::Result<String> {
    let whole: PathBuf = fs::canonicalize(file)?;
    let root = whole.ancestors().skip(1).find(|folder| folder.join("Cargo.toml").is_file());
    let path = root.and_then(|root| whole.strip_prefix(root).ok()).unwrap_or(file);
    let parts: Vec<String> =
        path.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    Ok(if path.is_absolute() { path.display().to_string() } else { parts.join("/") })
}
