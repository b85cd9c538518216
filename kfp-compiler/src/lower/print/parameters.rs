//! The parameters of the workflow: those of the pipeline, and those that all steps share.

use kfp_argo::Parameter;
use kfp_model::Implementation;

use crate::lower::analyse::facts::Facts;
use crate::lower::analyse::steps::Step;
use crate::lower::build::entry;
use crate::shim;

/// The parameter of the workflow that invalidates all caches when it is changed.
pub(in crate::lower) const CACHE_EPOCH: &str = "cache-epoch";
/// The parameter of the workflow that contains the shim of Python steps.
pub(in crate::lower) const SHIM: &str = "kfp-shim";

/// Returns all parameters with their defaults.
pub(in crate::lower) fn of(steps: &[Step<'_>], facts: &Facts<'_, '_>) -> Vec<Parameter> {
    let pipeline = facts.program.root().pipeline();
    let arguments = &facts.options.arguments;
    let mut parameters: Vec<Parameter> = pipeline
        .inputs
        .iter()
        .map(|(name, input)| entry::argument(name, input, arguments.get(name)))
        .collect();
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
