//! Runs one step, from its executor input to its output files.

use std::fs;

use super::error::{Error, Result};
use super::executor_input::ExecutorInput;
use super::report::{Panic, Report};
use super::secret_values::Secrets;
use super::signature::StepSignature;
use super::step::Step;
use super::write::{remove, write_all};

/// Returns the executor input: the argument, or the content of the file if the argument is `@` and a path.
fn executor_input_of(argument: &str) -> Result<String> {
    let Some(path) = argument.strip_prefix('@') else { return Ok(argument.to_owned()) };
    fs::read_to_string(path)
        .map_err(|error| Error::permanent(format!("cannot read the executor input `{path}`: {error}")))
}

/// Runs a function as the step of this process.
///
/// `executor_input` is the JSON of the executor input, or `@` and the path of a file that contains it. A failure or
/// panic of the function is written to standard error and to the termination log.
///
/// ```no_run
/// use kfp_sdk::runtime::{Result, Step, StepSignature, run_step};
///
/// fn double(step: &mut Step<'_>) -> Result<()> {
///     let number: i64 = step.input("number")?;
///     step.returned_as("output", &(2 * number))
/// }
///
/// fn main() -> std::process::ExitCode {
///     let outputs = vec![("output".to_owned(), false)];
///     let signature = StepSignature { name: "double".to_owned(), outputs, ..StepSignature::default() };
///     let executor_input = std::env::args().nth(1).unwrap_or_default();
///     run_step(&signature, &executor_input, double).into()
/// }
/// ```
///
/// Returns the exit code, which depends on the class of a failure.
pub fn run_step(
    signature: &StepSignature,
    executor_input: &str,
    function: impl FnOnce(&mut Step<'_>) -> Result<()>,
) -> u8 {
    let mut function = Some(function);
    let mut once = |step: &mut Step<'_>| match function.take() {
        Some(function) => function(step),
        None => Ok(()),
    };
    let run = || perform(signature, &executor_input_of(executor_input)?, Secrets::Environment, &mut once);
    match Panic::catch(run) {
        Ok(Ok(())) => 0,
        Ok(Err(error)) => fail(error.into()),
        Err(panic) => fail(panic.into()),
    }
}

/// Reports the failure, and returns the exit code of its class.
fn fail(report: Report) -> u8 {
    report.write();
    report.exit_code()
}

/// Runs `function` as a step.
pub(super) fn perform(
    signature: &StepSignature,
    executor_input: &str,
    secrets: Secrets<'_>,
    function: &mut dyn FnMut(&mut Step<'_>) -> Result<()>,
) -> Result<()> {
    let input = ExecutorInput::parse(executor_input)?;
    let mut cleanup = Cleanup::new(&input, signature.outputs.iter().map(|(name, _)| name.as_str()));
    let mut step = Step::new(signature, &input, secrets);
    function(&mut step)?;
    write_all(&step.output_files()?)?;
    cleanup.keep = true;
    Ok(())
}

/// Removes the outputs of a step that fails or panics: files and folders at the paths of its outputs that did not exist
/// before.
struct Cleanup {
    paths: Vec<std::path::PathBuf>,
    keep: bool,
}

impl Cleanup {
    fn new<'n>(input: &ExecutorInput, outputs: impl Iterator<Item = &'n str>) -> Self {
        let mut paths = Vec::new();
        for name in outputs {
            paths.extend(input.output_file(name));
            paths.extend(input.output_path(name).ok().filter(|path| !path.exists()));
        }
        paths.extend(input.executor_output());
        Self { paths, keep: false }
    }
}

impl Drop for Cleanup {
    fn drop(&mut self) {
        if !self.keep {
            self.paths.iter().for_each(|path| remove(path));
        }
    }
}
