//! States of tasks and runs.

use std::fmt;

/// The state of a task or a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// It has started and not ended.
    Running,
    /// It completed successfully.
    Succeeded,
    /// Its result was taken from the cache.
    Cached,
    /// The step failed, or a task within the group.
    Failed,
    /// The step could not be started.
    Error,
    /// It was not needed: its arm was not taken, or a dependency was skipped.
    Skipped,
    /// It did not run because a dependency failed.
    Omitted,
    /// It was ended, or not started, because the run was cancelled.
    Cancelled,
    /// The process that ran it is gone; the run can be resumed.
    Interrupted,
}

impl State {
    #[cfg(any(test, feature = "store"))]
    const ALL: [Self; 9] = [
        Self::Running,
        Self::Succeeded,
        Self::Cached,
        Self::Failed,
        Self::Error,
        Self::Skipped,
        Self::Omitted,
        Self::Cancelled,
        Self::Interrupted,
    ];

    /// Returns the name of the state in the store and in the final status for exit handlers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "Running",
            Self::Succeeded => "Succeeded",
            Self::Cached => "Cached",
            Self::Failed => "Failed",
            Self::Error => "Error",
            Self::Skipped => "Skipped",
            Self::Omitted => "Omitted",
            Self::Cancelled => "Cancelled",
            Self::Interrupted => "Interrupted",
        }
    }

    /// Returns whether a task in this state has outputs.
    pub fn has_outputs(self) -> bool {
        matches!(self, Self::Succeeded | Self::Cached)
    }

    /// Returns the state of that name, if there is one.
    #[cfg(any(test, feature = "store"))]
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        for state in State::ALL {
            assert_eq!(State::from_name(state.as_str()), Some(state));
        }
    }
}
