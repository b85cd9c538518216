//! The arguments of a pipeline binary. They are simple enough to parse without a library.

/// The command to run.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Command {
    /// The document of one pipeline, or of all of them.
    Export(Option<String>),
    List,
    Describe,
    Component {
        name: String,
        executor_input: String,
    },
    Help,
}

/// The output of `help`.
pub(super) const HELP: &str = "\
A pipeline binary built with the kfp SDK.

Commands:
  export [PIPELINE]                            print the document of one or all pipelines, for `kfpc`
  list                                         list pipelines and components
  describe                                     print the JSON Schema of the parameters of each pipeline
  component NAME --executor_input JSON|@FILE   run a step
  help                                         print this help
";

/// Parses the arguments, without the name of the binary.
pub(super) fn parse(arguments: &[String]) -> Result<Command, String> {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        [] => Err("missing command".to_owned()),
        ["help" | "--help" | "-h", ..] => Ok(Command::Help),
        ["export"] => Ok(Command::Export(None)),
        ["export", pipeline] => Ok(Command::Export(Some((*pipeline).to_owned()))),
        ["list"] => Ok(Command::List),
        ["describe"] => Ok(Command::Describe),
        ["component", name, rest @ ..] => {
            let executor_input = match rest {
                ["--executor_input", input] => *input,
                [only] => only.strip_prefix("--executor_input=").ok_or_else(component_usage)?,
                _ => return Err(component_usage()),
            };
            Ok(Command::Component { name: (*name).to_owned(), executor_input: executor_input.to_owned() })
        }
        ["component"] => Err(component_usage()),
        ["export", _, more, ..] | ["list" | "describe", more, ..] => {
            Err(format!("unexpected argument `{more}`"))
        }
        [unknown, ..] => Err(format!("unknown command `{unknown}`")),
    }
}

fn component_usage() -> String {
    "expected `component NAME --executor_input JSON`".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_parsed() {
        let component = |input: &str| {
            Ok(Command::Component { name: "train".to_owned(), executor_input: input.to_owned() })
        };
        let error = |message: &str| Err(message.to_owned());
        for (arguments, expect) in [
            (&["export"][..], Ok(Command::Export(None))),
            (&["export", "train"], Ok(Command::Export(Some("train".to_owned())))),
            (&["list"], Ok(Command::List)),
            (&["describe"], Ok(Command::Describe)),
            (&["-h"], Ok(Command::Help)),
            (&["component", "train", "--executor_input", "@x"], component("@x")),
            (&["component", "train", "--executor_input={}"], component("{}")),
            (&["component", "train"], error("expected `component NAME --executor_input JSON`")),
            (&["component"], error("expected `component NAME --executor_input JSON`")),
            (&["export", "x", "y"], error("unexpected argument `y`")),
            (&["list", "x"], error("unexpected argument `x`")),
            (&["run"], error("unknown command `run`")),
            (&[], error("missing command")),
        ] {
            let owned: Vec<String> = arguments.iter().map(|text| (*text).to_owned()).collect();
            assert_eq!(parse(&owned), expect, "{arguments:?}");
        }
    }
}
