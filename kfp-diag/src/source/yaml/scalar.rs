//! Resolves scalars to null, booleans, numbers or strings.
//!
//! The rules are those of the core schema of YAML 1.2. Argo's parser has more booleans, as in YAML 1.1; the linter
//! checks for these by their spelling.

use std::borrow::Cow;

use granit_parser::{ScalarStyle, Tag};
use serde_json::Number;

use crate::source::fault::Problem;
use crate::source::tree::Node;

/// Resolves a scalar by its style, tag and text.
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

/// Resolves a tagged scalar; `None` if the tag does not determine the type.
fn tagged(scalar: &str, tag: &Tag) -> Result<Option<Node>, Problem> {
    let is_text = tag.parts() == ("", "!") || tag.parts() == ("!", "");
    let name = if is_text { "str" } else { tag.core_suffix().unwrap_or_default() };
    let wrong =
        |expected: &str| Problem::Shape(format!("expected {expected} because of the tag, found `{scalar}`"));
    match name {
        "str" => Ok(Some(Node::Text(scalar.to_owned()))),
        "null" => Ok(Some(Node::Null)),
        "bool" => boolean(scalar).map(|value| Some(Node::Bool(value))).ok_or_else(|| wrong("a boolean")),
        "int" | "float" => {
            number(scalar)?.map(|number| Some(Node::Number(number))).ok_or_else(|| wrong("a number"))
        }
        _ if tag.suffix_in_namespace("tag:yaml.org,2002:").as_deref() == Some("binary") => {
            Err(Problem::Shape("unsupported tag `!!binary`: write the decoded text".to_owned()))
        }
        _ => Ok(None),
    }
}

/// Resolves an unquoted scalar; `None` for a string. The first byte is enough for most strings.
fn plain(scalar: &str) -> Result<Option<Node>, Problem> {
    Ok(match scalar.as_bytes().first() {
        None | Some(b'~' | b'n' | b'N') => is_null(scalar).then_some(Node::Null),
        Some(b't' | b'T' | b'f' | b'F') => boolean(scalar).map(Node::Bool),
        Some(b'0'..=b'9' | b'+' | b'-' | b'.') => number(scalar)?.map(Node::Number),
        Some(_) => None,
    })
}

pub(super) fn is_null(scalar: &str) -> bool {
    matches!(scalar, "" | "~" | "null" | "Null" | "NULL")
}

fn boolean(scalar: &str) -> Option<bool> {
    match scalar {
        "true" | "True" | "TRUE" => Some(true),
        "false" | "False" | "FALSE" => Some(false),
        _ => None,
    }
}

/// Parses a number; an error if JSON cannot represent it.
pub(super) fn number(scalar: &str) -> Result<Option<Number>, Problem> {
    if let Some(integer) = integer(scalar) {
        return Ok(Some(integer));
    }
    let unsigned = scalar.strip_prefix(['+', '-']).unwrap_or(scalar);
    let is_special = matches!(unsigned, ".inf" | ".Inf" | ".INF" | ".nan" | ".NaN" | ".NAN");
    let begins =
        unsigned.strip_prefix('.').unwrap_or(unsigned).starts_with(|first: char| first.is_ascii_digit());
    match scalar.parse::<f64>() {
        Ok(value) if begins && value.is_finite() => Ok(Number::from_f64(value)),
        Ok(_) if begins => Err(not_finite(scalar)),
        _ if is_special => Err(not_finite(scalar)),
        _ => Ok(None),
    }
}

fn not_finite(scalar: &str) -> Problem {
    Problem::Shape(format!("invalid number `{scalar}`: NaN and infinities are not supported"))
}

/// Parses a 64-bit integer: decimal without leading zeros, hexadecimal, octal or binary. As in Argo, digits can be
/// separated by single underscores.
fn integer(scalar: &str) -> Option<Number> {
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

/// Removes underscores; `None` if one is first, last or next to another, or if there are signs.
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
    fn plain_scalars_follow_the_core_schema() {
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
    fn tags_determine_the_type() {
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
            ("!!int x", "expected a number because of the tag, found `x`"),
            ("!!bool yes", "expected a boolean because of the tag, found `yes`"),
            ("!!binary aGVsbG8=", "unsupported tag `!!binary`: write the decoded text"),
        ] {
            let actual = match crate::source::tree(text) {
                Ok(tree) => tree.to_json().to_string(),
                Err(fault) => fault.diagnostic().message,
            };
            assert_eq!(actual, expected, "{text}");
        }
    }
}
