//! Go durations: `90s`, `1h30m`, `1.5h`. There is no unit for days.

use kfp_diag::source::Tree;
use kfp_diag::{Diagnostic, codes};

use super::fixed::fixed;
use crate::cursor::Cursor;

/// The format of a field.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    /// A duration, or a number of seconds.
    Seconds,
    /// A duration with units.
    Units,
}

/// Type, field and form.
const FIELDS: [(&str, &str, Form); 9] = [
    ("Backoff", "cap", Form::Seconds),
    ("Backoff", "duration", Form::Seconds),
    ("Backoff", "maxDuration", Form::Seconds),
    ("ContainerSetRetryStrategy", "duration", Form::Units),
    ("Memoize", "maxAge", Form::Units),
    ("PodGC", "deleteDelayDuration", Form::Seconds),
    ("SuspendTemplate", "duration", Form::Seconds),
    ("Template", "pendingTimeout", Form::Units),
    ("Template", "timeout", Form::Units),
];

const UNITS: [(&str, f64); 8] = [
    ("ns", 1e-9),
    ("us", 1e-6),
    ("\u{b5}s", 1e-6),
    ("\u{3bc}s", 1e-6),
    ("ms", 1e-3),
    ("s", 1.0),
    ("m", 60.0),
    ("h", 3600.0),
];

pub(super) fn check(r#type: &str, tree: &Tree, cursor: &Cursor<'_>, found: &mut Vec<Diagnostic>) {
    for (_, field, form) in FIELDS.iter().filter(|(owner, ..)| *owner == r#type) {
        let Some(text) = fixed(tree, field).filter(|text| !text.is_empty()) else { continue };
        let is_number = text.parse::<i64>().is_ok();
        let fits = match form {
            Form::Seconds => is_number || seconds(text).is_some(),
            Form::Units => !(is_number && text != "0") && seconds(text).is_some(),
        };
        if fits {
            continue;
        }
        let message = format!("invalid duration `{text}`");
        let diagnostic = Diagnostic::error(codes::ARGO_DURATION, &cursor.place().key(field), message);
        found.push(match suggestion(text) {
            Some(right) => diagnostic.help(format!("use `{right}`")),
            None => {
                diagnostic.help("use numbers with the units `h`, `m`, `s` or `ms`, such as `90s` or `1h30m`")
            }
        });
    }
}

/// Returns the duration with a unit for a number in a field that requires one.
pub(crate) fn quoted(r#type: &str, field: &str, number: i128) -> Option<String> {
    let known = FIELDS.iter().find(|(owner, name, _)| *owner == r#type && *name == field);
    known.filter(|(_, _, form)| *form == Form::Units)?;
    suggestion(&number.to_string())
}

/// Parses a duration and returns its seconds.
pub(super) fn seconds(text: &str) -> Option<f64> {
    let mut rest = text.strip_prefix(['+', '-']).unwrap_or(text);
    if rest == "0" {
        return Some(0.0);
    }
    if rest.is_empty() {
        return None;
    }
    let mut sum = 0.0;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, tail) = rest.split_at(end);
        let number: f64 = number.parse().ok()?;
        // Prefer `ms` to `m`.
        let (unit, factor) =
            UNITS.iter().filter(|(unit, _)| tail.starts_with(unit)).max_by_key(|(unit, _)| unit.len())?;
        sum += number * factor;
        rest = &tail[unit.len()..];
    }
    Some(sum)
}

/// Returns the probably intended duration: with a unit, or with days converted to hours.
fn suggestion(text: &str) -> Option<String> {
    if text.parse::<u64>().is_ok() {
        return Some(format!("{text}s"));
    }
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if seconds(&compact).is_some() {
        return Some(compact);
    }
    let end = compact.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = compact.split_at(end);
    let number: u64 = number.parse().ok()?;
    match unit.to_ascii_lowercase().as_str() {
        "d" | "day" | "days" => Some(format!("{}h", number.checked_mul(24)?)),
        "w" | "week" | "weeks" => Some(format!("{}h", number.checked_mul(168)?)),
        "h" | "hour" | "hours" => Some(format!("{number}h")),
        "m" | "min" | "mins" | "minute" | "minutes" => Some(format!("{number}m")),
        "s" | "sec" | "secs" | "second" | "seconds" => Some(format!("{number}s")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_parsed_as_in_go() {
        for (text, expected) in [
            ("90s", Some(90.0)),
            ("1h30m", Some(5400.0)),
            ("1.5h", Some(5400.0)),
            ("100ms", Some(0.1)),
            ("-1s", Some(1.0)),
            ("0", Some(0.0)),
            ("1d", None),
            ("5", None),
            ("1 h", None),
            ("", None),
            ("h", None),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }

    #[test]
    fn suggestions_are_valid_durations() {
        for (text, right) in [
            ("7d", Some("168h")),
            ("5", Some("5s")),
            ("1 h", Some("1h")),
            ("3 minutes", Some("3m")),
            ("soon", None),
        ] {
            assert_eq!(suggestion(text).as_deref(), right, "{text}");
        }
    }
}
