//! What a scalar is: nothing, a truth value, a number or a text.
//!
//! The rules are those of the core schema of YAML 1.2. Argo's reader takes more words for truth values, as YAML 1.1
//! does; what the linter has to say of those it says by their text.

use std::borrow::Cow;

use granit_parser::{ScalarStyle, Tag};
use serde_json::Number;

use crate::source::fault::Problem;
use crate::source::tree::Node;

/// What the scalar is by its style, its tag and its text.
pub(super) fn node(scalar: Cow<'_, str>, style: ScalarStyle, tag: Option<&Tag>) -> Result<Node, Problem> {
    if let Some(tag) = tag
        && let Some(node) = tagged(&scalar, tag)?
    {
        return Ok(node);
    }
    let plain = match style {
        ScalarStyle::Plain => plain(&scalar)?,
        _ => None,
    };
    Ok(plain.unwrap_or_else(|| Node::Text(scalar.into_owned())))
}

/// What a tag makes of the scalar; nothing where the tag says nothing of it.
fn tagged(scalar: &str, tag: &Tag) -> Result<Option<Node>, Problem> {
    let is_text = tag.parts() == ("", "!") || tag.parts() == ("!", "");
    let word = if is_text { "str" } else { tag.core_suffix().unwrap_or_default() };
    let wrong = |needed: &str| Problem::Shape(format!("`{scalar}` is tagged as {needed}, and is none"));
    match word {
        "str" => Ok(Some(Node::Text(scalar.to_owned()))),
        "null" => Ok(Some(Node::Null)),
        "bool" => truth(scalar).map(|truth| Some(Node::Bool(truth))).ok_or_else(|| wrong("a truth value")),
        "int" | "float" => {
            number(scalar)?.map(|number| Some(Node::Number(number))).ok_or_else(|| wrong("a number"))
        }
        _ if tag.suffix_in_namespace("tag:yaml.org,2002:").as_deref() == Some("binary") => {
            Err(Problem::Shape("`!!binary` is not read: write the text as it is".to_owned()))
        }
        _ => Ok(None),
    }
}

/// What a scalar without quotes is, unless it is a text. Its first byte tells most texts.
fn plain(scalar: &str) -> Result<Option<Node>, Problem> {
    Ok(match scalar.as_bytes().first() {
        None | Some(b'~' | b'n' | b'N') => is_null(scalar).then_some(Node::Null),
        Some(b't' | b'T' | b'f' | b'F') => truth(scalar).map(Node::Bool),
        Some(b'0'..=b'9' | b'+' | b'-' | b'.') => number(scalar)?.map(Node::Number),
        Some(_) => None,
    })
}

pub(super) fn is_null(scalar: &str) -> bool {
    matches!(scalar, "" | "~" | "null" | "Null" | "NULL")
}

fn truth(scalar: &str) -> Option<bool> {
    match scalar {
        "true" | "True" | "TRUE" => Some(true),
        "false" | "False" | "FALSE" => Some(false),
        _ => None,
    }
}

/// The number that the scalar is; an error where no number of JSON is that one.
pub(super) fn number(scalar: &str) -> Result<Option<Number>, Problem> {
    if let Some(whole) = whole(scalar) {
        return Ok(Some(whole));
    }
    let unsigned = scalar.strip_prefix(['+', '-']).unwrap_or(scalar);
    let is_special = matches!(unsigned, ".inf" | ".Inf" | ".INF" | ".nan" | ".NaN" | ".NAN");
    let begins =
        unsigned.strip_prefix('.').unwrap_or(unsigned).starts_with(|sign: char| sign.is_ascii_digit());
    match scalar.parse::<f64>() {
        Ok(value) if begins && value.is_finite() => Ok(Number::from_f64(value)),
        Ok(_) if begins => Err(not_finite(scalar)),
        _ if is_special => Err(not_finite(scalar)),
        _ => Ok(None),
    }
}

fn not_finite(scalar: &str) -> Problem {
    Problem::Shape(format!("`{scalar}` is no number: NaN and infinities travel nowhere"))
}

