//! Arguments of a run: parses the strings that users type into values of the declared types.
//!
//! All invalid arguments are reported together, before anything starts. A workflow checks its arguments in the same
//! way, by the expressions of its entry.

use std::collections::BTreeMap;
use std::fmt;

use indexmap::IndexMap;
use kfp_model::{Input, Pipeline, Type};
use serde_json::{Map, Value};

use crate::artifact;
use crate::evaluate::{shown, shown_text, with_floats};
use crate::mismatch::mismatch;
use crate::spelling::nearest;

/// The maximum number of nested lists and objects in a value, which is the limit of `serde_json`.
const MAX_DEPTH: usize = 127;

/// An invalid argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArgumentProblem {
    /// The name of the argument.
    pub name: String,
    /// What is invalid, and what is expected.
    pub message: String,
}

impl fmt::Display for ArgumentProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// Returns the arguments of a run, from strings on the command line (`-p name=text`) and values of parameter files.
///
/// A string wins over a value of the same name. It is parsed by the declared type: a string is taken as is, or as a
/// JSON string after `json:`; a secret is `NAME/KEY`, an artifact is a path or URI, and everything else is JSON. `null`
/// selects the default; for a string it is `json:null`.
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
        match pipeline.inputs.get(name).map(|input| read("argument", name, input, text)) {
            Some(Ok(value)) => {
                arguments.insert(name.clone(), value);
            }
            // An invalid argument is not reported as missing as well.
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

/// Parses a value of that type, like [`read_arguments`].
///
/// ```
/// use kfp_model::Type;
/// use kfp_runner::read_value;
/// assert_eq!(read_value("epochs", &Type::Integer, "3").unwrap(), 3);
/// let problem = read_value("epochs", &Type::Integer, "many").unwrap_err();
/// assert_eq!(problem.to_string(), "invalid value `epochs`: expected a 64-bit integer, found `many`");
/// ```
///
/// # Errors
/// The text is not a value of the type.
pub fn read_value(name: &str, r#type: &Type, text: &str) -> Result<Value, ArgumentProblem> {
    typed("value", name, r#type, text)
}

/// Like [`read_value`], with another noun in messages.
pub(crate) fn typed(noun: &str, name: &str, r#type: &Type, text: &str) -> Result<Value, ArgumentProblem> {
    read(noun, name, &Input { r#type: r#type.clone(), description: String::new(), default: None }, text)
}

/// Checks the arguments of a run against their types, and adds the defaults of the others.
pub(crate) fn check_pipeline(
    pipeline: &Pipeline,
    passed: BTreeMap<String, Value>,
) -> Result<BTreeMap<String, Value>, Vec<ArgumentProblem>> {
    let owner = format!("the pipeline `{}`", pipeline.name);
    check(&Interface { noun: "argument", owner: &owner, inputs: &pipeline.inputs }, passed)
}

/// The inputs that values are checked against.
pub(crate) struct Interface<'a> {
    /// The word for one value in messages.
    pub(crate) noun: &'static str,
    /// What the inputs belong to, in messages.
    pub(crate) owner: &'a str,
    pub(crate) inputs: &'a IndexMap<String, Input>,
}

/// Checks values against their types, and adds the defaults of the others.
pub(crate) fn check(
    interface: &Interface<'_>,
    mut passed: BTreeMap<String, Value>,
) -> Result<BTreeMap<String, Value>, Vec<ArgumentProblem>> {
    let noun = interface.noun;
    let mut problems = Vec::new();
    let mut arguments = BTreeMap::new();
    for (name, input) in interface.inputs {
        let value = match (passed.remove(name), &input.default) {
            (Some(Value::Null) | None, Some(default)) => default.clone(),
            (None, None) if input.r#type.is_option() => Value::Null,
            (None, None) => {
                let message = format!("missing {noun} `{name}`: expected {}", input.r#type.expectation());
                problems.push(ArgumentProblem { name: name.clone(), message });
                continue;
            }
            (Some(value), _) => value,
        };
        match accept(noun, name, &input.r#type, value) {
            Ok(value) => {
                arguments.insert(name.clone(), value);
            }
            Err(problem) => problems.push(problem),
        }
    }
    problems.extend(passed.keys().map(|name| unknown(interface, name)));
    problems.sort_by(|left, right| left.name.cmp(&right.name));
    if problems.is_empty() { Ok(arguments) } else { Err(problems) }
}

/// Parses the text of one argument. `null` selects the default.
fn read(noun: &str, name: &str, input: &Input, text: &str) -> Result<Value, ArgumentProblem> {
    let r#type = &input.r#type;
    let value = match (parse(text, r#type), &input.default) {
        (Some(Value::Null), Some(default)) => default.clone(),
        (Some(Value::String(location)), _) if r#type.artifact().is_some() => Value::String(location),
        (Some(value), _) if r#type.accepts_value(&value) => value,
        (None, _) if json_in(text, r#type).is_some_and(is_deep) => {
            let message =
                format!("invalid {noun} `{name}`: JSON is nested more than {MAX_DEPTH} levels deep");
            return Err(ArgumentProblem { name: name.to_owned(), message });
        }
        (value, _) => return Err(wrong_type(noun, name, r#type, &shown_text(text), value.as_ref())),
    };
    accept(noun, name, r#type, value)
}

/// Parses a string as JSON in the form of the type; the value need not be of the type. A workflow parses such texts in
/// the same way (`kfp-compiler/src/lower/build/entry.rs`).
fn parse(text: &str, r#type: &Type) -> Option<Value> {
    if let Some(json) = json_in(text, r#type) {
        return serde_json::from_str(json).ok();
    }
    match r#type.present() {
        Type::Enum(choice) if text == "null" && choice.variants.iter().all(|name| name != text) => {
            Some(Value::Null)
        }
        Type::Secret | Type::Boolean | Type::Integer | Type::Float | Type::Artifact(_) if text == "null" => {
            Some(Value::Null)
        }
        Type::String | Type::Enum(_) | Type::Secret | Type::Artifact(_) => {
            Some(Value::String(text.to_owned()))
        }
        Type::Boolean => text.parse().map(Value::Bool).ok(),
        // Numbers are parsed like those of Argo's expressions, which have more forms than JSON.
        Type::Integer => text.parse::<i64>().map(Value::from).ok(),
        Type::Float => text.parse::<f64>().ok().and_then(serde_json::Number::from_f64).map(Value::Number),
        // These are always JSON.
        Type::Any | Type::List(_) | Type::Map(_) | Type::Struct(_) | Type::Option(_) => None,
    }
}

/// Returns the JSON in the text of an argument of this type; `None` if the text is not JSON.
fn json_in<'t>(text: &'t str, r#type: &Type) -> Option<&'t str> {
    match r#type.present() {
        Type::String | Type::Enum(_) => text.strip_prefix("json:"),
        Type::Any | Type::List(_) | Type::Map(_) | Type::Struct(_) | Type::Option(_) => Some(text),
        Type::Secret | Type::Boolean | Type::Integer | Type::Float | Type::Artifact(_) => None,
    }
}

/// Returns whether JSON is nested deeper than values can be.
fn is_deep(text: &str) -> bool {
    let (mut depth, mut in_string, mut is_escaped) = (0_usize, false, false);
    text.bytes().any(|byte| {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_string => is_escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => depth += 1,
            b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > MAX_DEPTH
    })
}

/// Returns the value if the type accepts it. Locations of artifacts become artifacts.
fn accept(noun: &str, name: &str, r#type: &Type, value: Value) -> Result<Value, ArgumentProblem> {
    if let (Type::Artifact(kind), Value::String(location)) = (r#type.present(), &value) {
        return artifact::from_location(name, kind, location, Map::new(), &artifact::Stores::new()).map_err(
            |reason| ArgumentProblem {
                name: name.to_owned(),
                message: format!("invalid artifact `{name}`: {reason}"),
            },
        );
    }
    if !r#type.accepts_value(&value) {
        return Err(wrong_type(noun, name, r#type, &shown(&value), Some(&value)));
    }
    Ok(with_floats(value, r#type))
}

fn wrong_type(noun: &str, name: &str, r#type: &Type, found: &str, value: Option<&Value>) -> ArgumentProblem {
    let part = value.and_then(|value| mismatch(name, r#type, value));
    let part = part.map(|part| format!("; {part}")).unwrap_or_default();
    let expected = format!("invalid {noun} `{name}`: expected {}", r#type.expectation());
    let message = match r#type.present() {
        // The value may be the secret itself, passed by mistake.
        Type::Secret => expected,
        _ => format!("{expected}, found {found}{part}"),
    };
    ArgumentProblem { name: name.to_owned(), message }
}

fn unknown(interface: &Interface<'_>, name: &str) -> ArgumentProblem {
    let Interface { noun, owner, inputs } = interface;
    let names: Vec<&str> = inputs.keys().map(String::as_str).collect();
    let advice = match nearest(name, &names) {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None if names.is_empty() => "expected none".to_owned(),
        None => format!("expected one of {}", quoted(&names)),
    };
    let message = format!("unknown {noun} `{name}` of {owner}: {advice}");
    ArgumentProblem { name: name.to_owned(), message }
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
                "name": {"type": "string", "default": ""},
                "note": {"type": {"option": "string"}},
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
            ("quick", "null", json!(false)),
            ("rate", "null", json!(0.1)),
            ("mode", "null", json!("fast")),
            ("mode", "json:null", json!("fast")),
            ("mode", r#"json:"exact""#, json!("exact")),
            ("hook", "null", json!("slack/url")),
            ("name", "json:null", json!("")),
            ("sizes", " null ", json!([])),
            ("sizes", "[16, 32]", json!([16, 32])),
            ("mode", "exact", json!("exact")),
            ("hook", "teams/url", json!("teams/url")),
        ] {
            assert_eq!(read(&[("epochs", "3"), (name, text)]).unwrap()[name], expect, "{name}={text}");
        }
    }

    #[test]
    fn json_has_a_maximum_depth() {
        let any = |text: &str| read_value("data", &Type::Any, text).map_err(|problem| problem.to_string());
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(any(&nested(MAX_DEPTH)).is_ok());
        let problem = any(&nested(MAX_DEPTH + 1)).unwrap_err();
        assert_eq!(problem, "invalid value `data`: JSON is nested more than 127 levels deep");
        for text in ["[", &format!("[\"\\\"{}\"", "[".repeat(200))] {
            assert!(any(text).unwrap_err().contains("expected JSON"), "{text}");
        }
    }

    #[test]
    fn all_problems_are_reported_together() {
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
            "missing argument `epochs`: expected a 64-bit integer",
            "invalid argument `hook`: expected the name and key of a secret, such as `slack/url`",
            "invalid argument `mode`: expected one of `fast`, `exact`, found `slow`",
            "invalid argument `name`: expected a string, found `json:x`",
            "unknown argument `nmae` of the pipeline `train`: did you mean `name`?",
            "invalid argument `quick`: expected `true` or `false`, found `yes`",
            "invalid argument `rate`: expected a float, found `abc`",
            "invalid argument `sizes`: expected a JSON list of type `Vec<i64>`, found `[1.5]`; expected a \
             64-bit integer in `sizes[0]`, found `1.5`",
            "unknown argument `something-else` of the pipeline `train`: expected one of `epochs`, `hook`, `mode`, \
             `name`, `note`, `quick`, `rate`, `sizes`",
        ];
        assert_eq!(problems, expect);
    }
}
