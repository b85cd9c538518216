//! Steps inside of the process of a test.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::result::Result as StdResult;

use super::error::{Error, Result};
use super::report::{Report, text_of};
use super::retries::with_retries;
use super::run::perform;
use super::secret_values::Secrets;
use super::signature::StepSignature;
use super::step::Step;

/// Runs a function as a step inside of this process, for tests. A panic is the test's own.
///
/// `secrets` are the values of secret inputs by name, and `retries` is the number of earlier attempts.
///
/// # Errors
/// The exit code that the step's process would have, and the message.
pub fn rehearse_step(
    signature: &StepSignature,
    executor_input: &str,
    secrets: &BTreeMap<String, String>,
    retries: u32,
    function: &mut dyn FnMut(&mut Step<'_>) -> Result<()>,
) -> StdResult<(), (u8, String)> {
    let ended =
        with_retries(retries, || perform(signature, executor_input, Secrets::Given(secrets), function));
    ended.map_err(|error| {
        let report = Report::from(error);
        (report.exit_code(), report.message().to_owned())
    })
}

/// Runs a function whose panic is a failure, as it is in a process of its own.
///
/// # Errors
/// The function fails or panics.
pub fn catch_panic(function: impl FnOnce() -> Result<()>) -> Result<()> {
    // Nothing that the step has touched is looked at after a panic.
    catch_unwind(AssertUnwindSafe(function)).unwrap_or_else(|payload| {
        let message = text_of(&*payload).unwrap_or("a value that is not a string");
        Err(Error::unknown(format!("panicked: {message}")))
    })
}
