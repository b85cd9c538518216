//! Conditions in Argo's language that a string is JSON of a type, including every item and field.
//!
//! Argo decodes every number to a float, and fails with its own message if a string is not JSON. So the text is rewritten
//! before it is decoded: strings get the prefix `s`, 64-bit integers become strings with the prefix `i`, and other
//! numbers become strings with the prefix `n`. This distinguishes all values, and a condition on them never fails. Its
//! size depends on the size of the type, but not on its depth.

use kfp_argo::expression::Expression;
use kfp_model::{SECRET_PATTERN, StructType, Type};

use crate::lower::plan::terms::replace;

/// A JSON string.
const STRING: &str = r#""((?:[^"\\]|\\.)*)""#;
/// JSON whose strings contain no unpaired surrogates, which Argo would replace.
const PAIRED: &str = r"^([^\\]|\\([^u]|u([^dD]|[dD]([0-7]|[89abAB]..\\u[dD][c-fC-F]))))*$";

/// Returns the condition that no string in the JSON has an unpaired surrogate.
pub(in crate::lower) fn is_paired(text: &Expression) -> Expression {
    text.clone().matches(PAIRED)
}

/// Returns the condition that the text is JSON of the type, but not `null`.
pub(in crate::lower) fn fits(r#type: &Type, text: &Expression) -> Expression {
    let decoded = Expression::library_call("sprig", "fromJson", [text.clone()]);
    let mut whole = decoded.not_equal(Expression::nil()).and(is_paired(text));
    if contains(r#type, &|inner| matches!(inner, Type::Float | Type::Any)) {
        let numbers = Expression::template(
            "all(
                sprig.regexFindAll('[-0-9][-+.0-9eE]*', sprig.regexReplaceAll(STRING, TEXT, ''), -1),
                FINITE
            )",
            [("STRING", STRING.into()), ("TEXT", text.clone()), ("FINITE", is_finite(&Expression::item()))],
        );
        whole = whole.and(numbers);
    }
    if let Some(condition) = condition(r#type) {
        let marked = marked(text, contains(r#type, &|inner| *inner == Type::Integer));
        let decoded = Expression::library_call("sprig", "fromJson", [marked]);
        whole = whole.and(Expression::call("all", [Expression::list([decoded]), condition]));
    }
    whole
}

/// Returns the condition that a number is not too large for a float. Argo converts such a number to zero.
pub(in crate::lower) fn is_finite(text: &Expression) -> Expression {
    Expression::template(
        "sprig.float64(TEXT) != 0 or TEXT matches '^[-+]?[0.]*([eE]|$)' or TEXT matches '[eE]-' and float(TEXT) == 0",
        [("TEXT", text.clone())],
    )
}

/// Returns the JSON text with prefixes on strings and numbers.
///
/// JSON contains no control characters, so they mark the replaced tokens until the kind of each token is known.
fn marked(text: &Expression, has_integers: bool) -> Expression {
    let numbers = if has_integers {
        format!(r"(-?[0-9]+[.eE][-+.0-9eE]*)|({})\b|(-?[0-9]+)", integers())
    } else {
        "([-0-9][-+.0-9eE]*)()()".to_owned()
    };
    let token = format!("{STRING}|{numbers}");
    let marks = "\x01$1\x02$2$4\x03$3\x04";
    let tokens =
        Expression::library_call("sprig", "regexReplaceAll", [token.into(), text.clone(), marks.into()]);
    [
        ("\x02\x03\x04", "\""),
        ("\x01\x02\x03", "\"i"),
        ("\x01\x02", "\"n"),
        ("\x03\x04", "\""),
        ("\x04", "\""),
        ("\x01", "\"s"),
    ]
    .iter()
    .fold(tokens, |text, (from, to)| replace(text, from, to))
}

/// Returns the regular expression of 64-bit integers in JSON.
fn integers() -> String {
    let digits: Vec<u8> = i64::MAX.to_string().bytes().map(|byte| byte - b'0').collect();
    // Built from the last digit: matches what is not greater than the rest of the largest integer.
    let mut rest = format!("[0-{}]", digits[digits.len() - 1]);
    for (idx, digit) in digits.iter().enumerate().rev().skip(1) {
        let (first, more) = (u8::from(idx == 0), digits.len() - idx - 1);
        rest = match digit - first {
            0 => format!("{digit}{rest}"),
            _ => format!("(?:[{first}-{}][0-9]{{{more}}}|{digit}{rest})", digit - 1),
        };
    }
    format!("0|-?(?:[1-9][0-9]{{0,{}}}|{rest})|{}", digits.len() - 2, i64::MIN)
}

/// Returns the condition that the decoded value `#`, with prefixes, has the type; `None` if every value does.
fn condition(r#type: &Type) -> Option<Expression> {
    let text = || Expression::call("string", [Expression::item()]);
    let prefixed = |prefix: &str| Some(Expression::call("hasPrefix", [text(), prefix.into()]));
    match r#type {
        Type::String => prefixed("s"),
        Type::Integer => prefixed("i"),
        Type::Float => Some(text().matches("^[in]")),
        Type::Boolean => Some(is_of_kind("bool")),
        Type::Any => None,
        Type::Secret => Some(text().matches(format!("^s{SECRET_PATTERN}$"))),
        Type::Enum(choice) => Some(text().is_in(names(&choice.variants))),
        Type::Option(inner) => Some(Expression::item().equal(Expression::nil()).or(condition(inner)?)),
        Type::List(element) => Some(each(is_of_kind("array"), Expression::item(), condition(element))),
        Type::Map(element) => {
            let values = Expression::call("values", [Expression::item()]);
            Some(each(is_of_kind("map"), values, condition(element)))
        }
        Type::Struct(of) => Some(fields(of)),
        Type::Artifact(_) => Some(is_of_kind("map")),
    }
}

