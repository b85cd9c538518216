//! `kfpc completions`: generates shell completions.

use clap::CommandFactory as _;

use crate::Outcome;
use crate::arguments::{Arguments, CompletionsArguments};
use crate::printer::Printer;

pub(crate) fn completions(arguments: &CompletionsArguments, printer: &Printer) -> Outcome {
    let mut command = Arguments::command();
    let name = command.get_name().to_owned();
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, name, &mut script);
    printer.data(&String::from_utf8_lossy(&script));
    Outcome::Success
}
