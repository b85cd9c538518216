//! The entry: arguments, which arrive as texts that users type, are checked and encoded before anything starts.
//!
//! The runner reads such texts in the same way (`kfp-runner/src/arguments.rs`).

use kfp_argo::Parameter;
use kfp_argo::expression::Expression;
use kfp_argo::text::Text;
use kfp_model::value::encode;
use kfp_model::{EnumType, Input, SECRET_PATTERN, Type};
use serde_json::Value;

use crate::lower::build::scope::Source;
use crate::lower::build::typed_json::{self, fits, is_finite};
use crate::lower::plan::terms::{constant, fail, prose, protect, to_json};

/// A float in the forms that both Rust and Go read.
const FLOAT: &str = "^[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?$";
/// The number of characters of a refused text that its message shows.
const SHOWN: usize = 80;

/// The parameter of the workflow that stands for an input of the pipeline, with its default.
pub(in crate::lower) fn argument(name: &str, input: &Input, given: Option<&Value>) -> Parameter {
    let default = given.or(input.default.as_ref()).cloned();
    let default = default.or_else(|| input.r#type.is_option().then_some(Value::Null));
    Parameter {
        name: name.to_owned(),
        description: (!input.description.is_empty()).then(|| prose(&input.description)),
        value: default.map(|value| typed_in(&value, &input.r#type).into()),
        ..Parameter::default()
    }
}

/// A value as a user would type it: a string without quotes where nothing in it could be misread, else JSON.
pub(crate) fn typed_in(value: &Value, r#type: &Type) -> String {
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
        Value::Null if is_taken_for_text(r#type.present()) => "json:null".to_owned(),
        value => encode(value),
    }
}

/// Whether `null` is a value of the type, and not the absence of one.
fn is_taken_for_text(r#type: &Type) -> bool {
    match r#type {
        Type::String => true,
        Type::Enum(choice) => choice.variants.iter().any(|variant| variant == "null"),
        _ => false,
    }
}

/// The tag that checks the argument of a pipeline against its type and returns its JSON text.
pub(in crate::lower) fn encoded(source: &Source, name: &str, input: &Input) -> Text {
    let argument = Typed { default: input.default.as_ref(), ..Typed::of("argument", name, &input.r#type) };
    argument.checked(&source.expression()).into()
}

/// A text from outside of the run: what messages call it, and what it is checked against.
pub(in crate::lower) struct Typed<'t> {
    noun: &'static str,
    name: &'t str,
    r#type: &'t Type,
    /// The value that `null` stands for.
    default: Option<&'t Value>,
}

impl<'t> Typed<'t> {
    /// A text without default.
    pub(in crate::lower) fn of(noun: &'static str, name: &'t str, r#type: &'t Type) -> Self {
        Self { noun, name, r#type, default: None }
    }

    /// The expression of the JSON text that `text` stands for. It fails where the text is not of the type.
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

    /// The condition that the text stands for no value.
    fn is_null(&self, text: &Expression) -> Expression {
        let json = r"json:[ \t\n\r]*null[ \t\n\r]*";
        match self.r#type.present() {
            r#type @ (Type::String | Type::Enum(_)) if is_taken_for_text(r#type) => {
                text.clone().matches(format!("^{json}$"))
            }
            Type::String | Type::Enum(_) => text.clone().matches(format!("^(null|{json})$")),
            Type::Secret | Type::Integer | Type::Float | Type::Boolean => text.clone().equal("null".into()),
            _ => text.clone().matches(r"^[ \t\n\r]*null[ \t\n\r]*$"),
        }
    }

    /// The JSON text of a value that is not absent.
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
            // The text is kept, so that no number loses digits.
            Type::Any
            | Type::List(_)
            | Type::Map(_)
            | Type::Struct(_)
            | Type::Option(_)
            | Type::Artifact(_) => fits(r#type, text).then_else(protect(text.clone()), refused),
        }
    }

    /// The expression that refuses the text.
    fn refused(&self, text: &Expression) -> Expression {
        let Self { noun, name, r#type, .. } = self;
        let message = format!("invalid {noun} `{name}`: expected {}", r#type.expectation());
        if *r#type.present() == Type::Secret {
            // What was passed by mistake may be the secret itself.
            return fail(message.into());
        }
        let found = Expression::text(format!("{message}, found `"));
        fail(found.plus(shown(text.clone())).plus("`".into()))
    }
}

/// The start of a text, as messages show it.
pub(in crate::lower) fn shown(text: Expression) -> Expression {
    let start = format!("(?s)^(.{{{SHOWN}}}).+$");
    Expression::library_call("sprig", "regexReplaceAll", [start.into(), text, "$1…".into()])
}

/// A string is taken as it is, or after `json:` as a JSON string.
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

/// The condition that the text is an integer of 64 bits. Argo converts larger ones to zero, and takes those that begin
/// with a zero for octal.
fn is_integer(text: &Expression) -> Expression {
    Expression::template(
        "TEXT matches '^[-+]?[0-9]+$' and (
            not (TEXT matches '[1-9]') or sprig.int64(sprig.regexReplaceAll('^([-+]?)0+', TEXT, '$1')) != 0
        )",
        [("TEXT", text.clone())],
    )
}

/// A name of a variant is taken as it is, or after `json:` as a JSON string. It is looked up with the first letter of
/// its type before it, as what follows `json:` may be no string.
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
    fn defaults_are_written_as_people_type_them_where_that_is_safe() {
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
            assert_eq!(typed_in(&value, &r#type), expected);
        }
    }
}
