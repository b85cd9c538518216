//! The final status that an exit task receives.

use kfp_model::{Type, status};

use super::out::Out;
use crate::notes::Raw;
use crate::runtime::{Failure, State};
use crate::value::Value;

/// The final status of a group of tasks. [`ExitHandler::finally`](crate::ExitHandler::finally) passes its handle to
/// the closure that adds the exit task.
#[derive(Debug)]
pub enum FinalStatus {}

/// The fields of the handle of a [`FinalStatus`].
#[derive(Clone, Copy)]
pub struct FinalStatusFields(Raw);

impl FinalStatusFields {
    /// Returns the final state of the group.
    #[track_caller]
    pub fn state(self) -> Out<State> {
        Out::field(self.0, "state")
    }

    /// Returns the list of failed tasks.
    #[track_caller]
    pub fn failures(self) -> Out<Vec<Failure>> {
        Out::field(self.0, "failures")
    }
}

impl From<Raw> for FinalStatusFields {
    fn from(raw: Raw) -> Self {
        Self(raw)
    }
}

impl Value for FinalStatus {
    type Fields = FinalStatusFields;
    type Optional = Option<Self>;
    type Present = Self;

    fn value_type() -> Type {
        status::final_status_type()
    }
}
