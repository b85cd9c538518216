//! Errors that are already reported, for example by cargo or by a pipeline binary.

use std::fmt;

use crate::Outcome;

/// An error about which nothing more needs to be printed.
#[derive(Debug)]
pub(crate) struct Reported(pub(crate) Outcome);

impl fmt::Display for Reported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("see the errors above")
    }
}

impl std::error::Error for Reported {}

/// Returns how the command ends, if the error is already reported.
pub(crate) fn outcome_of(error: &anyhow::Error) -> Option<Outcome> {
    error.downcast_ref::<Reported>().map(|reported| reported.0)
}
