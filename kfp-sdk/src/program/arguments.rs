//! The arguments of a user's program. There are too few for a parser from elsewhere.

/// What the program is asked for.
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

/// The text that `help` prints.
pub(super) const HELP: &str = "\
Pipelines and their steps, made with the kfp SDK.

Usage:
  export [PIPELINE]                            print the document of a pipeline, or of all, for `kfpc`
  list                                         print the names of pipelines and components
  describe                                     print the JSON Schema of each pipeline's parameters
  component NAME --executor_input JSON|@FILE   run a step
  help                                         print this text
";

/// Reads the arguments, without the name of the program.
pub(super) fn parse(arguments: &[String]) -> Result<Command, String> {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        [] => Err("a command is missing".to_owned()),
        ["help" | "--help" | "-h", ..] => Ok(Command::Help),
        ["export"] => Ok(Command::Export(None)),
        ["export", pipeline] => Ok(Command::Export(Some((*pipeline).to_owned()))),
        ["list"] => Ok(Command::List),
        ["describe"] => Ok(Command::Describe),
        ["component", name, rest @ ..] => {
            let executor_input = match rest {
                ["--executor_input", input] => *input,
                [only] => only.strip_prefix("--executor_input=").ok_or_else(wrong_step)?,
                _ => return Err(wrong_step()),
            };
            Ok(Command::Component { name: (*name).to_owned(), executor_input: executor_input.to_owned() })
        }
        ["component"] => Err(wrong_step()),
        ["export", _, more, ..] | ["list" | "describe", more, ..] => {
            Err(format!("unexpected argument `{more}`"))
        }
        [unknown, ..] => Err(format!("there is no command `{unknown}`")),
    }
}

fn wrong_step() -> String {
    "a step is run by `component NAME --executor_input JSON`".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_read() {
        let component = |input: &str| {
            Ok(Command::Component { name: "train".to_owned(), executor_input: input.to_owned() })
        };
        let refused = |message: &str| Err(message.to_owned());
        for (arguments, expect) in [
            (&["export"][..], Ok(Command::Export(None))),
            (&["export", "train"], Ok(Command::Export(Some("train".to_owned())))),
            (&["list"], Ok(Command::List)),
            (&["describe"], Ok(Command::Describe)),
            (&["-h"], Ok(Command::Help)),
            (&["component", "train", "--executor_input", "@x"], component("@x")),
            (&["component", "train", "--executor_input={}"], component("{}")),
            (&["component", "train"], refused("a step is run by `component NAME --executor_input JSON`")),
            (&["component"], refused("a step is run by `component NAME --executor_input JSON`")),
            (&["export", "x", "y"], refused("unexpected argument `y`")),
            (&["list", "x"], refused("unexpected argument `x`")),
            (&["run"], refused("there is no command `run`")),
            (&[], refused("a command is missing")),
        ] {
            let owned: Vec<String> = arguments.iter().map(|text| (*text).to_owned()).collect();
            assert_eq!(parse(&owned), expect, "{arguments:?}");
        }
    }
}