fn is_of_kind(kind: &str) -> Expression {
    Expression::call("type", [Expression::item()]).equal(kind.into())
}

fn each(kind: Expression, items: Expression, condition: Option<Expression>) -> Expression {
    match condition {
        Some(condition) => kind.and(Expression::call("all", [items, condition])),
        None => kind,
    }
}

fn fields(of: &StructType) -> Expression {
    let known = if of.fields.is_empty() {
        Expression::call("len", [Expression::item()]).equal(0.into())
    } else {
        let keys = Expression::call("keys", [Expression::item()]);
        Expression::call("all", [keys, Expression::item().is_in(names(of.fields.keys()))])
    };
    of.fields.iter().fold(is_of_kind("map").and(known), |all, (name, field)| {
        let name = Expression::text(prefixed(name));
        match condition(&field.r#type) {
            // A missing field is nil.
            Some(condition) => {
                let value = Expression::list([Expression::item().index(name)]);
                all.and(Expression::call("all", [value, condition]))
            }
            None if field.r#type.is_option() => all,
            None => all.and(name.is_in(Expression::item())),
        }
    })
}

/// Returns the string with its prefix.
fn prefixed(text: &str) -> String {
    format!("s{text}")
}

/// Returns the names with their prefixes.
fn names<'n>(names: impl IntoIterator<Item = &'n String>) -> Expression {
    Expression::list(names.into_iter().map(|name| prefixed(name).into()))
}

/// Whether the type or a part of it satisfies the predicate.
fn contains(r#type: &Type, predicate: &dyn Fn(&Type) -> bool) -> bool {
    predicate(r#type)
        || match r#type {
            Type::List(inner) | Type::Map(inner) | Type::Option(inner) => contains(inner, predicate),
            Type::Struct(of) => of.fields.values().any(|field| contains(&field.r#type, predicate)),
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_limited_to_64_bits() {
        let regex = integers();
        assert!(
            regex.starts_with("0|-?(?:[1-9][0-9]{0,17}|(?:[1-8][0-9]{18}|9(?:[0-1][0-9]{17}|2(?:[0-1]"),
            "{regex}"
        );
        assert!(
            regex.ends_with(
                "(?:[0-4][0-9]{3}|5(?:[0-7][0-9]{2}|80[0-7])))))))))))))))))|-9223372036854775808"
            ),
            "{regex}"
        );
    }

    #[test]
    fn conditions_are_linear_in_the_size_of_a_type() {
        let deep =
            |depth: usize| (0..depth).fold(Type::Integer, |inner, _| Type::Map(Box::new(inner.list())));
        let length = |depth: usize| fits(&deep(depth), &Expression::name("x")).to_string().len();
        assert_eq!(length(40) - length(20), 2 * (length(20) - length(10)));
        assert!(length(1) < 1500, "{}", length(1));
    }
}
