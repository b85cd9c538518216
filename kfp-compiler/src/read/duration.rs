//! The duration that somebody meant who wrote its unit in another way.

use kfp_diag::Diagnostic;
use kfp_model::Duration;

/// Units as people write them, the longest first.
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

/// Offers the unit of a duration that has another one.
pub(super) fn with_unit(diagnostic: Diagnostic) -> Diagnostic {
    let message = diagnostic.message.clone();
    let text = message.strip_prefix('`').and_then(|rest| rest.split_once("` is no duration"));
    match text.and_then(|(text, _)| Some((text, nearest(text)?))) {
        Some((text, right)) => diagnostic.replace(format!("use `{right}`"), text, &right),
        None => diagnostic,
    }
}

/// The duration with the units that durations have, where only these and blanks are wrong.
fn nearest(text: &str) -> Option<String> {
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let compact = compact.to_ascii_lowercase();
    let end = compact.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = compact.split_at(end);
    let right = match UNITS.iter().find(|(written, _)| *written == unit) {
        Some((_, unit)) => format!("{number}{unit}"),
        None => compact,
    };
    right.parse::<Duration>().is_ok().then_some(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_understood() {
        for (text, right) in [
            ("10min", Some("10m")),
            ("2 hours", Some("2h")),
            ("7 D", Some("7d")),
            ("1h 30m", Some("1h30m")),
            ("5", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(nearest(text).as_deref(), right, "{text}");
        }
    }
}