/// A whole number of 64 bits: decimal without zeros before it, hexadecimal, octal or binary. As in Argo, single
/// underscores may part its digits.
fn whole(scalar: &str) -> Option<Number> {
    let is_negative = scalar.starts_with('-');
    let unsigned = scalar.strip_prefix(['+', '-']).unwrap_or(scalar);
    let prefix = unsigned.get(..2).unwrap_or_default();
    let (radix, digits) = match prefix {
        "0x" | "0X" => (16, &unsigned[2..]),
        "0o" | "0O" => (8, &unsigned[2..]),
        "0b" | "0B" => (2, &unsigned[2..]),
        _ if unsigned.starts_with('0') && unsigned != "0" => return None,
        _ => (10, unsigned),
    };
    let digits = without_underscores(digits)?;
    let sign = if is_negative { "-" } else { "" };
    match u64::from_str_radix(&digits, radix) {
        Ok(value) if !is_negative => Some(value.into()),
        Ok(_) => i64::from_str_radix(&format!("{sign}{digits}"), radix).ok().map(Number::from),
        Err(_) => None,
    }
}

/// The digits alone, where no underscore stands first, last, or beside another. No sign may stand among them.
fn without_underscores(digits: &str) -> Option<Cow<'_, str>> {
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !digits.contains('_') {
        return is_digits(digits).then_some(Cow::Borrowed(digits));
    }
    digits.split('_').all(is_digits).then(|| Cow::Owned(digits.replace('_', "")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_are_what_the_core_schema_says() {
        for (text, expected) in [
            ("", "null"),
            ("~", "null"),
            ("Null", "null"),
            ("nULL", "\"nULL\""),
            ("TRUE", "true"),
            ("yes", "\"yes\""),
            ("0", "0"),
            ("-0", "0"),
            ("+7", "7"),
            ("1_000", "1000"),
            ("1__0", "\"1__0\""),
            ("0x1F", "31"),
            ("-0o17", "-15"),
            ("0b11", "3"),
            ("0x+1", "\"0x+1\""),
            ("18446744073709551615", "18446744073709551615"),
            ("-9223372036854775808", "-9223372036854775808"),
            ("18446744073709551616", "1.8446744073709552e+19"),
            ("007", "7.0"),
            ("1.5e3", "1500.0"),
            (".5", "0.5"),
            ("5.", "5.0"),
            ("1.2.3", "\"1.2.3\""),
            ("2001-01-01", "\"2001-01-01\""),
            ("-", "\"-\""),
            ("+inf", "\"+inf\""),
            (".infinity", "\".infinity\""),
            ("nan", "\"nan\""),
            (".e5", "\".e5\""),
        ] {
            let node = node(Cow::Borrowed(text), ScalarStyle::Plain, None).unwrap();
            let tree = crate::source::Tree { span: 0..0, node };
            assert_eq!(tree.to_json().to_string(), expected, "{text}");
        }
        for text in [".nan", "-.inf", "1e999"] {
            assert!(node(Cow::Borrowed(text), ScalarStyle::Plain, None).is_err(), "{text}");
        }
    }

    #[test]
    fn tags_say_what_a_scalar_is() {
        for (text, expected) in [
            ("!!str 1", "\"1\""),
            ("! 1", "\"1\""),
            ("!!int '1'", "1"),
            ("!!float 1", "1"),
            ("!!bool 'true'", "true"),
            ("!!null x", "null"),
            ("!own 1", "1"),
            ("!own x", "\"x\""),
            ("!!timestamp 2001-01-01", "\"2001-01-01\""),
            ("!!int x", "`x` is tagged as a number, and is none"),
            ("!!bool yes", "`yes` is tagged as a truth value, and is none"),
            ("!!binary aGVsbG8=", "`!!binary` is not read: write the text as it is"),
        ] {
            let said = match crate::source::tree(text) {
                Ok(tree) => tree.to_json().to_string(),
                Err(fault) => fault.diagnostic().message,
            };
            assert_eq!(said, expected, "{text}");
        }
    }
}
