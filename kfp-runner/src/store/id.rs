//! The ids of runs.

use std::fmt;
use std::hash::{BuildHasher as _, RandomState};
use std::str::FromStr;

use crate::clock;

/// The id of a run: ids sort as the times of their runs' starts do.
///
/// ```
/// let id: kfp_runner::RunId = "20261124-020834-123-9f3a".parse()?;
/// assert_eq!(id.as_str(), "20261124-020834-123-9f3a");
/// # Ok::<(), kfp_runner::RunIdError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RunId(String);

/// Why a text is no id of a run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no id of a run: one looks like `20261124-020834-123-9f3a`")]
pub struct RunIdError(String);

impl RunId {
    /// An id that no other run has, to all likelihood; the store refuses it otherwise.
    pub(crate) fn new() -> Self {
        // The keys of a hash map's state are the randomness that the standard library has.
        let random = RandomState::new().hash_one(std::process::id()) & 0xffff;
        Self(format!("{}-{random:04x}", clock::stamp(clock::now())))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for RunId {
    type Err = RunIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let lengths: Vec<usize> = text.split('-').map(str::len).collect();
        let digits = text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
        if digits && lengths == [8, 6, 3, 4] {
            Ok(Self(text.to_owned()))
        } else {
            Err(RunIdError(text.to_owned()))
        }
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_read_back_and_paths_are_none() {
        let id = RunId::new();
        assert_eq!(id.as_str().parse(), Ok(id.clone()));
        for text in ["", "../../x", "20261124", "20261124-020834-123-zzzz"] {
            assert!(text.parse::<RunId>().is_err(), "{text}");
        }
    }
}
