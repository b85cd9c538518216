//! Checks that the sources of Python steps fit into arguments of a container.

use kfp_argo::limits::ARGUMENT;
use kfp_diag::{Diagnostic, codes};
use kfp_model::Place;

use crate::lower::analyse::steps::Step;
use crate::shim;

/// Reports each step whose source, or modules and interface, are longer than an argument can be. `is_shared` is set if
/// calls pass everything as a single argument.
pub(in crate::lower) fn check(steps: &[Step<'_>], is_shared: bool) -> Vec<Diagnostic> {
    let length = |step: &Step<'_>| {
        let python = shim::python_step(step.component)?;
        if is_shared {
            return Some(shim::step_json(step.component, &python).len());
        }
        shim::step_arguments(step.component, &python).iter().map(String::len).max()
    };
    let lengths = steps.iter().filter_map(|step| Some((step, length(step)?)));
    lengths.filter(|(_, length)| *length > ARGUMENT).map(|(step, length)| too_long(step, length)).collect()
}

fn too_long(step: &Step<'_>, length: usize) -> Diagnostic {
    let place = &Place::root().key("components").key(&step.id.0);
    let name = &step.component.name;
    let message = format!(
        "the source of `{name}` requires an argument of {length} bytes, more than the limit of {ARGUMENT}"
    );
    Diagnostic::error(codes::LARGE_SOURCE, place, message)
        .label("it does not fit into an argument")
        .help("move code into a package in the image, or split the step")
}
