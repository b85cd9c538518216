//! The conformance set: pipelines with what is expected of them, for every backend to be held against.
//!
//! The program lists its cases, writes each as a pipeline document or as Argo YAML, tells what is expected of
//! it, and runs its steps. It is a program with pipelines like those of users, and needs no file beside it.

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
The conformance set of kfpc.

Usage:
  list                    print the names of all cases
  export CASE             print the pipeline document of a case
  argo CASE [--run N] [--image IMAGE] [--python-image IMAGE] [--pipeline-root URI] [--folder URI]
       [--lake HOST:PORT] [--lake-secret NAME]
                          print the workflow of a case, with the arguments of its run N (the first is 0), in
                          which the folder, or else the pipeline root, stands for that of the case; the store
                          `lake` is at a host, which takes the keys `accesskey` and `secretkey` of a secret
  expected [CASE]         print what is expected of a case, or of all, as JSON
  random [--seed N] [--count K]
                          print the documents of K random pipelines, the first of which has the seed N, with the
                          arguments of a run
  component NAME --executor_input JSON|@FILE
                          run a step
";

/// What the program of every user does.
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
            // There is nowhere left to say that standard error is closed.
            let _ = writeln!(io::stderr().lock(), "error: {message}");
            false
        }
    };
    if written { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn find(name: &str) -> Result<Case, String> {
    let case = cases::all().into_iter().find(|case| case.expected.name == name);
    case.ok_or_else(|| format!("there is no case `{name}`: see `list`"))
}

fn json(value: &impl serde::Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value).expect("expectations have text keys only");
    text.push('\n');
    text
}
