//! Conditions of Argo's language: whether a text is JSON of a type, down to every item and field.
//!
//! Argo decodes every number to a float, and fails in words of its own where a text is not JSON. So the text is rewritten
//! before it is decoded: strings get the prefix `s`, 64-bit integers become strings with the prefix `i`, and other numbers
//! such with the prefix `n`. That tells all values apart, and a condition on them never fails. It grows with the size of
//! the type and not with its depth.

use kfp_model::{StructType, Type};

use super::expression::quote;

/// The inside of a JSON string.
const STRING: &str = r#""((?:[^"\\]|\\.)*)""#;
/// JSON whose strings have no half of a surrogate pair alone: Argo would replace it.
const PAIRED: &str = r"^([^\\]|\\([^u]|u([^dD]|[dD]([0-7]|[89abAB]..\\u[dD][c-fC-F]))))*$";

/// The condition that no string in the JSON has half of a surrogate pair.
pub(super) fn is_paired(text: &str) -> String {
    format!("{text} matches {}", quote(PAIRED))
}

/// The condition that the text is JSON of the type, but not `null`.
pub(super) fn fits(r#type: &Type, text: &str) -> String {
    let mut terms = vec![format!("sprig.fromJson({text}) != nil"), is_paired(text)];
    if holds(r#type, &|inner| matches!(inner, Type::Float | Type::Any)) {
        let strings = quote(STRING);
        let rest = format!("sprig.regexReplaceAll({strings}, {text}, '')");
        let numbers = format!("sprig.regexFindAll('[-0-9][-+.0-9eE]*', {rest}, -1)");
        terms.push(format!("all({numbers}, {})", is_finite("#")));
    }
    if let Some(condition) = condition(r#type) {
        let marked = marked(text, holds(r#type, &|inner| *inner == Type::Integer));
        terms.push(format!("all([sprig.fromJson({marked})], {condition})"));
    }
    terms.join(" and ")
}

/// The condition that a text in the form of a number is not too large for a float: Argo converts it to zero then.
pub(super) fn is_finite(text: &str) -> String {
    format!(
        "(sprig.float64({text}) != 0 or {text} matches '^[-+]?[0.]*([eE]|$)' or {text} matches '[eE]-' and float({text}) == 0)"
    )
}

/// The JSON text with prefixes before strings and numbers.
///
/// JSON has no control characters, so these take the places of what is replaced until it is known what that is.
fn marked(text: &str, holds_integers: bool) -> String {
    let numbers = if holds_integers {
        format!(r"(-?[0-9]+[.eE][-+.0-9eE]*)|({})\b|(-?[0-9]+)", integers())
    } else {
        "([-0-9][-+.0-9eE]*)()()".to_owned()
    };
    let token = quote(&format!("{STRING}|{numbers}"));
    let tokens = format!(r"sprig.regexReplaceAll({token}, {text}, '\x01$1\x02$2$4\x03$3\x04')");
    [
        (r"\x02\x03\x04", "\""),
        (r"\x01\x02\x03", "\"i"),
        (r"\x01\x02", "\"n"),
        (r"\x03\x04", "\""),
        (r"\x04", "\""),
        (r"\x01", "\"s"),
    ]
    .iter()
    .fold(tokens, |text, (from, to)| format!("replace({text}, '{from}', '{to}')"))
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
fn condition(r#type: &Type) -> Option<String> {
    let prefixed = |prefix: &str| Some(format!("hasPrefix(string(#), '{prefix}')"));
    match r#type {
        Type::Text => prefixed("s"),
        Type::Integer => prefixed("i"),
        Type::Float => Some("string(#) matches '^[in]'".to_owned()),
        Type::Boolean => Some("type(#) == 'bool'".to_owned()),
        Type::Any => None,
        Type::Secret => Some(format!("string(#) matches {}", quote(&format!("^s{SECRET}$")))),
        Type::Enum(choice) => Some(format!("string(#) in [{}]", names(choice.variants.iter()))),
        Type::Option(inner) => Some(format!("(# == nil or {})", condition(inner)?)),
        Type::List(element) => Some(each("type(#) == 'array'", "#", condition(element))),
        Type::Map(element) => Some(each("type(#) == 'map'", "values(#)", condition(element))),
        Type::Struct(of) => Some(fields(of)),
        Type::Artifact(_) => Some("type(#) == 'map'".to_owned()),
    }
}

/// The name of a secret and a key in it.
pub(super) const SECRET: &str = "[a-z0-9]([-.a-z0-9]*[a-z0-9])?/[-._a-zA-Z0-9]+";

fn each(kind: &str, items: &str, condition: Option<String>) -> String {
    match condition {
        Some(condition) => format!("{kind} and all({items}, {condition})"),
        None => kind.to_owned(),
    }
}

fn fields(of: &StructType) -> String {
    let mut terms = vec!["type(#) == 'map'".to_owned()];
    terms.push(if of.fields.is_empty() {
        "len(#) == 0".to_owned()
    } else {
        format!("all(keys(#), # in [{}])", names(of.fields.keys()))
    });
    for (name, field) in &of.fields {
        let name = names([name].into_iter());
        match condition(&field.r#type) {
            // A field that is missing is nil.
            Some(condition) => terms.push(format!("all([#[{name}]], {condition})")),
            None if field.r#type.is_option() => {}
            None => terms.push(format!("{name} in #")),
        }
    }
    terms.join(" and ")
}

/// Literals of the names, as they are with their prefixes.
fn names<'n>(names: impl Iterator<Item = &'n String>) -> String {
    names.map(|name| quote(&format!("s{name}"))).collect::<Vec<_>>().join(", ")
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
        let length = |depth: usize| fits(&deep(depth), "x").len();
        assert_eq!(length(40) - length(20), 2 * (length(20) - length(10)));
        assert!(length(1) < 1500, "{}", length(1));
    }
}
