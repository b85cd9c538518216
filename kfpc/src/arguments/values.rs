//! Values of options that are not built into the argument parser.

use std::str::FromStr;

use schemars::JsonSchema;
use serde::Deserialize;

/// A size in bytes, such as `0`, `500M` or `10Gi`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(with = "String", extend("pattern" = "^[0-9]+([kKMGT]|[KMG]i)?$"))]
#[serde(try_from = "String")]
pub(crate) struct Size(pub(crate) u64);

/// The units, as for memory quantities in Kubernetes.
const UNITS: [(&str, u64); 9] = [
    ("", 1),
    ("k", 1000),
    ("K", 1000),
    ("M", 1_000_000),
    ("G", 1_000_000_000),
    ("T", 1_000_000_000_000),
    ("Ki", 1 << 10),
    ("Mi", 1 << 20),
    ("Gi", 1 << 30),
];

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let digits = text.len() - text.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
        let (number, unit) = text.split_at(digits);
        let factor = UNITS.iter().find(|(name, _)| *name == unit).map(|(_, factor)| factor);
        match factor {
            Some(factor) if !number.is_empty() => {
                // Digits that are not a number are too many of them.
                let size = number.parse::<u64>().ok().and_then(|number| number.checked_mul(*factor));
                size.map(Self).ok_or_else(|| "the size is too large".to_owned())
            }
            _ => Err("expected a number and a unit, such as `500M` or `10Gi`".to_owned()),
        }
    }
}

impl TryFrom<String> for Size {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse().map_err(|error| format!("invalid size `{text}`: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
        for (text, size) in [
            ("0", Some(0)),
            ("12k", Some(12_000)),
            ("2Gi", Some(2 << 30)),
            ("1.5G", None),
            ("G", None),
            ("", None),
        ] {
            assert_eq!(text.parse().ok(), size.map(Size), "{text}");
        }
        for text in ["99999999999T", "99999999999999999999999G"] {
            assert_eq!(text.parse::<Size>(), Err("the size is too large".to_owned()));
        }
    }
}
