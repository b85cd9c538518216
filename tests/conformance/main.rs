//! The conformance set: pipelines and their expectations, which every backend must meet.
//!
//! The binary lists its cases, prints each as a pipeline document or as Argo YAML, prints the expectations, and
//! runs the steps. It is an ordinary pipeline binary and needs no other files.

mod argo;
mod case;
mod cases;
mod components;
mod edit;
mod random;

use std::io::{self, Write as _};
use std::process::ExitCode;

use case::Case;

const HELP: &str = "\
The conformance set of kfpc

Usage:
  list                    print the names of all cases
  export CASE             print the pipeline document of a case
  argo CASE [--run N] [--image IMAGE] [--python-image IMAGE] [--pipeline-root URI] [--folder URI]
                          print the workflow of a case with the arguments of run N (default 0); the folder, by
                          default the pipeline root, replaces the folder of the case; the store `lake` is at
                          HOST:PORT, with the keys `accesskey` and `secretkey` of the secret
  expected [CASE]         print the expectations of a case, or of all cases, as JSON
  random [--seed N] [--count K]
                          print the documents of K random pipelines with the arguments of a run; the first one
                          has seed N
  component NAME --executor_input JSON|@FILE
                          run a step
";

/// The `main` function of every pipeline binary.
mod program {
    kfp_sdk::main!();

    pub(super) fn run() -> std::process::ExitCode {
        main()
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let text = match arguments.as_slice() {
        ["list"] => Ok(cases::all().iter().map(|case| format!("{}\n", case.expected.name)).collect()),
        ["export", name] => find(name).map(|case| (case.definition)().to_json()),
        ["expected"] => {
            let all: Vec<_> = cases::all().into_iter().map(|case| case.expected).collect();
            Ok(json(&all))
        }
        ["expected", name] => find(name).map(|case| json(&case.expected)),
        ["argo", name, options @ ..] => find(name).and_then(|case| argo::workflow(&case, options)),
        ["random", options @ ..] => random::documents(options),
        [] | ["help" | "--help" | "-h"] => Ok(HELP.to_owned()),
        _ => return program::run(),
    };
    let written = match &text {
        Ok(text) => io::stdout().lock().write_all(text.as_bytes()).is_ok(),
        Err(message) => {
            // If standard error is closed, the message cannot be shown anywhere.
            let _ = writeln!(io::stderr().lock(), "error: {message}");
            false
        }
    };
    if written { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn find(name: &str) -> Result<Case, String> {
    let case = cases::all().into_iter().find(|case| case.expected.name == name);
    case.ok_or_else(|| format!("unknown case `{name}`; `list` prints all cases"))
}

fn json(value: &impl serde::Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value).expect("expectations only have string keys");
    text.push('\n');
    text
}
