//! The command line: arguments → settings → one function for each command.
//!
//! Data goes to standard output, everything else to standard error. Exit codes: 0 success, 1 the pipeline has errors or
//! the run failed, 2 invalid usage or environment, 128 plus the number of the signal if a signal cancelled a run.

mod advice;
mod arguments;
mod ask;
mod bind;
mod codes;
mod commands;
mod document;
mod files;
mod history;
mod inspect;
mod keywords;
mod marks;
mod misnamed;
mod package;
mod printer;
mod program;
mod progress;
mod python;
mod report;
mod reported;
mod reporter;
mod revision;
mod rustc;
mod settings;
mod signals;
mod source;
mod stores;
mod summary;
mod table;

use std::process::ExitCode;

use clap::Parser;
use mimalloc::MiMalloc;

use crate::arguments::{Arguments, Command};
use crate::printer::Printer;

/// Documents consist of many small nodes: checking and compiling large ones is a third faster with this allocator.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Success,
    /// The pipeline has errors, or the run failed.
    Failed,
    /// The command could not do its work, for a reason that is already reported.
    Reported,
    /// The run was cancelled by the signal with this number.
    Signalled(u8),
}

fn main() -> ExitCode {
    // This program is also the supervisor of steps, if its first argument says so.
    if let Some(code) = kfp_runner::supervise() {
        return code;
    }
    let arguments = Arguments::parse();
    let printer = Printer::new(arguments.color.into(), arguments.quiet, arguments.verbose);
    let outcome = dispatch(arguments.command, &printer).unwrap_or_else(|error| {
        reported::outcome_of(&error).unwrap_or_else(|| {
            printer.error(&error);
            Outcome::Reported
        })
    });
    match outcome {
        Outcome::Success => ExitCode::SUCCESS,
        Outcome::Failed => ExitCode::from(1),
        Outcome::Reported => ExitCode::from(2),
        Outcome::Signalled(number) => ExitCode::from(128_u8.saturating_add(number)),
    }
}

fn dispatch(command: Command, printer: &Printer) -> anyhow::Result<Outcome> {
    match command {
        Command::New(arguments) => commands::new(&arguments, printer),
        Command::Compile(arguments) => commands::compile(&arguments, printer),
        Command::Check(arguments) => commands::check(&arguments, printer),
        Command::Plan(arguments) => commands::plan(&arguments, printer),
        Command::Run(arguments) => commands::run(*arguments, printer),
        Command::Graph(arguments) => commands::graph(&arguments, printer),
        Command::Describe(arguments) => commands::describe(&arguments, printer),
        Command::Diff(arguments) => commands::diff(&arguments, printer),
        Command::Bind(arguments) => commands::bind(&arguments, printer),
        Command::Explain(arguments) => commands::explain(&arguments, printer),
        Command::Runs(arguments) => commands::runs(&arguments, printer),
        Command::Cache(arguments) => commands::cache(&arguments, printer),
        Command::Schema(arguments) => commands::schema(&arguments, printer),
        Command::Completions(arguments) => Ok(commands::completions(&arguments, printer)),
    }
}
