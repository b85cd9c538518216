//! Steps that run in the process of a test: mocks, and the functions of components.

use kfp_model::{StandIn, StepFailure, StepInput};

use super::definition::ComponentDefinition;
use crate::runtime::{Result, Step, catch_panic, run_step_in_process};

/// Returns a stand-in that runs a mock. Artifacts that the mock does not write become empty files. A panic of the mock
/// propagates to the test.
pub fn stand_in(
    definition: &'static ComponentDefinition,
    mut mock: impl FnMut(&mut Step<'_>) -> Result<()> + 'static,
) -> StandIn {
    Box::new(move |input| {
        run(definition, input, &mut |step| {
            mock(step)?;
            step.write_missing_artifacts()
        })
    })
}

/// Returns a stand-in that runs the component's own function, if it is a Rust function.
pub(super) fn own_step(definition: &'static ComponentDefinition) -> Option<StandIn> {
    let function = definition.run?;
    Some(Box::new(move |input| run(definition, input, &mut |step| catch_panic(|| function(step)))))
}

fn run(
    definition: &ComponentDefinition,
    input: &StepInput<'_>,
    function: &mut dyn FnMut(&mut Step<'_>) -> Result<()>,
) -> std::result::Result<(), StepFailure> {
    let signature = (definition.describe)().signature();
    run_step_in_process(&signature, input.executor_input, input.secrets, input.retries, function)
        .map_err(|(code, message)| StepFailure { exit_code: code.into(), message })
}
