//! The parameters of the workflow: those of the pipeline, and those that all its steps have in common.

use kfp_argo::Parameter;
use kfp_model::Implementation;

use crate::lower::analyse::facts::Facts;
use crate::lower::analyse::steps::Step;
use crate::lower::build::entry;
use crate::shim;

/// The parameter of the workflow that invalidates all caches when it is raised.
pub(in crate::lower) const CACHE_EPOCH: &str = "cache-epoch";
/// The parameter of the workflow that holds the program around Python steps.
pub(in crate::lower) const SHIM: &str = "kfp-shim";

/// All parameters, with their defaults.
pub(in crate::lower) fn of(steps: &[Step<'_>], facts: &Facts<'_, '_>) -> Vec<Parameter> {
    let pipeline = facts.program.root().pipeline();
    let given = &facts.options.arguments;
    let mut parameters: Vec<Parameter> =
        pipeline.inputs.iter().map(|(name, input)| entry::argument(name, input, given.get(name))).collect();
    if steps.iter().any(|step| step.policy.cache.is_some()) {
        parameters.push(Parameter::with_value(CACHE_EPOCH, "0"));
    }
    if steps.iter().any(|step| {
        matches!(step.component.implementation, Implementation::Python(_) | Implementation::Notebook(_))
    }) {
        parameters.push(Parameter::with_value(SHIM, shim::SOURCE));
    }
    parameters
}
