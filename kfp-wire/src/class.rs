//! Failure classes, which decide whether and how an attempt of a step is retried.

use std::fmt;

/// The class of a failed attempt of a step, which decides whether and how the step is retried.
///
/// A step reports one of the [classes of steps](Self::OF_STEPS) itself, through its exit code. The others describe how
/// an attempt was terminated.
///
/// The first class that applies is used: for example, a step that is killed after its timeout is not reported as out of
/// memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
pub enum FailureClass {
    /// The attempt exceeded its timeout.
    Timeout,
    /// Its machine was reclaimed, or it was terminated with SIGTERM (exit code 143).
    SpotReclaimed,
    /// It was killed with SIGKILL (exit code 137), usually because it ran out of memory.
    Oom,
    /// The input data is invalid (exit code 10). Not retried unless there is a tier for this class.
    Data,
    /// A retry cannot help (exit code 11). Not retried unless there is a tier for this class.
    Permanent,
    /// A temporary problem (exit code 75).
    Transient,
    /// Any other failure.
    Unknown,
}

impl FailureClass {
    /// All classes, in the order in which they are tested.
    pub const ALL: [Self; 7] = [
        Self::Timeout,
        Self::SpotReclaimed,
        Self::Oom,
        Self::Data,
        Self::Permanent,
        Self::Transient,
        Self::Unknown,
    ];

    /// The classes that a step reports itself. Only these appear in the list of failures that an exit task receives.
    pub const OF_STEPS: [Self; 4] = [Self::Data, Self::Permanent, Self::Transient, Self::Unknown];

    /// Returns the class of an exit code.
    pub fn of_exit_code(code: i32) -> Self {
        Self::ALL.into_iter().find(|class| class.exit_code() == Some(code)).unwrap_or(Self::Unknown)
    }

    /// Returns the exit code of the class, if it has one.
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

    /// Returns the name that documents, termination logs and messages use.
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

    /// Returns the class with that name, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.as_str() == name)
    }

    /// Whether failures of the class are retried if there is no tier for it.
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
    fn names_and_exit_codes_identify_their_class() {
        for class in FailureClass::ALL {
            #[cfg(feature = "serde")]
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
