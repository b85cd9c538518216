//! Arguments of a run: from what people type to values of the declared types.
//!
//! Everything that is wrong with them is told at once, before anything starts.

use std::collections::BTreeMap;
use std::fmt;

use indexmap::IndexMap;
use kfp_model::{Input, Pipeline, Type};
use serde_json::{Map, Value};

use crate::artifact;
use crate::evaluate::{shown, with_floats};
use crate::spelling::nearest;

/// What is wrong with one argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArgumentProblem {
    /// The name of the argument.
    pub name: String,
    /// What is wrong, and what is expected.
    pub message: String,
}

impl fmt::Display for ArgumentProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// The arguments of a run, of texts as they are typed (`-p name=text`) and of values as files give them.
///
/// A text wins over a value of the same name. Texts are read by the declared type: text as it stands or as
/// `json:` and a JSON text, secrets as `NAME/KEY`, artifacts as a path or URI, everything else as JSON.
///
/// # Errors
/// Every argument that is missing, unknown or of another type than the declared one.
pub fn read_arguments(
    pipeline: &Pipeline,
    texts: &BTreeMap<String, String>,
    values: BTreeMap<String, Value>,
) -> Result<BTreeMap<String, Value>, Vec<ArgumentProblem>> {
    let mut problems = Vec::new();
    let mut arguments = values;
    for (name, text) in texts {
        match pipeline.inputs.get(name).map(|input| parse("argument", name, text, &input.r#type)) {
            Some(Ok(value)) => {
                arguments.insert(name.clone(), value);
            }
            // What could not be read is not to be told as missing as well.
            Some(Err(problem)) => {
                arguments.remove(name);
                problems.push(problem);
            }
            None => {
                arguments.insert(name.clone(), Value::String(text.clone()));
            }
        }
    }
    match check_pipeline(pipeline, arguments) {
        Ok(arguments) if problems.is_empty() => Ok(arguments),
        Ok(_) => Err(problems),
        Err(more) => {
            let unread: Vec<String> = problems.iter().map(|problem| problem.name.clone()).collect();
            problems.extend(more.into_iter().filter(|problem| !unread.contains(&problem.name)));
            problems.sort_by(|left, right| left.name.cmp(&right.name));
            Err(problems)
        }
    }
}

/// The value that somebody has typed for something of that type, as [`read_arguments`] reads texts.
///
/// ```
/// use kfp_model::Type;
/// use kfp_runner::read_value;
/// assert_eq!(read_value("epochs", &Type::Integer, "3").unwrap(), 3);
/// let problem = read_value("epochs", &Type::Integer, "many").unwrap_err();
/// assert_eq!(
///     problem.to_string(),
///     "the value `epochs` is `many`: a whole number of 64 bits, as `3`, is expected"
/// );
/// ```
///
/// # Errors
/// The text stands for no value of the type.
pub fn read_value(name: &str, r#type: &Type, text: &str) -> Result<Value, ArgumentProblem> {
    typed("value", name, r#type, text)
}

/// Likewise, for what is called by that noun.
pub(crate) fn typed(noun: &str, name: &str, r#type: &Type, text: &str) -> Result<Value, ArgumentProblem> {
    accept(noun, name, r#type, parse(noun, name, text, r#type)?)
}

/// All arguments of a run: the given ones, held against their types, and the defaults of the others.
pub(crate) fn check_pipeline(
    pipeline: &Pipeline,
    given: BTreeMap<String, Value>,
) -> Result<BTreeMap<String, Value>, Vec<ArgumentProblem>> {
    let owner = format!("the pipeline `{}`", pipeline.name);
    check(&Interface { noun: "argument", owner: &owner, inputs: &pipeline.inputs }, given)
}

/// What values are given to.
pub(crate) struct Interface<'a> {
    /// What one value is called.
    pub(crate) noun: &'static str,
    /// What all of them together are given to.
    pub(crate) owner: &'a str,
    pub(crate) inputs: &'a IndexMap<String, Input>,
}

/// All values: the given ones, held against their types, and the defaults of the others.
pub(crate) fn check(
    interface: &Interface<'_>,
    mut given: BTreeMap<String, Value>,
) -> Result<BTreeMap<String, Value>, Vec<ArgumentProblem>> {
    let noun = interface.noun;
    let mut problems = Vec::new();
    let mut arguments = BTreeMap::new();
    for (name, input) in interface.inputs {
        let value = match given.remove(name) {
            Some(Value::Null) if input.default.is_none() && input.r#type == Type::Any => Value::Null,
            Some(Value::Null) | None => match (&input.default, input.r#type.is_option()) {
                (Some(default), _) => default.clone(),
                (None, true) => Value::Null,
                (None, false) => {
                    let message =
                        format!("the {noun} `{name}` is missing: {} is expected", expected(&input.r#type));
                    problems.push(ArgumentProblem { name: name.clone(), message });
                    continue;
                }
            },
            Some(value) => value,
        };
        match accept(noun, name, &input.r#type, value) {
            Ok(value) => {
                arguments.insert(name.clone(), value);
            }
            Err(problem) => problems.push(problem),
        }
    }
    problems.extend(given.keys().map(|name| unknown(interface, name)));
    problems.sort_by(|left, right| left.name.cmp(&right.name));
    if problems.is_empty() { Ok(arguments) } else { Err(problems) }
}

fn parse(noun: &str, name: &str, text: &str, r#type: &Type) -> Result<Value, ArgumentProblem> {
    let wrong = || wrong_type(noun, name, r#type, &format!("`{text}`"));
    match r#type.present() {
        Type::Text | Type::Enum(_) | Type::Secret => match text.strip_prefix("json:") {
            Some(json) => serde_json::from_str(json).map_err(|error| ArgumentProblem {
                name: name.to_owned(),
                message: format!("the {noun} `{name}` has no JSON text after `json:` ({error})"),
            }),
            None if r#type.is_option() && text == "null" && *r#type.present() != Type::Text => {
                Ok(Value::Null)
            }
            None => Ok(Value::String(text.to_owned())),
        },
        Type::Artifact(_) => Ok(Value::String(text.to_owned())),
        Type::Boolean => match text {
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            "null" if r#type.is_option() => Ok(Value::Null),
            _ => Err(wrong()),
        },
        // Numbers are read as Argo's language reads them, which takes more forms than JSON has.
        Type::Integer | Type::Float if text == "null" => Ok(Value::Null),
        Type::Integer => text.parse::<i64>().map(Value::from).map_err(|_| wrong()),
        Type::Float => {
            let float = text.parse::<f64>().ok().and_then(serde_json::Number::from_f64);
            float.map(Value::Number).ok_or_else(wrong)
        }
        Type::Any | Type::List(_) | Type::Map(_) | Type::Struct(_) | Type::Option(_) => {
            serde_json::from_str(text).map_err(|_| wrong())
        }
    }
}

/// The value, if the type has it. Texts for artifacts become artifacts.
fn accept(noun: &str, name: &str, r#type: &Type, value: Value) -> Result<Value, ArgumentProblem> {
    if let (Type::Artifact(kind), Value::String(location)) = (r#type.present(), &value) {
        return artifact::from_location(name, kind, location, Map::new(), &artifact::Stores::new()).map_err(
            |reason| ArgumentProblem {
                name: name.to_owned(),
                message: format!("the artifact `{name}`: {reason}"),
            },
        );
    }
    if !r#type.accepts_value(&value) {
        return Err(wrong_type(noun, name, r#type, &shown(&value)));
    }
    Ok(with_floats(value, r#type))
}

fn wrong_type(noun: &str, name: &str, r#type: &Type, given: &str) -> ArgumentProblem {
    let message = format!("the {noun} `{name}` is {given}: {} is expected", expected(r#type));
    ArgumentProblem { name: name.to_owned(), message }
}

fn unknown(interface: &Interface<'_>, name: &str) -> ArgumentProblem {
    let Interface { noun, owner, inputs } = interface;
    let names: Vec<&str> = inputs.keys().map(String::as_str).collect();
    let advice = match nearest(name, &names) {
        Some(nearest) => format!("there is `{nearest}`"),
        None if names.is_empty() => "it takes none".to_owned(),
        None => format!("there are {}", quoted(&names)),
    };
    let message = format!("there is no {noun} `{name}` of {owner}: {advice}");
    ArgumentProblem { name: name.to_owned(), message }
}

/// What may be given, in words and with an example.
fn expected(r#type: &Type) -> String {
    match r#type {
        Type::Text => "a text".to_owned(),
        Type::Integer => "a whole number of 64 bits, as `3`,".to_owned(),
        Type::Float => "a number, as `0.5`,".to_owned(),
        Type::Boolean => "`true` or `false`".to_owned(),
        Type::Any => "a JSON text".to_owned(),
        Type::Secret => "the name of a secret and a key in it, as `NAME/KEY`,".to_owned(),
        Type::List(_) => format!("a JSON list (`{type}`)"),
        Type::Map(_) => format!("a JSON object (`{type}`)"),
        Type::Struct(structure) => {
            let names: Vec<&str> = structure.fields.keys().map(String::as_str).collect();
            format!("a JSON object (`{type}`) of {}", quoted(&names))
        }
        Type::Enum(choice) => {
            let variants: Vec<&str> = choice.variants.iter().map(String::as_str).collect();
            format!("one of {}", quoted(&variants))
        }
        Type::Option(inner) => format!("{} or nothing", expected(inner).trim_end_matches(',')),
        Type::Artifact(_) => format!("the path or URI of an artifact (`{type}`)"),
    }
}

pub(crate) fn quoted(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pipeline() -> Pipeline {
        serde_json::from_value(json!({
            "name": "train",
            "inputs": {
                "rate": {"type": "float", "default": 0.1},
                "epochs": {"type": "integer"},
                "name": {"type": "text", "default": ""},
                "note": {"type": {"option": "text"}},
                "quick": {"type": "boolean", "default": false},
                "sizes": {"type": {"list": "integer"}, "default": []},
                "mode": {"type": {"enum": {"name": "Mode", "variants": ["fast", "exact"]}}, "default": "fast"},
                "hook": {"type": "secret", "default": "slack/url"},
            },
            "root": {},
        }))
        .unwrap()
    }

    fn read(texts: &[(&str, &str)]) -> Result<BTreeMap<String, Value>, Vec<String>> {
        let texts = texts.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        read_arguments(&pipeline(), &texts, BTreeMap::new())
            .map_err(|problems| problems.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn texts_are_read_by_declared_type() {
        for (name, text, expect) in [
            ("rate", "1", json!(1.0)),
            ("rate", "9007199254740993", json!(9_007_199_254_740_992.0)),
            ("rate", "2e-3", json!(0.002)),
            ("rate", ".5", json!(0.5)),
            ("rate", "+5.", json!(5.0)),
            ("name", "plain text", json!("plain text")),
            ("name", "1", json!("1")),
            ("name", "null", json!("null")),
            ("name", r#"json:"\u007b{""#, json!("{{")),
            ("note", "json:null", json!(null)),
            ("note", "null", json!("null")),
            ("quick", "true", json!(true)),
            ("sizes", "[16, 32]", json!([16, 32])),
            ("mode", "exact", json!("exact")),
            ("hook", "teams/url", json!("teams/url")),
        ] {
            assert_eq!(read(&[("epochs", "3"), (name, text)]).unwrap()[name], expect, "{name}={text}");
        }
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let problems = read(&[
            ("rate", "abc"),
            ("quick", "yes"),
            ("sizes", "[1.5]"),
            ("mode", "slow"),
            ("hook", "slack"),
            ("nmae", "x"),
            ("name", "json:x"),
            ("something-else", "x"),
        ])
        .unwrap_err();
        let expect = [
            "the argument `epochs` is missing: a whole number of 64 bits, as `3`, is expected",
            "the argument `hook` is `\"slack\"`: the name of a secret and a key in it, as `NAME/KEY`, is expected",
            "the argument `mode` is `\"slow\"`: one of `fast`, `exact` is expected",
            "the argument `name` has no JSON text after `json:` (expected value at line 1 column 1)",
            "there is no argument `nmae` of the pipeline `train`: there is `name`",
            "the argument `quick` is `yes`: `true` or `false` is expected",
            "the argument `rate` is `abc`: a number, as `0.5`, is expected",
            "the argument `sizes` is `[1.5]`: a JSON list (`Vec<i64>`) is expected",
            "there is no argument `something-else` of the pipeline `train`: there are `epochs`, `hook`, \
             `mode`, `name`, `note`, `quick`, `rate`, `sizes`",
        ];
        assert_eq!(problems, expect);
    }
}
