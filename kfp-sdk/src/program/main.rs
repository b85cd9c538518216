//! From arguments to an exit code.

use std::process::ExitCode;

use super::arguments::{Command, HELP, parse};
use super::{component, describe, export, list, printing};
use crate::builder::Registry;

/// What the pipelines are wrong with, or the run failed.
const WRONG: u8 = 1;
/// What the program was called wrongly with.
const USAGE: u8 = 2;

/// Runs the command line of a program; `kfp_sdk::main!()` calls it.
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
        Ok(text) => printing::data(&text).map_or(ExitCode::from(WRONG), |()| ExitCode::SUCCESS),
        Err(message) => {
            printing::error(&message);
            ExitCode::from(WRONG)
        }
    }
}
