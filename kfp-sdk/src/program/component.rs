//! `component`: runs one step.

use crate::builder::Registry;
use crate::runtime::{Error, StepSignature, run_step};

/// Runs the step and returns the exit code.
pub(super) fn run(registry: &Registry, name: &str, executor_input: &str) -> u8 {
    let named: Vec<_> = registry.components.iter().filter(|definition| definition.name == name).collect();
    let message = match named.as_slice() {
        [definition] => match definition.run {
            Some(function) => {
                return run_step(&(definition.describe)().signature(), executor_input, function);
            }
            None => format!("component `{name}` is not a Rust function"),
        },
        [] => unknown(registry, name),
        [first, second, ..] => {
            format!("duplicate component `{name}`: defined at {} and at {}", first.location, second.location)
        }
    };
    run_step(&StepSignature::default(), "{}", |_| Err(Error::permanent(message)))
}

fn unknown(registry: &Registry, name: &str) -> String {
    let mut known: Vec<String> = registry
        .components
        .iter()
        .filter(|definition| definition.run.is_some())
        .map(|definition| format!("`{}`", definition.name))
        .collect();
    known.dedup();
    if known.is_empty() {
        return format!(
            "unknown component `{name}`: this binary contains no components that are Rust functions"
        );
    }
    format!("unknown component `{name}`, expected one of {}", known.join(", "))
}
