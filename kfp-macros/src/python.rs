//! Checks that Python files exist and define the functions that components name.

use std::path::Path;
use std::{env, fs};

/// The error message of a component whose function cannot be found.
pub(crate) enum PythonError {
    /// The file cannot be read.
    File(String),
    /// The file does not define the function.
    Function(String),
}

/// Checks that the file, relative to the root of the crate, defines the function.
pub(crate) fn check(file: &str, function: &str) -> Result<(), PythonError> {
    let source = read(file).map_err(PythonError::File)?;
    let defined: Vec<&str> = source.lines().filter_map(defined_name).collect();
    if defined.contains(&function) {
        return Ok(());
    }
    let known = if defined.is_empty() { "no functions".to_owned() } else { crate::names::list(&defined) };
    Err(PythonError::Function(format!(
        "`{file}` does not define `{function}`: it defines {known}; set `function = \"…\"` to use another name"
    )))
}

/// Reads a file, relative to the root of the crate.
pub(crate) fn read(file: &str) -> Result<String, String> {
    let root = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default();
    fs::read_to_string(Path::new(&root).join(file)).map_err(|error| {
        format!("cannot read `{file}`: {error}; the path is relative to the root of the crate")
    })
}

/// Returns the name of the function that the line defines at the top level.
fn defined_name(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("def ")?.trim_start();
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_')?;
    Some(&rest[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn definitions_are_found() {
        for (line, name) in [
            ("def train(x):", Some("train")),
            ("def  train (x):", Some("train")),
            ("    def inner(x):", None),
            ("define(x)", None),
        ] {
            assert_eq!(defined_name(line), name, "{line}");
        }
    }
}
