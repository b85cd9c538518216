//! Steps inside of the process of a test: mocks, and the functions of components themselves.

use kfp_model::{StandIn, StepFailure, StepInput};

use super::definition::ComponentDefinition;
use crate::runtime::{Result, Step, catch_panic, rehearse_step};

/// Makes steps of a mock. Artifacts that it does not write are empty files; a panic is the test's own.
pub fn stand_in(
    definition: &'static ComponentDefinition,
    mut mock: impl FnMut(&mut Step<'_>) -> Result<()> + 'static,
) -> StandIn {
    Box::new(move |input| {
        run(definition, input, &mut |step| {
            mock(step)?;
            step.fill_gaps()
        })
    })
}

/// Makes steps of the component's own function, if that is written in Rust.
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
    rehearse_step(&signature, input.executor_input, input.secrets, input.retries, function)
        .map_err(|(code, message)| StepFailure { exit_code: code.into(), message })
}
