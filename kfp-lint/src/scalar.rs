//! Scalars as Argo and the API server read them: in YAML 1.1, `yes`, `1_000` and `0o17` are not strings.

use std::borrow::Cow;

use kfp_diag::source::{Node, Tree};

/// The value of a scalar as Argo receives it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Scalar<'a> {
    Null,
    Bool(bool),
    Int(i128),
    Float(f64),
    String(Cow<'a, str>),
}

/// Returns the value of a node; `None` for lists and maps.
pub(crate) fn scalar<'a>(tree: &'a Tree, text: &'a str) -> Option<Scalar<'a>> {
    let own = match &tree.node {
        Node::Null => Scalar::Null,
        Node::Bool(truth) => Scalar::Bool(*truth),
        Node::Number(number) => {
            match number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from)) {
                Some(number) => Scalar::Int(number),
                None => Scalar::Float(number.as_f64().unwrap_or_default()),
            }
        }
        Node::Text(text) => Scalar::String(Cow::Borrowed(text)),
        Node::List(_) | Node::Map(_) => return None,
    };
    let written = text.get(tree.span.clone()).unwrap_or_default().trim_end();
    // The value of an alias or tag is not the written text; quoted values are strings.
    let is_plain = !written.is_empty()
        && written.len() <= 64
        && !written.starts_with(['"', '\'', '|', '>', '*', '&', '!', '{', '['])
        && !written.contains('\n');
    if !is_plain {
        return Some(own);
    }
    Some(match resolve(written) {
        None => own,
        // The span starts after the tag or block indicator that makes the value a string.
        Some(value)
            if !matches!(value, Scalar::String(_)) && is_marked_as_string(&text[..tree.span.start]) =>
        {
            own
        }
        Some(value) => value,
    })
}

/// Returns whether a `!!str` tag or a block scalar header precedes the value.
fn is_marked_as_string(before: &str) -> bool {
    if before.trim_end_matches(' ').ends_with(" !!str") {
        return true;
    }
    let Some((lines, indent)) = before.rsplit_once('\n') else { return false };
    let header = lines.trim_end().rsplit('\n').next().unwrap_or_default();
    let header = header.split(" #").next().unwrap_or_default().trim_end();
    indent.trim().is_empty()
        && header
            .trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-'))
            .ends_with(['|', '>'])
}

/// Returns the value of a plain scalar in YAML 1.1; `None` if it is empty.
fn resolve(written: &str) -> Option<Scalar<'_>> {
    match written {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            return Some(Scalar::Bool(true));
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            return Some(Scalar::Bool(false));
        }
        "~" | "null" | "Null" | "NULL" => return Some(Scalar::Null),
        _ => {}
    }
    let first = written.bytes().next()?;
    if first == b'.' {
        return float(written).or_else(|| Some(Scalar::String(written.into())));
    }
    if !first.is_ascii_digit() && !matches!(first, b'+' | b'-') {
        return Some(Scalar::String(written.into()));
    }
    let plain = written.replace('_', "");
    let number = int(&plain).map(Scalar::Int).or_else(|| float(&plain));
    Some(number.unwrap_or(Scalar::String(written.into())))
}

/// Parses an integer as Go does, with any of its prefixes.
fn int(plain: &str) -> Option<i128> {
    let (sign, digits) = match plain.as_bytes().first()? {
        b'-' => (-1, &plain[1..]),
        b'+' => (1, &plain[1..]),
        _ => (1, plain),
    };
    let prefixed = |prefix: [&str; 2]| prefix.into_iter().find_map(|prefix| digits.strip_prefix(prefix));
    let (radix, digits) = if let Some(rest) = prefixed(["0x", "0X"]) {
        (16, rest)
    } else if let Some(rest) = prefixed(["0o", "0O"]) {
        (8, rest)
    } else if let Some(rest) = prefixed(["0b", "0B"]) {
        (2, rest)
    } else if digits.len() > 1 && digits.starts_with('0') {
        (8, &digits[1..])
    } else {
        (10, digits)
    };
    if digits.is_empty() || digits.starts_with(['+', '-']) {
        return None;
    }
    let number = i128::from_str_radix(digits, radix).ok()? * sign;
    (i128::from(i64::MIN)..=i128::from(u64::MAX)).contains(&number).then_some(number)
}

/// Parses a number with a fraction or an exponent.
fn float(plain: &str) -> Option<Scalar<'static>> {
    let digits = plain.strip_prefix(['+', '-']).unwrap_or(plain);
    let starts_like_number = digits.starts_with(|c: char| c.is_ascii_digit())
        || digits.strip_prefix('.').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let is_number = starts_like_number
        && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'));
    if !is_number {
        return None;
    }
    plain.parse().ok().map(Scalar::Float)
}

impl Scalar<'_> {
    /// Describes the value in messages.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Bool(truth) => format!("the boolean `{truth}`"),
            Self::Int(number) => format!("the number `{number}`"),
            Self::Float(number) => format!("the number `{number}`"),
            Self::String(_) => "a string".to_owned(),
        }
    }

    /// Returns the value if a JSON reader accepts it as an integer.
    pub(crate) fn integer(&self) -> Option<i128> {
        match self {
            Self::Int(number) => Some(*number),
            #[expect(clippy::cast_possible_truncation, reason = "the number is within the range of `i64`")]
            Self::Float(number) if number.fract() == 0.0 && number.abs() < 9e18 => Some(*number as i128),
            Self::Null | Self::Bool(_) | Self::Float(_) | Self::String(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_are_read_as_yaml_1_1() {
        for (written, expected) in [
            ("yes", Scalar::Bool(true)),
            ("Off", Scalar::Bool(false)),
            ("n", Scalar::Bool(false)),
            ("~", Scalar::Null),
            ("1_000", Scalar::Int(1000)),
            ("017", Scalar::Int(15)),
            ("0o17", Scalar::Int(15)),
            ("0x1F", Scalar::Int(31)),
            ("-0b11", Scalar::Int(-3)),
            ("+7", Scalar::Int(7)),
            ("1e3", Scalar::Float(1000.0)),
            (".5", Scalar::Float(0.5)),
            ("1.", Scalar::Float(1.0)),
            ("18446744073709551615", Scalar::Int(u64::MAX.into())),
            ("08", Scalar::Float(8.0)),
            ("2026-01-02", Scalar::String("2026-01-02".into())),
            ("1.2.3", Scalar::String("1.2.3".into())),
            ("12:30", Scalar::String("12:30".into())),
            ("-", Scalar::String("-".into())),
            ("yesterday", Scalar::String("yesterday".into())),
            ("1Gi", Scalar::String("1Gi".into())),
        ] {
            assert_eq!(resolve(written), Some(expected), "{written}");
        }
    }

    #[test]
    fn quoted_values_are_strings() {
        for (document, expected) in [
            ("a: yes", Scalar::Bool(true)),
            ("a: 'yes'", Scalar::String("yes".into())),
            ("a: \"1\"", Scalar::String("1".into())),
            ("a: |\n  1\n", Scalar::String("1\n".into())),
            ("a: >-  # one\n  yes", Scalar::String("yes".into())),
            ("a:\n  1", Scalar::Int(1)),
            ("a: 1 # one", Scalar::Int(1)),
            ("a: !!str 1", Scalar::String("1".into())),
            ("a:", Scalar::Null),
        ] {
            let file = kfp_diag::source::manifests("x", document.as_bytes()).unwrap();
            let tree = &file.tree.items()[0].get("a").unwrap().value;
            assert_eq!(scalar(tree, &file.text), Some(expected), "{document}");
        }
    }
}
