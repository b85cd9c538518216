//! The entry: arguments, which arrive as texts that users type, are checked and encoded before anything starts.
//!
//! The runner reads such texts in the same way (`kfp-runner/src/arguments.rs`).

use kfp_model::value::encode;
use kfp_model::{EnumType, Input, Type};
use serde_json::Value;

use super::expression::{fail, protect, quote};
use super::scope::Source;
use super::typed_json::{self, SECRET, fits, is_finite};
use kfp_argo::Parameter;

/// A float in the forms that both Rust and Go read.
const FLOAT: &str = "^[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?$";
/// The number of characters of a refused text that its message shows.
const SHOWN: usize = 80;

/// The parameter of the workflow that stands for an input of the pipeline, with its default.
pub(super) fn argument(name: &str, input: &Input, given: Option<&Value>) -> Parameter {
    let default = given.or(input.default.as_ref()).cloned();
    let default = default.or_else(|| input.r#type.is_option().then_some(Value::Null));
    Parameter {
        name: name.to_owned(),
        description: (!input.description.is_empty()).then(|| input.description.clone()),
        value: default.map(|value| typed_in(&value, &input.r#type)),
        ..Parameter::default()
    }
}

/// A value as a user would type it: a string without quotes where nothing in it could be misread, else JSON.
pub(crate) fn typed_in(value: &Value, r#type: &Type) -> String {
    let is_text = matches!(r#type.present(), Type::Text | Type::Secret | Type::Enum(_));
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
        Type::Text => true,
        Type::Enum(choice) => choice.variants.iter().any(|variant| variant == "null"),
        _ => false,
    }
}

/// The tag that checks the argument of a pipeline against its type and returns its JSON text.
pub(super) fn encoded(source: &Source, name: &str, input: &Input) -> String {
    let argument = Typed { default: input.default.as_ref(), ..Typed::of("argument", name, &input.r#type) };
    format!("{{{{={}}}}}", argument.checked(&source.expression()))
}

/// A text from outside of the run: what messages call it, and what it is checked against.
pub(super) struct Typed<'t> {
    noun: &'static str,
    name: &'t str,
    r#type: &'t Type,
    /// The value that `null` stands for.
    default: Option<&'t Value>,
}

impl<'t> Typed<'t> {
    /// A text without default.
    pub(super) fn of(noun: &'static str, name: &'t str, r#type: &'t Type) -> Self {
        Self { noun, name, r#type, default: None }
    }

    /// The expression of the JSON text that `text` stands for. It fails where the text is not of the type.
    pub(super) fn checked(&self, text: &str) -> String {
        let value = self.present(text);
        let absent = match (self.default, self.r#type) {
            (Some(Value::String(secret)), Type::Secret) => quote(secret),
            (Some(default), _) => quote(&encode(default)),
            (None, Type::Option(_) | Type::Any) => quote("null"),
            (None, _) => return value,
        };
        format!("{} ? {absent} : ({value})", self.is_null(text))
    }

    /// The condition that the text stands for no value.
    fn is_null(&self, text: &str) -> String {
        let json = r"json:[ \t\n\r]*null[ \t\n\r]*";
        match self.r#type.present() {
            r#type @ (Type::Text | Type::Enum(_)) if is_taken_for_text(r#type) => {
                format!("{text} matches {}", quote(&format!("^{json}$")))
            }
            Type::Text | Type::Enum(_) => format!("{text} matches {}", quote(&format!("^(null|{json})$"))),
            Type::Secret | Type::Integer | Type::Float | Type::Boolean => format!("{text} == 'null'"),
            _ => format!("{text} matches {}", quote(r"^[ \t\n\r]*null[ \t\n\r]*$")),
        }
    }

    /// The JSON text of a value that is not absent.
    fn present(&self, text: &str) -> String {
        let (r#type, refused) = (self.r#type.present(), self.refused(text));
        match r#type {
            Type::Text => string(text, &refused),
            Type::Integer => format!("{} ? string(int({text})) :{refused}", is_integer(text)),
            Type::Float => {
                let form = quote(FLOAT);
                format!("{text} matches {form} and {} ? toJson(float({text})) :{refused}", is_finite(text))
            }
            Type::Boolean => format!("{text} in ['true', 'false'] ? {text} :{refused}"),
            Type::Enum(choice) => variant(text, choice, &refused),
            Type::Secret => {
                let form = quote(&format!("^{SECRET}$"));
                format!("{text} matches {form} ? {text} :{refused}")
            }
            // The text is kept, so that no number loses digits.
            Type::Any
            | Type::List(_)
            | Type::Map(_)
            | Type::Struct(_)
            | Type::Option(_)
            | Type::Artifact(_) => {
                format!("{} ? {} :{refused}", fits(r#type, text), protect(text))
            }
        }
    }

    /// The expression that refuses the text.
    fn refused(&self, text: &str) -> String {
        let Self { noun, name, r#type, .. } = self;
        let message = format!("invalid {noun} `{name}`: expected {}", r#type.expectation());
        if *r#type.present() == Type::Secret {
            // What was passed by mistake may be the secret itself.
            return fail(&quote(&message));
        }
        fail(&format!("{} + {} + '`'", quote(&format!("{message}, found `")), shown(text)))
    }
}

/// The start of a text, as messages show it.
pub(super) fn shown(text: &str) -> String {
    format!("sprig.regexReplaceAll('(?s)^(.{{{SHOWN}}}).+$', {text}, '$1…')")
}

/// A string is taken as it is, or after `json:` as a JSON string.
fn string(text: &str, refused: &str) -> String {
    let json = format!("{text}[5:]");
    let is_string = format!("type(sprig.fromJson({json})) == 'string' and {}", typed_json::is_paired(&json));
    format!(
        "hasPrefix({text}, 'json:') ? ({is_string} ? {} :{refused}) : {}",
        protect(&format!("trim({json})")),
        protect(&format!("toJson({text})"))
    )
}

/// The condition that the text is an integer of 64 bits. Argo converts larger ones to zero, and takes those that begin
/// with a zero for octal.
fn is_integer(text: &str) -> String {
    let decimal = format!("sprig.regexReplaceAll('^([-+]?)0+', {text}, '$1')");
    format!(
        "{text} matches '^[-+]?[0-9]+$' and (not ({text} matches '[1-9]') or sprig.int64({decimal}) != 0)"
    )
}

/// A name of a variant is taken as it is, or after `json:` as a JSON string. It is looked up with the first letter of
/// its type before it, as what follows `json:` may be no string.
fn variant(text: &str, choice: &EnumType, refused: &str) -> String {
    let member = |variant: &String| {
        let name = quote(&format!("s{variant}"));
        // Only a literal can be a key without parentheses.
        let key = if name.contains("'+'") { format!("({name})") } else { name };
        format!("{key}: {}", quote(&encode(&Value::from(variant.as_str()))))
    };
    let members: Vec<String> = choice.variants.iter().map(member).collect();
    let decoded = format!("sprig.fromJson({text}[5:])");
    let key = format!("hasPrefix({text}, 'json:') ? type({decoded})[:1] + string({decoded}) : 's' + {text}");
    format!("{{{}}}[{key}] ??{refused}", members.join(", "))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn defaults_are_written_as_people_type_them_where_that_is_safe() {
        for (value, r#type, expected) in [
            (json!("plain text"), Type::Text, "plain text"),
            (json!("$(HOME)"), Type::Text, r#"json:"\u0024(HOME)""#),
            (json!("{{x}}"), Type::Text, r#"json:"{\u007bx}}""#),
            (json!("json:x"), Type::Text, r#"json:"json:x""#),
            (json!("é"), Type::Text, r#"json:"\u00e9""#),
            (json!(null), Type::Text.option(), "json:null"),
            (json!(null), Type::Integer.option(), "null"),
            (json!(0.92), Type::Float, "0.92"),
            (json!(["a"]), Type::Text.list(), r#"["a"]"#),
            (json!("slack/url"), Type::Secret, "slack/url"),
            (json!("plain"), Type::Any, r#""plain""#),
        ] {
            assert_eq!(typed_in(&value, &r#type), expected);
        }
    }
}
