//! Reads Python with the interpreter that runs the steps. Sources are parsed and never executed.

mod description;
mod interpreter;

use std::path::Path;

pub(crate) use description::{Annotation, Argument, Description, Field, Function, Structure};
pub(crate) use interpreter::ask;

/// The functions that describe a source.
const DESCRIBE: &str = include_str!("describe.py");
/// The program that describes the source on standard input, after [`DESCRIBE`].
const BIND: &str = include_str!("bind.py");
/// The functions that parse the cells of notebooks, after [`DESCRIBE`].
const CELLS: &str = include_str!("cells.py");
/// The program that inspects the sources of a document, after [`DESCRIBE`] and [`CELLS`].
const INSPECT: &str = include_str!("inspect.py");

/// Describes the functions and classes of a source.
pub(crate) fn describe(interpreter: &Path, source: Vec<u8>) -> anyhow::Result<Description> {
    let help = "pass the path of Python with `--python PATH`";
    ask(interpreter, &format!("{DESCRIBE}\n\n{BIND}"), source, help)
}

/// Returns the program that inspects the sources of a document.
pub(crate) fn inspection() -> String {
    format!("{DESCRIBE}\n\n{CELLS}\n\n{INSPECT}")
}
