//! Steps inside of the process of a test: mocks, and the functions of components themselves.

use std::panic::{AssertUnwindSafe, catch_unwind};

use kfp_model::{StandIn, StepFailure, Told};

use super::report::text_of;
use super::retries::with_retries;
use super::run::perform;
use super::{Report, Result, Secrets, Step};
use crate::Error;
use crate::build::ComponentDefinition;

/// Makes steps of a mock. Artifacts that it does not write are empty files; a panic is the test's own.
pub fn stand_in(
    definition: &'static ComponentDefinition,
    mut mock: impl FnMut(&mut Step<'_>) -> Result<()> + 'static,
) -> StandIn {
    Box::new(move |told| {
        run(definition, told, &mut |step| {
            mock(step)?;
            step.fill_gaps()
        })
    })
}

/// Makes steps of the component's own function, if that is written in Rust. A panic is a failure, as it is in a
/// process of its own.
pub(crate) fn own_step(definition: &'static ComponentDefinition) -> Option<StandIn> {
    let function = definition.run?;
    Some(Box::new(move |told| {
        // Nothing that the step has touched is looked at after a panic.
        catch_unwind(AssertUnwindSafe(|| run(definition, told, &mut |step| function(step)))).unwrap_or_else(
            |payload| {
                let message = text_of(&*payload).unwrap_or("a value that is no text");
                Err(failure(&Report::from(Error::unknown(format!("panicked: {message}")))))
            },
        )
    }))
}

fn run(
    definition: &ComponentDefinition,
    told: &Told<'_>,
    function: &mut dyn FnMut(&mut Step<'_>) -> Result<()>,
) -> std::result::Result<(), StepFailure> {
    let secrets = Secrets::Given(told.secrets);
    let ended = with_retries(told.retries, || perform(definition, told.executor_input, secrets, function));
    ended.map_err(|error| failure(&Report::from(error)))
}

fn failure(report: &Report) -> StepFailure {
    StepFailure { exit_code: i32::from(report.exit_code()), message: report.message().to_owned() }
}
