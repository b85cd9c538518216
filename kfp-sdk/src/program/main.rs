//! The entry point: parses the arguments and runs the command.

use std::process::ExitCode;

use super::arguments::{Command, HELP, parse};
use super::{component, describe, export, list, printing};
use crate::builder::Registry;

/// The exit code if a command fails.
const FAILURE: u8 = 1;
/// The exit code for invalid arguments.
const USAGE: u8 = 2;

/// Runs the command line of a pipeline binary; `kfp_sdk::main!()` calls it.
pub fn main(arguments: impl IntoIterator<Item = String>) -> ExitCode {
    let arguments: Vec<String> = arguments.into_iter().skip(1).collect();
    let command = match parse(&arguments) {
        Ok(command) => command,
        Err(message) => {
            printing::error(&format!("{message}\n\n{HELP}"));
            return ExitCode::from(USAGE);
        }
    };
    let registry = Registry::of_program();
    let text = match command {
        Command::Help => Ok(HELP.to_owned()),
        Command::Component { name, executor_input } => {
            return ExitCode::from(component::run(&registry, &name, &executor_input));
        }
        Command::Export(pipeline) => export::text(&registry, pipeline.as_deref()),
        Command::List => list::text(&registry),
        Command::Describe => describe::text(&registry),
    };
    match text {
        Ok(text) => printing::data(&text).map_or(ExitCode::from(FAILURE), |()| ExitCode::SUCCESS),
        Err(message) => {
            printing::error(&message);
            ExitCode::from(FAILURE)
        }
    }
}
