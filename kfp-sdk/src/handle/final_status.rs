//! The handle with which an exit task learns how its group ended.

use kfp_model::{Type, status};

use super::out::Out;
use crate::notes::Raw;
use crate::runtime::{Failure, State};
use crate::value::Value;

/// How a group of tasks ended; a pipeline has it as the handle that `finally` gives.
#[derive(Debug)]
pub enum FinalStatus {}

/// What the handle of a [`FinalStatus`] has.
#[derive(Clone, Copy)]
pub struct FinalStatusFields(Raw);

impl FinalStatusFields {
    /// The state that the group ended in.
    #[track_caller]
    pub fn state(self) -> Out<State> {
        Out::field(self.0, "state")
    }

    /// What failed.
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
