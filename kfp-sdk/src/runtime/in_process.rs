//! Steps that run in the process of a test.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::result::Result as StdResult;

use super::error::{Error, Result};
use super::report::{Report, payload_message};
use super::retries::with_retries;
use super::run::perform;
use super::secret_values::Secrets;
use super::signature::StepSignature;
use super::step::Step;

/// Runs a function as a step in this process, for tests. A panic of the function propagates to the test.
///
/// `secrets` are the values of secret inputs by name, and `retries` is the number of earlier attempts.
///
/// # Errors
/// The step fails. The error is the exit code that the process of the step would have, and the message.
pub fn run_step_in_process(
    signature: &StepSignature,
    executor_input: &str,
    secrets: &BTreeMap<String, String>,
    retries: u32,
    function: &mut dyn FnMut(&mut Step<'_>) -> Result<()>,
) -> StdResult<(), (u8, String)> {
    let ended =
        with_retries(retries, || perform(signature, executor_input, Secrets::Values(secrets), function));
    ended.map_err(|error| {
        let report = Report::from(error);
        (report.exit_code(), report.message().to_owned())
    })
}

/// Runs a function and returns a panic as an error, as for a step in a separate process.
///
/// # Errors
/// The function fails or panics.
pub fn catch_panic(function: impl FnOnce() -> Result<()>) -> Result<()> {
    // The state of the step is not used after a panic.
    catch_unwind(AssertUnwindSafe(function)).unwrap_or_else(|payload| {
        let message = payload_message(&*payload).unwrap_or("a value that is not a string");
        Err(Error::unknown(format!("panicked: {message}")))
    })
}
