//! Conditions of Argo's language: whether a text is JSON of a type, down to every item and field.
//!
//! Argo decodes every number to a float, and fails in words of its own where a text is not JSON. So the text is rewritten
//! before it is decoded: strings get the prefix `s`, 64-bit integers become strings with the prefix `i`, and other numbers
//! such with the prefix `n`. That tells all values apart, and a condition on them never fails. It grows with the size of
//! the type and not with its depth.

use kfp_argo::expression::Expression;
use kfp_model::{SECRET_PATTERN, StructType, Type};

use crate::lower::plan::terms::replace;

/// The inside of a JSON string.
const STRING: &str = r#""((?:[^"\\]|\\.)*)""#;
/// JSON whose strings have no half of a surrogate pair alone: Argo would replace it.
const PAIRED: &str = r"^([^\\]|\\([^u]|u([^dD]|[dD]([0-7]|[89abAB]..\\u[dD][c-fC-F]))))*$";

/// The condition that no string in the JSON has half of a surrogate pair.
pub(in crate::lower) fn is_paired(text: &Expression) -> Expression {
    text.clone().matches(PAIRED)
}

/// The condition that the text is JSON of the type, but not `null`.
pub(in crate::lower) fn fits(r#type: &Type, text: &Expression) -> Expression {
    let decoded = Expression::library_call("sprig", "fromJson", [text.clone()]);
    let mut whole = decoded.not_equal(Expression::nil()).and(is_paired(text));
    if holds(r#type, &|inner| matches!(inner, Type::Float | Type::Any)) {
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
        let marked = marked(text, holds(r#type, &|inner| *inner == Type::Integer));
        let decoded = Expression::library_call("sprig", "fromJson", [marked]);
        whole = whole.and(Expression::call("all", [Expression::list([decoded]), condition]));
    }
    whole
}

/// The condition that a text in the form of a number is not too large for a float: Argo converts it to zero then.
pub(in crate::lower) fn is_finite(text: &Expression) -> Expression {
    Expression::template(
        "sprig.float64(TEXT) != 0 or TEXT matches '^[-+]?[0.]*([eE]|$)' or TEXT matches '[eE]-' and float(TEXT) == 0",
        [("TEXT", text.clone())],
    )
}

/// The JSON text with prefixes before strings and numbers.
///
/// JSON has no control characters, so these take the places of what is replaced until it is known what that is.
fn marked(text: &Expression, holds_integers: bool) -> Expression {
    let numbers = if holds_integers {
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

/// The regular expression of the integers of 64 bits, as JSON writes them.
fn integers() -> String {
    let digits: Vec<u8> = i64::MAX.to_string().bytes().map(|byte| byte - b'0').collect();
    // From the last digit on: what is not greater than the rest of the largest integer.
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

/// The condition that the decoded value `#`, with the prefixes in it, is of the type; none where every value is.
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
            // A field that is missing is nil.
            Some(condition) => {
                let value = Expression::list([Expression::item().index(name)]);
                all.and(Expression::call("all", [value, condition]))
            }
            None if field.r#type.is_option() => all,
            None => all.and(name.is_in(Expression::item())),
        }
    })
}

/// A string with its prefix.
fn prefixed(text: &str) -> String {
    format!("s{text}")
}

/// The names with their prefixes.
fn names<'n>(names: impl IntoIterator<Item = &'n String>) -> Expression {
    Expression::list(names.into_iter().map(|name| prefixed(name).into()))
}

/// Whether the type has such a type in it, or is one.
fn holds(r#type: &Type, is_such: &dyn Fn(&Type) -> bool) -> bool {
    is_such(r#type)
        || match r#type {
            Type::List(inner) | Type::Map(inner) | Type::Option(inner) => holds(inner, is_such),
            Type::Struct(of) => of.fields.values().any(|field| holds(&field.r#type, is_such)),
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_end_at_the_largest() {
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
    fn conditions_grow_with_the_size_of_a_type_and_not_with_its_depth() {
        let deep =
            |depth: usize| (0..depth).fold(Type::Integer, |inner, _| Type::Map(Box::new(inner.list())));
        let length = |depth: usize| fits(&deep(depth), &Expression::name("x")).to_string().len();
        assert_eq!(length(40) - length(20), 2 * (length(20) - length(10)));
        assert!(length(1) < 1500, "{}", length(1));
    }
}
