//! Python files: whether they are there and define what is called.

use std::path::Path;
use std::{env, fs};

/// Why the function cannot be taken from the file, whose path counts from the root of the crate.
pub(crate) enum Refusal {
    File(String),
    Function(String),
}

/// Looks the function up in the file.
pub(crate) fn check(file: &str, function: &str) -> Result<(), Refusal> {
    let source = read(file).map_err(Refusal::File)?;
    let defined: Vec<&str> = source.lines().filter_map(defined_name).collect();
    if defined.contains(&function) {
        return Ok(());
    }
    let known = if defined.is_empty() { "no functions".to_owned() } else { crate::names::list(&defined) };
    Err(Refusal::Function(format!(
        "`{file}` does not define `{function}`: it defines {known}; `function = \"…\"` names one"
    )))
}

/// The text of a file, whose path counts from the root of the crate.
pub(crate) fn read(file: &str) -> Result<String, String> {
    let root = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default();
    fs::read_to_string(Path::new(&root).join(file)).map_err(|error| {
        format!("`{file}` cannot be read: {error}; its path counts from the root of the crate")
    })
}

/// The name that a line at the top level of a source defines.
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
