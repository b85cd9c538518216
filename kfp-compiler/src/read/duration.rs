//! Suggestions for durations with other units.

use kfp_diag::Diagnostic;
use kfp_model::Duration;

/// Other spellings of units, longest first.
const UNITS: [(&str, &str); 16] = [
    ("seconds", "s"),
    ("minutes", "m"),
    ("second", "s"),
    ("minute", "m"),
    ("hours", "h"),
    ("secs", "s"),
    ("mins", "m"),
    ("hour", "h"),
    ("days", "d"),
    ("sec", "s"),
    ("min", "m"),
    ("hrs", "h"),
    ("day", "d"),
    ("hr", "h"),
    ("s", "s"),
    ("m", "m"),
];

/// Suggests a valid duration if only the spelling of the unit is invalid.
pub(super) fn with_unit(diagnostic: Diagnostic) -> Diagnostic {
    let message = diagnostic.message.clone();
    let text = message.strip_prefix("invalid duration `").and_then(|rest| rest.split_once('`'));
    match text.and_then(|(text, _)| Some((text, nearest(text)?))) {
        Some((text, valid)) => diagnostic.replace(format!("use `{valid}`"), text, &valid),
        None => diagnostic,
    }
}

/// Returns the valid duration if only spaces and the spelling of the unit are invalid.
fn nearest(text: &str) -> Option<String> {
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let compact = compact.to_ascii_lowercase();
    let end = compact.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = compact.split_at(end);
    let duration = match UNITS.iter().find(|(spelling, _)| *spelling == unit) {
        Some((_, unit)) => format!("{number}{unit}"),
        None => compact,
    };
    duration.parse::<Duration>().is_ok().then_some(duration)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_units_are_converted() {
        for (text, expected) in [
            ("10min", Some("10m")),
            ("2 hours", Some("2h")),
            ("7 D", Some("7d")),
            ("1h 30m", Some("1h30m")),
            ("5", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(nearest(text).as_deref(), expected, "{text}");
        }
    }
}
