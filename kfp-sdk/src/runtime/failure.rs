//! How a group of tasks ended, as its exit task receives it.

use std::fmt;

use serde_json::Value as Json;

use super::mismatch::Mismatch;
use super::param::Param;

/// The state that a group of tasks ended in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "builder", derive(serde::Serialize))]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "builder", derive(serde::Serialize))]
#[cfg_attr(feature = "builder", serde(rename_all = "lowercase"))]
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
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "builder", derive(serde::Serialize))]
pub struct Failure {
    /// The path of the task within the exit handler's group, such as `all/2/train`: the names of the calls, loops,
    /// branches and groups around it, and after a loop the number of the iteration, counted from 0.
    pub task: String,
    /// The message of the last attempt, for people.
    pub message: String,
    /// The exit code, where the step ended by itself.
    pub exit_code: Option<i64>,
    /// The class that the step reported or that its exit code means, where the step ended by itself.
    pub class: Option<FailureClass>,
}

impl State {
    pub(crate) const ALL: [Self; 5] =
        [Self::Succeeded, Self::Failed, Self::Error, Self::Skipped, Self::Omitted];

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
    pub(crate) const ALL: [Self; 4] = [Self::Data, Self::Permanent, Self::Transient, Self::Unknown];

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

macro_rules! words {
    ($type:ty, $what:literal) => {
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

words!(State, "the state of a group of tasks");
words!(FailureClass, "the class of a failure");

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
    use serde_json::json;

    use super::*;

    #[test]
    fn failures_come_back() {
        let json = json!([
            {"task": "train", "message": "no rows", "exit_code": 10, "class": "data"},
            {"task": "load", "message": "killed", "exit_code": null, "class": null},
        ]);
        let failures = Vec::<Failure>::decode(&json).unwrap();
        assert_eq!(failures[0].class, Some(FailureClass::Data));
        assert_eq!(failures.encode().unwrap(), json);
        #[cfg(feature = "builder")]
        assert_eq!(serde_json::to_value(&failures).unwrap(), json);
    }

    #[test]
    fn other_words_are_refused() {
        let error = State::decode(&json!("succeeded")).unwrap_err();
        assert_eq!(error.to_string(), r#"expected the state of a group of tasks, found `"succeeded"`"#);
    }
}
