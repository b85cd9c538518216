//! `component`: runs one step.

use crate::Error;
use crate::build::Registry;
use crate::step::{self, Report};

/// Runs the step and gives the exit code of the program.
pub(super) fn run(registry: &Registry, name: &str, executor_input: &str) -> u8 {
    let named: Vec<_> = registry.components.iter().filter(|definition| definition.name == name).collect();
    let result = match named.as_slice() {
        [definition] => step::run(definition, executor_input),
        [] => Err(Report::from(Error::permanent(unknown(registry, name)))),
        [first, second, ..] => Err(Report::from(Error::permanent(format!(
            "two components are called `{name}`: at {} and at {}",
            first.location, second.location
        )))),
    };
    match result {
        Ok(()) => 0,
        Err(report) => {
            report.tell();
            report.exit_code()
        }
    }
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
