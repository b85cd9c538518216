//! How tasks and runs end.

use std::fmt;

/// How a task or a run ended, or that it has not yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// It has started and not ended.
    Running,
    /// It did what it should.
    Succeeded,
    /// Its result was taken from the cache.
    Cached,
    /// The step, or something in the group, failed.
    Failed,
    /// The step could not be started at all.
    Error,
    /// It was not needed: its arm was not taken, or something before it was skipped.
    Skipped,
    /// It did not run because something before it failed.
    Omitted,
    /// It was ended, or never started, because the run was cancelled.
    Cancelled,
    /// The program that ran it is gone; the run can be resumed.
    Interrupted,
}

impl State {
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

    /// The name of the state, as the store and the final status of a guard write it.
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

    /// Whether the outputs are there.
    pub fn has_outputs(self) -> bool {
        matches!(self, Self::Succeeded | Self::Cached)
    }

    /// The state of that name, if there is one.
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
