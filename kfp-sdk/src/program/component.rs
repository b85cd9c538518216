//! `component`: runs one step.

use crate::builder::Registry;
use crate::runtime::{Error, StepSignature, run_step};

/// Runs the step and gives the exit code of the program.
pub(super) fn run(registry: &Registry, name: &str, executor_input: &str) -> u8 {
    let named: Vec<_> = registry.components.iter().filter(|definition| definition.name == name).collect();
    let message = match named.as_slice() {
        [definition] => match definition.run {
            Some(function) => {
                return run_step(&(definition.describe)().signature(), executor_input, function);
            }
            None => format!("`{name}` is no Rust function"),
        },
        [] => unknown(registry, name),
        [first, second, ..] => {
            format!("two components are called `{name}`: at {} and at {}", first.location, second.location)
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
        return format!("there is no component `{name}`: this program has none that are Rust functions");
    }
    format!("there is no component `{name}` in this program, which has {}", known.join(", "))
}
