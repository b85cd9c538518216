//! Classes of failures: why an attempt of a step failed, as far as it decides about the next one.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why an attempt of a step failed.
///
/// Every attempt has the first class of this list that fits it, so that what ends a step that ran too long is
/// not taken for a lack of memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum FailureClass {
    /// It ran longer than its timeout.
    Timeout,
    /// Its machine was taken away, or it was told to end (exit code 143).
    SpotReclaimed,
    /// It was killed (exit code 137), which is how a lack of memory ends.
    Oom,
    /// The data is wrong (exit code 10): never tried again where no tier says so.
    Data,
    /// Trying again cannot help (exit code 11): never tried again where no tier says so.
    Permanent,
    /// It may be gone next time (exit code 75).
    Transient,
    /// Nothing is known about it.
    Unknown,
}

impl FailureClass {
    /// Every class, in the order in which they are asked for.
    pub const ALL: [Self; 7] = [
        Self::Timeout,
        Self::SpotReclaimed,
        Self::Oom,
        Self::Data,
        Self::Permanent,
        Self::Transient,
        Self::Unknown,
    ];

    /// The class that an exit code stands for.
    pub fn of_exit_code(code: i32) -> Self {
        Self::ALL.into_iter().find(|class| class.exit_code() == Some(code)).unwrap_or(Self::Unknown)
    }

    /// The exit code that stands for the class, where there is one.
    pub fn exit_code(self) -> Option<i32> {
        match self {
            Self::Data => Some(10),
            Self::Permanent => Some(11),
            Self::Transient => Some(75),
            Self::SpotReclaimed => Some(143),
            Self::Oom => Some(137),
            Self::Timeout | Self::Unknown => None,
        }
    }

    /// The name in documents, termination logs and messages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::SpotReclaimed => "spot_reclaimed",
            Self::Oom => "oom",
            Self::Data => "data",
            Self::Permanent => "permanent",
            Self::Transient => "transient",
            Self::Unknown => "unknown",
        }
    }

    /// The class of that name, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.as_str() == name)
    }

    /// Whether a step that has retries left is tried again where no tier says anything.
    pub fn may_retry(self) -> bool {
        !matches!(self, Self::Data | Self::Permanent)
    }
}

impl fmt::Display for FailureClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_exit_codes_lead_back_to_their_class() {
        for class in FailureClass::ALL {
            assert_eq!(serde_json::to_value(class).unwrap(), class.as_str());
            assert_eq!(FailureClass::from_name(class.as_str()), Some(class));
            assert_eq!(
                FailureClass::of_exit_code(class.exit_code().unwrap_or(1)).exit_code(),
                class.exit_code()
            );
        }
        assert!(FailureClass::ALL.is_sorted());
    }
}
