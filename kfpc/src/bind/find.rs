//! Which function is meant, and where it lies.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use super::description::{Description, Function};
use super::{interpreter, signature};
use crate::files;
use crate::printer::Printer;

/// A function with its Rust signature.
#[derive(Debug)]
pub(crate) struct Bound {
    /// The name of the function.
    pub(crate) function: String,
    /// The path of its file as the signature has it.
    pub(crate) file: String,
    /// The signature, and the types that it needs.
    pub(crate) rust: String,
}

/// Why a function can be no step.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(super) message: String,
    /// Where, in the file.
    pub(super) line: Option<u64>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Refusal {
    pub(super) fn new(message: impl Into<String>, line: u64) -> Self {
        Self { message: message.into(), line: Some(line) }
    }

    /// The line of the file that is to blame, where there is one.
    pub(crate) fn line(&self) -> Option<u64> {
        self.line
    }
}

/// Finds the function in the file and writes its signature. Without a name, the file has to have one function
/// only, or one that KFP's decorator marks as a component.
///
/// # Errors
/// The file or the function is not there, or there is no Python. The inner result tells what is wrong with the
/// source.
pub(crate) fn bind(
    file: &Path,
    function: Option<&str>,
    interpreter: &Path,
    printer: &Printer,
) -> anyhow::Result<Result<Bound, Refusal>> {
    let source = files::read_whole(file, printer)?;
    let description = interpreter::describe(interpreter, source)?;
    if let Some(error) = description.error {
        let message = format!("`{}` is no Python: {}", file.display(), error.message);
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
        // A later definition of a name replaces an earlier one.
        let found = all.iter().rev().find(|function| function.name == name);
        return found.copied().with_context(|| {
            format!("`{file}` defines no function `{name}` at its top level: it defines {}", names(&all))
        });
    }
    let public: Vec<&Function> =
        all.iter().copied().filter(|function| !function.name.starts_with('_')).collect();
    let components: Vec<&Function> =
        public.iter().copied().filter(|function| function.is_component).collect();
    match (components.as_slice(), public.as_slice()) {
        ([one], _) | (_, [one]) => Ok(one),
        (_, []) => bail!("`{file}` defines no function at its top level"),
        (_, several) => {
            bail!(
                "`{file}` defines several functions: choose one, as in `{file}:{}`, of {}",
                several[0].name,
                names(several)
            )
        }
    }
}

/// The path from the root of the crate that the file lies in, from which components count; else as it is.
fn from_root(file: &Path) -> anyhow::Result<String> {
    let whole: PathBuf = fs::canonicalize(file)?;
    let root = whole.ancestors().skip(1).find(|folder| folder.join("Cargo.toml").is_file());
    let path = root.and_then(|root| whole.strip_prefix(root).ok()).unwrap_or(file);
    let parts: Vec<String> =
        path.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    Ok(if path.is_absolute() { path.display().to_string() } else { parts.join("/") })
}
