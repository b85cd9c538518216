//! How a group of tasks ended, as its exit task is told.

use std::fmt;

use kfp_model::status;
use kfp_model::{Class, Type};
use serde::Serialize;
use serde_json::Value as Json;

use super::{Mismatch, NoFields, Param, Value};
use crate::handle::{Out, Raw};

/// How a group of tasks ended; a pipeline has it as the handle that `finally` gives.
#[derive(Debug)]
pub enum FinalStatus {}

/// What the handle of a [`FinalStatus`] has.
#[derive(Clone, Copy)]
pub struct FinalStatusFields(Raw);

/// The state that a group of tasks ended in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum State {
    /// Everything went well.
    Succeeded,
    /// A step failed.
    Failed,
    /// Something around the steps failed.
    Error,
    /// Nothing ran, as a condition did not hold.
    Skipped,
    /// Nothing ran, as something before did not succeed.
    Omitted,
}

/// The class of a failure, which says whether trying again can help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FailureClass {
    /// The data is wrong: tried again only where a tier of the retry says so.
    Data,
    /// Trying again cannot help: tried again only where a tier of the retry says so.
    Permanent,
    /// It may be gone next time.
    Transient,
    /// Nothing is known about it.
    Unknown,
}

/// The failure of one task.
///
/// A list of failures is sorted by path. It names the first 100, and shortens messages where there are more than 16:
/// together they have at most 32,768 characters. Where failures are left out, a last entry with the task `...` and a
/// message such as `37 more failures are not listed` counts them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// The path of the task within the exit handler's group, such as `all/2/train`: the names of the calls, loops,
    /// branches and groups around it, and after a loop the number of the iteration, counted from 0.
    pub task: String,
    /// The message of the last attempt, for people.
    pub message: String,
    /// The exit code, where the step ended by itself.
    pub exit_code: Option<i64>,
    /// The class that the step reported or that its exit code stands for, where the step ended by itself.
    pub class: Option<FailureClass>,
}

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

impl State {
    const ALL: [Self; 5] = [Self::Succeeded, Self::Failed, Self::Error, Self::Skipped, Self::Omitted];

    /// The name in documents and messages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Succeeded => "Succeeded",
            Self::Failed => "Failed",
            Self::Error => "Error",
            Self::Skipped => "Skipped",
            Self::Omitted => "Omitted",
        }
    }
}

impl FailureClass {
    const ALL: [Self; 4] = [Self::Data, Self::Permanent, Self::Transient, Self::Unknown];

    /// The name in documents and messages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Permanent => "permanent",
            Self::Transient => "transient",
            Self::Unknown => "unknown",
        }
    }
}

impl From<FailureClass> for Class {
    fn from(class: FailureClass) -> Self {
        match class {
            FailureClass::Data => Self::Data,
            FailureClass::Permanent => Self::Permanent,
            FailureClass::Transient => Self::Transient,
            FailureClass::Unknown => Self::Unknown,
        }
    }
}

macro_rules! words {
    ($type:ty, $model:expr, $what:literal) => {
        impl Value for $type {
            type Fields = NoFields;
            type Optional = Option<Self>;
            type Present = Self;

            fn value_type() -> Type {
                $model
            }
        }

        impl Param for $type {
            fn decode(json: &Json) -> Result<Self, Mismatch> {
                let word = |word: &Self| json.as_str() == Some(word.as_str());
                Self::ALL.into_iter().find(word).ok_or_else(|| Mismatch::expected($what, json))
            }

            fn encode(&self) -> Result<Json, Mismatch> {
                Ok(Json::from(self.as_str()))
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

words!(State, status::state_type(), "the state of a group of tasks");
words!(FailureClass, status::failure_class_type(), "the class of a failure");

impl Value for Failure {
    type Fields = NoFields;
    type Optional = Option<Self>;
    type Present = Self;

    fn value_type() -> Type {
        status::failure_type()
    }
}

impl Param for Failure {
    fn decode(json: &Json) -> Result<Self, Mismatch> {
        let object = json.as_object().ok_or_else(|| Mismatch::expected("a failure", json))?;
        let field = |name: &str| object.get(name).unwrap_or(&Json::Null);
        Ok(Self {
            task: String::decode(field("task")).map_err(|e| e.at_field("task"))?,
            message: String::decode(field("message")).map_err(|e| e.at_field("message"))?,
            exit_code: Option::decode(field("exit_code")).map_err(|e| e.at_field("exit_code"))?,
            class: Option::decode(field("class")).map_err(|e| e.at_field("class"))?,
        })
    }

    fn encode(&self) -> Result<Json, Mismatch> {
        Ok(serde_json::json!({
            "task": self.task,
            "message": self.message,
            "exit_code": self.exit_code,
            "class": self.class.map(FailureClass::as_str),
        }))
    }
}

#[cfg(test)]
mod tests {
    use kfp_model::status::{FAILURE_CLASSES, STATES};
    use serde_json::json;

    use super::*;

    #[test]
    fn the_words_are_those_of_the_model() {
        assert_eq!(State::ALL.map(State::as_str), STATES);
        assert_eq!(FailureClass::ALL.map(FailureClass::as_str), FAILURE_CLASSES);
    }

    #[test]
    fn failures_come_back() {
        let json = json!([
            {"task": "train", "message": "no rows", "exit_code": 10, "class": "data"},
            {"task": "load", "message": "killed", "exit_code": null, "class": null},
        ]);
        let failures = Vec::<Failure>::decode(&json).unwrap();
        assert_eq!(failures[0].class, Some(FailureClass::Data));
        assert_eq!(failures.encode().unwrap(), json);
        assert_eq!(serde_json::to_value(&failures).unwrap(), json);
        assert!(Type::accepts_value(&Vec::<Failure>::value_type(), &json));
    }

    #[test]
    fn other_words_are_refused() {
        let error = State::decode(&json!("succeeded")).unwrap_err();
        assert_eq!(error.to_string(), r#"expected the state of a group of tasks, found `"succeeded"`"#);
    }
}
