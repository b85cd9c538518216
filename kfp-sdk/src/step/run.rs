//! Running one step, from its executor input to its output files.

use std::fs;

use super::executor_input::ExecutorInput;
use super::write::{remove, write_all};
use super::{Error, Panic, Report, Result, Secrets, Step};
use crate::build::ComponentDefinition;

/// The text of the executor input: the argument itself, or what is in the file that it names after `@`.
pub(crate) fn executor_input_of(argument: &str) -> Result<String> {
    let Some(path) = argument.strip_prefix('@') else { return Ok(argument.to_owned()) };
    fs::read_to_string(path)
        .map_err(|error| Error::permanent(format!("the executor input `{path}` cannot be read: {error}")))
}

/// Runs the step of a component.
pub(crate) fn run(definition: &ComponentDefinition, argument: &str) -> std::result::Result<(), Report> {
    Panic::catch(|| run_caught(definition, argument))?.map_err(Report::from)
}

fn run_caught(definition: &ComponentDefinition, argument: &str) -> Result<()> {
    let Some(function) = definition.run else {
        return Err(Error::permanent(format!("`{}` is no Rust function", definition.name)));
    };
    perform(definition, &executor_input_of(argument)?, Secrets::Environment, &mut |step| function(step))
}

/// Runs `function` as a step of the component.
pub(super) fn perform(
    definition: &ComponentDefinition,
    executor_input: &str,
    secrets: Secrets<'_>,
    function: &mut dyn FnMut(&mut Step<'_>) -> Result<()>,
) -> Result<()> {
    let input = ExecutorInput::parse(executor_input)?;
    let component = (definition.describe)().component;
    let mut leavings = Leavings::watch(&input, component.outputs.keys().map(String::as_str));
    let mut step = Step::new(&component, &input, secrets);
    function(&mut step)?;
    write_all(&step.output_files()?)?;
    leavings.keep = true;
    Ok(())
}

/// What a step that fails, in whatever way, must not leave behind: files and folders under the names of its
/// outputs that were not there before.
struct Leavings {
    paths: Vec<std::path::PathBuf>,
    keep: bool,
}

impl Leavings {
    fn watch<'n>(input: &ExecutorInput, outputs: impl Iterator<Item = &'n str>) -> Self {
        let mut paths = Vec::new();
        for name in outputs {
            paths.extend(input.output_file(name));
            paths.extend(input.output_path(name).ok().filter(|path| !path.exists()));
        }
        paths.extend(input.executor_output());
        Self { paths, keep: false }
    }
}

impl Drop for Leavings {
    fn drop(&mut self) {
        if !self.keep {
            self.paths.iter().for_each(|path| remove(path));
        }
    }
}
