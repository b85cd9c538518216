//! The entry of the workflow, which checks and encodes the arguments before anything starts.
//!
//! The runner parses arguments in the same way (`kfp-runner/src/arguments.rs`).

use kfp_argo::Parameter;
use kfp_argo::expression::Expression;
use kfp_argo::text::Text;
use kfp_model::value::encode;
use kfp_model::{EnumType, Input, SECRET_PATTERN, Type};
use serde_json::Value;

use crate::lower::build::scope::Source;
use crate::lower::build::typed_json::{self, fits, is_finite};
use crate::lower::plan::terms::{constant, fail, prose, protect, to_json};

/// A float in the syntax that both Rust and Go accept.
const FLOAT: &str = "^[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?$";
/// The maximum number of characters of an invalid text in a message.
const SHOWN: usize = 80;

/// Returns the workflow parameter for an input of the pipeline, with its default. `value` overrides the default.
pub(in crate::lower) fn argument(name: &str, input: &Input, value: Option<&Value>) -> Parameter {
    let default = value.or(input.default.as_ref()).cloned();
    let default = default.or_else(|| input.r#type.is_option().then_some(Value::Null));
    Parameter {
        name: name.to_owned(),
        description: (!input.description.is_empty()).then(|| prose(&input.description)),
        value: default.map(|value| argument_text(&value, &input.r#type).into()),
        ..Parameter::default()
    }
}

/// Returns a value in the form that users write arguments in: a string without quotes if it is unambiguous, else JSON.
pub(crate) fn argument_text(value: &Value, r#type: &Type) -> String {
    let is_text = matches!(r#type.present(), Type::String | Type::Secret | Type::Enum(_));
    match value {
        Value::String(uri) if r#type.artifact().is_some() => uri.clone(),
        Value::String(text) if is_text => {
            let plain = text.chars().all(|character| (' '..='~').contains(&character));
            if plain && !text.contains("{{") && !text.contains('$') && !text.starts_with("json:") {
                text.clone()
            } else {
                format!("json:{}", encode(value))
            }
        }
        Value::Null if reads_null_as_string(r#type.present()) => "json:null".to_owned(),
        value => encode(value),
    }
}

/// Whether the argument `null` is the string `null`, not an absent value.
fn reads_null_as_string(r#type: &Type) -> bool {
    match r#type {
        Type::String => true,
        Type::Enum(choice) => choice.variants.iter().any(|variant| variant == "null"),
        _ => false,
    }
}

/// Returns the tag that checks the argument of a pipeline against its type and returns its JSON text.
pub(in crate::lower) fn encoded(source: &Source, name: &str, input: &Input) -> Text {
    let argument =
        ExternalText { default: input.default.as_ref(), ..ExternalText::of("argument", name, &input.r#type) };
    argument.checked(&source.expression()).into()
}

/// A string from outside the run that is checked against a type.
pub(in crate::lower) struct ExternalText<'t> {
    /// What messages call the text.
    noun: &'static str,
    name: &'t str,
    r#type: &'t Type,
    /// The value that replaces `null`.
    default: Option<&'t Value>,
}

impl<'t> ExternalText<'t> {
    /// Creates a string without a default.
    pub(in crate::lower) fn of(noun: &'static str, name: &'t str, r#type: &'t Type) -> Self {
        Self { noun, name, r#type, default: None }
    }

    /// Returns the expression that converts the text into JSON, and fails if the text does not have the type.
    pub(in crate::lower) fn checked(&self, text: &Expression) -> Expression {
        let value = self.present(text);
        let absent = match (self.default, self.r#type) {
            (Some(Value::String(secret)), Type::Secret) => secret.as_str().into(),
            (Some(default), _) => constant(default),
            (None, Type::Option(_) | Type::Any) => "null".into(),
            (None, _) => return value,
        };
        self.is_null(text).then_else(absent, value)
    }

    /// Returns the condition that the text is an absent value.
    fn is_null(&self, text: &Expression) -> Expression {
        let json = r"json:[ \t\n\r]*null[ \t\n\r]*";
        match self.r#type.present() {
            r#type @ (Type::String | Type::Enum(_)) if reads_null_as_string(r#type) => {
                text.clone().matches(format!("^{json}$"))
            }
            Type::String | Type::Enum(_) => text.clone().matches(format!("^(null|{json})$")),
            Type::Secret | Type::Integer | Type::Float | Type::Boolean => text.clone().equal("null".into()),
            _ => text.clone().matches(r"^[ \t\n\r]*null[ \t\n\r]*$"),
        }
    }

    /// Returns the expression for the JSON text of a present value.
    fn present(&self, text: &Expression) -> Expression {
        let (r#type, refused) = (self.r#type.present(), self.refused(text));
        match r#type {
            Type::String => string(text, refused),
            Type::Integer => {
                let digits = Expression::call("string", [Expression::call("int", [text.clone()])]);
                is_integer(text).then_else(digits, refused)
            }
            Type::Float => {
                let number = to_json(Expression::call("float", [text.clone()]));
                text.clone().matches(FLOAT).and(is_finite(text)).then_else(number, refused)
            }
            Type::Boolean => {
                let is_boolean = text.clone().is_in(Expression::list(["true".into(), "false".into()]));
                is_boolean.then_else(text.clone(), refused)
            }
            Type::Enum(choice) => variant(text, choice, refused),
            Type::Secret => {
                text.clone().matches(format!("^{SECRET_PATTERN}$")).then_else(text.clone(), refused)
            }
            // The text is not re-encoded, so that no number loses digits.
            Type::Any
            | Type::List(_)
            | Type::Map(_)
            | Type::Struct(_)
            | Type::Option(_)
            | Type::Artifact(_) => fits(r#type, text).then_else(protect(text.clone()), refused),
        }
    }

    /// Returns the expression that fails with a message about the text.
    fn refused(&self, text: &Expression) -> Expression {
        let Self { noun, name, r#type, .. } = self;
        let message = format!("invalid {noun} `{name}`: expected {}", r#type.expectation());
        if *r#type.present() == Type::Secret {
            // The invalid text may be the secret itself, passed by mistake.
            return fail(message.into());
        }
        let found = Expression::text(format!("{message}, found `"));
        fail(found.plus(shown(text.clone())).plus("`".into()))
    }
}

/// Returns the truncated text for a message.
pub(in crate::lower) fn shown(text: Expression) -> Expression {
    let start = format!("(?s)^(.{{{SHOWN}}}).+$");
    Expression::library_call("sprig", "regexReplaceAll", [start.into(), text, "$1…".into()])
}

/// Converts a plain string, or a JSON string after `json:`.
fn string(text: &Expression, refused: Expression) -> Expression {
    let json = text.clone().slice(Some(5.into()), None);
    Expression::template(
        "hasPrefix(TEXT, 'json:') ? (type(sprig.fromJson(JSON)) == 'string' and PAIRED ? DECODED : REFUSED) : ENCODED",
        [
            ("TEXT", text.clone()),
            ("PAIRED", typed_json::is_paired(&json)),
            ("DECODED", protect(Expression::call("trim", [json.clone()]))),
            ("JSON", json),
            ("REFUSED", refused),
            ("ENCODED", protect(to_json(text.clone()))),
        ],
    )
}

/// Returns the condition that the text is a 64-bit integer. Argo converts larger ones to zero, and treats those with a
/// leading zero as octal.
fn is_integer(text: &Expression) -> Expression {
    Expression::template(
        "TEXT matches '^[-+]?[0-9]+$' and (
            not (TEXT matches '[1-9]') or sprig.int64(sprig.regexReplaceAll('^([-+]?)0+', TEXT, '$1')) != 0
        )",
        [("TEXT", text.clone())],
    )
}

/// Converts the name of a variant, or a JSON string after `json:`. The lookup key is prefixed with the first letter of
/// the type, because the JSON may not be a string.
fn variant(text: &Expression, choice: &EnumType, refused: Expression) -> Expression {
    let members: Vec<(String, Expression)> = choice
        .variants
        .iter()
        .map(|variant| (format!("s{variant}"), constant(&Value::from(variant.as_str()))))
        .collect();
    Expression::template(
        "VARIANTS[
            hasPrefix(TEXT, 'json:')
                ? type(sprig.fromJson(TEXT[5:]))[:1] + string(sprig.fromJson(TEXT[5:]))
                : 's' + TEXT
        ] ?? REFUSED",
        [
            ("VARIANTS", Expression::map(members.iter().map(|(name, json)| (name.as_str(), json.clone())))),
            ("TEXT", text.clone()),
            ("REFUSED", refused),
        ],
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn unambiguous_defaults_are_written_without_quotes() {
        for (value, r#type, expected) in [
            (json!("plain text"), Type::String, "plain text"),
            (json!("$(HOME)"), Type::String, r#"json:"\u0024(HOME)""#),
            (json!("{{x}}"), Type::String, r#"json:"{\u007bx}}""#),
            (json!("json:x"), Type::String, r#"json:"json:x""#),
            (json!("é"), Type::String, r#"json:"\u00e9""#),
            (json!(null), Type::String.option(), "json:null"),
            (json!(null), Type::Integer.option(), "null"),
            (json!(0.92), Type::Float, "0.92"),
            (json!(["a"]), Type::String.list(), r#"["a"]"#),
            (json!("slack/url"), Type::Secret, "slack/url"),
            (json!("plain"), Type::Any, r#""plain""#),
        ] {
            assert_eq!(argument_text(&value, &r#type), expected);
        }
    }
}
