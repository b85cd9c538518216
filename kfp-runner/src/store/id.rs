//! The ids of runs.

use std::fmt;
use std::str::FromStr;

use ulid::Ulid;

use crate::clock;

/// The id of a run: a ULID in lowercase, so ids sort by the time at which their runs started.
///
/// ```
/// let id: kfp_runner::RunId = "01KXZ3NDEKTSV4RRFFQ69G5FAV".parse()?;
/// assert_eq!(id.as_str(), "01kxz3ndektsv4rrffq69g5fav");
/// # Ok::<(), kfp_runner::RunIdError>(())
/// ```
///
/// Ids of earlier versions, such as `20261124-020834-123-9f3a`, are accepted as well.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RunId(String);

/// Why a string is not the id of a run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("invalid run id `{0}`, expected an id such as `01kxz3ndektsv4rrffq69g5fav`")]
pub struct RunIdError(String);

impl RunId {
    /// Returns a random id. In the unlikely case that another run has it, the store refuses it.
    pub(crate) fn new() -> Self {
        let millis = u64::try_from(clock::now()).unwrap_or_default();
        Self(Ulid::from_parts(millis, fastrand::u128(..)).to_string().to_ascii_lowercase())
    }

    /// Returns the id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for RunId {
    type Err = RunIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.parse::<Ulid>().is_ok() || is_of_earlier_version(text) {
            Ok(Self(text.to_ascii_lowercase()))
        } else {
            Err(RunIdError(text.to_owned()))
        }
    }
}

/// Returns whether the text is an id of an earlier version: a date, a time and four random digits.
fn is_of_earlier_version(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-') && lengths == [8, 6, 3, 4]
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
    fn ids_read_back_and_paths_are_refused() {
        let id = RunId::new();
        assert_eq!(id.as_str().parse(), Ok(id.clone()));
        assert_eq!(id.as_str().to_ascii_uppercase().parse(), Ok(id));
        assert!("20261124-020834-123-9f3a".parse::<RunId>().is_ok());
        for text in ["", "../../x", "20261124", "20261124-020834-123-zzzz", "01kxz3ndektsv4rrffq69g5fa/"] {
            assert!(text.parse::<RunId>().is_err(), "{text}");
        }
    }
}
