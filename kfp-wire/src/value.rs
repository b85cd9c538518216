//! The text form of values that pass between steps.
//!
//! A value in transit is one JSON text. Argo pastes such texts into templates that it scans for `{{`, and the
//! kubelet expands `$(NAME)`, so `{{` is written `{\u007b` and `$` is written `\u0024`. Characters other than
//! printable ASCII are escaped as well, so the text survives every kind of quoting on its way.

use std::fmt::Write as _;

use serde_json::{Number, Value};

/// Encodes a value in its canonical form: keys sorted, no spaces, numbers as Go writes them, printable ASCII only,
/// without `{{` and `$`.
///
/// ```
/// use kfp_wire::value::encode;
/// use serde_json::json;
/// assert_eq!(encode(&json!("$(HOME) {{x}}")), r#""\u0024(HOME) {\u007bx}}""#);
/// assert_eq!(encode(&json!({"b": 1.0, "a": [null, 1e21]})), r#"{"a":[null,1e+21],"b":1}"#);
/// ```
pub fn encode(value: &Value) -> String {
    let mut text = String::new();
    write_value(&mut text, value);
    text
}

/// The maximum size of a value that passes between steps, in bytes as counted by [`size`]. Larger values are artifacts.
pub const LARGEST: usize = 32 * 1024;

/// Returns the number of bytes that a user sees: the length of a string, or of the JSON text of any other value.
///
/// Escapes for transport do not count.
///
/// ```
/// use kfp_wire::value::{encode, size};
/// use serde_json::json;
/// assert_eq!(size(&json!("$日")), 4);
/// assert_eq!(encode(&json!("$日")).len(), 14);
/// assert_eq!(size(&json!(["日", 1])), 9);
/// ```
pub fn size(value: &Value) -> usize {
    match value {
        Value::String(string) => string.len(),
        other => other.to_string().len(),
    }
}

/// Decodes the output of [`encode`] or any other JSON text.
///
/// # Errors
/// The text is not valid JSON.
pub fn decode(text: &str) -> Result<Value, serde_json::Error> {
    serde_json::from_str(text)
}

/// Escapes a JSON text for transport through Argo and the kubelet, without changing its value.
///
/// Outside strings, `{{` is never valid JSON, so replacing it everywhere is safe.
pub fn protect(json: &str) -> String {
    json.replace("{{", "{\\u007b").replace('$', "\\u0024")
}

fn write_value(text: &mut String, value: &Value) {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(boolean) => text.push_str(if *boolean { "true" } else { "false" }),
        Value::Number(number) => text.push_str(&number_text(number)),
        Value::String(string) => write_string(text, string),
        Value::Array(items) => {
            text.push('[');
            for (idx, item) in items.iter().enumerate() {
                if idx > 0 {
                    text.push(',');
                }
                write_value(text, item);
            }
            text.push(']');
        }
        Value::Object(fields) => {
            // Sorted here because another crate in the build may enable insertion order in serde_json.
            let mut sorted: Vec<_> = fields.iter().collect();
            sorted.sort_unstable_by_key(|(name, _)| *name);
            text.push('{');
            for (idx, (name, field)) in sorted.into_iter().enumerate() {
                if idx > 0 {
                    text.push(',');
                }
                write_string(text, name);
                text.push(':');
                write_value(text, field);
            }
            text.push('}');
        }
    }
}

fn write_string(text: &mut String, string: &str) {
    text.push('"');
    let mut previous = ' ';
    for character in string.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\u{8}' => text.push_str("\\b"),
            '\u{c}' => text.push_str("\\f"),
            '{' if previous == '{' => {
                text.push_str("\\u007b");
                // An escaped `{` does not pair with the next one: the same as replacing `{{` from the left.
                previous = ' ';
                continue;
            }
            '$' => text.push_str("\\u0024"),
            ' '..='~' => text.push(character),
            other => {
                for unit in other.encode_utf16(&mut [0; 2]) {
                    write!(text, "\\u{unit:04x}").expect("writing to a string cannot fail");
                }
            }
        }
        previous = character;
    }
    text.push('"');
}

/// Formats a number as Go's `encoding/json` does: the shortest digits that read back, with an exponent only below 1e-6
/// and from 1e21 on.
pub fn number_text(number: &Number) -> String {
    match number.as_f64() {
        Some(float) if number.is_f64() => float_text(float),
        _ => number.to_string(),
    }
}

fn float_text(float: f64) -> String {
    let size = float.abs();
    if float == 0.0 {
        return if float.is_sign_negative() { "-0" } else { "0" }.to_owned();
    }
    if (1e-6..1e21).contains(&size) {
        return format!("{float}");
    }
    let text = format!("{float:e}");
    // Rust writes `1e21` where Go writes `1e+21`.
    text.replace('e', "e+").replace("e+-", "e-")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_are_written_as_go_writes_them() {
        for (value, text) in [
            (json!(0.1), "0.1"),
            (json!(1.0), "1"),
            (json!(-0.0), "-0"),
            (json!(1e20), "100000000000000000000"),
            (json!(1e21), "1e+21"),
            (json!(1e-6), "0.000001"),
            (json!(1e-7), "1e-7"),
            (json!(1.5e-9), "1.5e-9"),
            (json!(9_007_199_254_740_993_i64), "9007199254740993"),
            (json!(1_000_000), "1000000"),
        ] {
            assert_eq!(encode(&value), text);
        }
    }

    #[test]
    fn special_characters_are_escaped() {
        for (string, text) in [
            ("{{{", r#""{\u007b{""#),
            ("\u{8}\u{c}", r#""\b\f""#),
            ("$$", r#""\u0024\u0024""#),
            ("a\"\\\n\r\t", r#""a\"\\\n\r\t""#),
            ("\u{1}\u{7f}é", r#""\u0001\u007f\u00e9""#),
            ("🇩🇪", r#""\ud83c\udde9\ud83c\uddea""#),
        ] {
            assert_eq!(encode(&json!(string)), text);
        }
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let scalar = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_filter("finite", |float| float.is_finite()).prop_map(Value::from),
            "\\PC*|[{$\\\\\"\\x00-\\x1f]*".prop_map(Value::from),
        ];
        scalar.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(".*", inner, 0..4)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    /// Compares values like Go, where `1` and `1.0` are the same number.
    fn same(left: &Value, right: &Value) -> bool {
        match (left, right) {
            (Value::Number(left), Value::Number(right)) => left == right || left.as_f64() == right.as_f64(),
            (Value::Array(left), Value::Array(right)) => {
                left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
            }
            (Value::Object(left), Value::Object(right)) => {
                left.len() == right.len()
                    && left.iter().all(|(key, value)| right.get(key).is_some_and(|other| same(value, other)))
            }
            (left, right) => left == right,
        }
    }

    proptest! {
        #[test]
    fn every_value_reads_back_and_needs_no_further_escapes(value in any_value()) {
            let text = encode(&value);
            prop_assert!(text.bytes().all(|byte| (b' '..=b'~').contains(&byte)), "{}", text);
            prop_assert!(!text.contains("{{") && !text.contains('$'), "{}", text);
            prop_assert!(same(&decode(&text).unwrap(), &value), "{}", text);
        }
    }
}
