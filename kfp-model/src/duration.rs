//! Durations such as `30s`, `90m`, `24h` and `7d`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Other spellings of units, longest first.
const SPELLINGS: [(&str, &str); 16] = [
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

/// A duration in whole seconds.
///
/// It is written as a number and a unit (`s`, `m`, `h` or `d`), or as several of these, such as `1h30m`.
///
/// ```
/// use kfp_model::Duration;
/// let week: Duration = "7d".parse()?;
/// assert_eq!(week.seconds(), 7 * 24 * 60 * 60);
/// assert_eq!(week.to_string(), "168h");
/// # Ok::<(), kfp_model::DurationError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "json-schema", schemars(extend("pattern" = "^([0-9]+[smhd])+$")))]
#[serde(try_from = "String", into = "String")]
pub struct Duration {
    seconds: u64,
}

/// The error for an invalid duration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("invalid duration `{text}`: expected a number and a unit, such as `30s`, `90m`, `24h` or `7d`")]
pub struct DurationError {
    text: String,
}

impl DurationError {
    /// Returns the invalid string.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the valid duration if only spaces and the spelling of the unit are invalid.
    ///
    /// ```
    /// use kfp_model::Duration;
    /// let error = "2 hours".parse::<Duration>().unwrap_err();
    /// assert_eq!(error.suggestion().as_deref(), Some("2h"));
    /// ```
    pub fn suggestion(&self) -> Option<String> {
        let compact: String = self.text.chars().filter(|c| !c.is_whitespace()).collect();
        let compact = compact.to_ascii_lowercase();
        let end = compact.find(|c: char| !c.is_ascii_digit())?;
        let (number, unit) = compact.split_at(end);
        let duration = match SPELLINGS.iter().find(|(spelling, _)| *spelling == unit) {
            Some((_, unit)) => format!("{number}{unit}"),
            None => compact,
        };
        duration.parse::<Duration>().is_ok().then_some(duration)
    }
}

impl Duration {
    /// Creates a duration from a number of seconds.
    pub const fn from_seconds(seconds: u64) -> Self {
        Self { seconds }
    }

    /// Returns the number of seconds.
    pub const fn seconds(self) -> u64 {
        self.seconds
    }
}

impl FromStr for Duration {
    type Err = DurationError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || DurationError { text: text.to_owned() };
        let mut seconds: u64 = 0;
        let mut rest = text;
        while !rest.is_empty() {
            let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let count: u64 = rest[..digits].parse().map_err(|_| error())?;
            let mut tail = rest[digits..].chars();
            let unit = match tail.next() {
                Some('s') => 1,
                Some('m') => 60,
                Some('h') => 60 * 60,
                Some('d') => 24 * 60 * 60,
                _ => return Err(error()),
            };
            seconds = count.checked_mul(unit).and_then(|part| seconds.checked_add(part)).ok_or_else(error)?;
            rest = tail.as_str();
        }
        if text.is_empty() { Err(error()) } else { Ok(Self { seconds }) }
    }
}

impl fmt::Display for Duration {
    /// Writes hours as the largest unit, because Go durations, which Argo reads, have no days.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.seconds {
            seconds if seconds > 0 && seconds.is_multiple_of(3600) => write!(f, "{}h", seconds / 3600),
            seconds if seconds > 0 && seconds.is_multiple_of(60) => write!(f, "{}m", seconds / 60),
            seconds => write!(f, "{seconds}s"),
        }
    }
}

impl TryFrom<String> for Duration {
    type Error = DurationError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Duration> for String {
    fn from(duration: Duration) -> Self {
        duration.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_exact_unit_is_written() {
        for (text, seconds, written) in [
            ("0s", 0, "0s"),
            ("30s", 30, "30s"),
            ("90m", 5400, "90m"),
            ("1h30m", 5400, "90m"),
            ("24h", 86_400, "24h"),
            ("7d", 604_800, "168h"),
        ] {
            let duration: Duration = text.parse().unwrap();
            assert_eq!((duration.seconds(), duration.to_string().as_str()), (seconds, written), "{text}");
        }
    }

    #[test]
    fn invalid_durations_are_rejected() {
        for text in ["", "5", "s", "soon", "-5s", "1.5h", "5 s", "5S", "99999999999999999999h", "1h2"] {
            assert!(text.parse::<Duration>().is_err(), "{text:?}");
        }
    }

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
            let error = text.parse::<Duration>().unwrap_err();
            assert_eq!(error.suggestion().as_deref(), expected, "{text}");
        }
    }
}
