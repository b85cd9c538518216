//! States and failures of a group of tasks, which its exit task receives.

use std::fmt;

use kfp_wire::FailureClass;
use serde_json::Value as Json;

use super::mismatch::Mismatch;
use super::param::Param;

/// The final state of a group of tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "builder", derive(serde::Serialize))]
pub enum State {
    /// All tasks succeeded.
    Succeeded,
    /// A step failed.
    Failed,
    /// An error outside the steps occurred, such as a pod that could not be created.
    Error,
    /// The group did not run because a condition was false.
    Skipped,
    /// The group did not run because a task before it did not succeed.
    Omitted,
}

/// The failure of one task.
///
/// A list of failures is sorted by path and contains the first 100. If there are more than 16, messages are shortened
/// to at most 32,768 characters in total. If failures are left out, the last entry has the task `...` and a message
/// such as `37 more failures are not listed`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "builder", derive(serde::Serialize))]
pub struct Failure {
    /// The path of the task within the exit handler's group, such as `all/2/train`: the names of the calls, loops,
    /// branches and exit handlers around it, and after a loop the number of the iteration, starting at 0.
    pub task: String,
    /// The message of the last attempt.
    pub message: String,
    /// The exit code, unless the step was killed or did not start.
    pub exit_code: Option<i64>,
    /// The class that the step reported or that its exit code stands for, unless the step was killed or did not start.
    pub class: Option<FailureClass>,
}

impl State {
    pub(crate) const ALL: [Self; 5] =
        [Self::Succeeded, Self::Failed, Self::Error, Self::Skipped, Self::Omitted];

    /// Returns the name in documents and messages.
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

impl Param for State {
    fn decode(json: &Json) -> Result<Self, Mismatch> {
        let matches = |state: &Self| json.as_str() == Some(state.as_str());
        Self::ALL.into_iter().find(matches).ok_or_else(|| {
            Mismatch::expected("one of `Succeeded`, `Failed`, `Error`, `Skipped`, `Omitted`", json)
        })
    }

    fn encode(&self) -> Result<Json, Mismatch> {
        Ok(Json::from(self.as_str()))
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The values are the classes that a step reports itself.
impl Param for FailureClass {
    fn decode(json: &Json) -> Result<Self, Mismatch> {
        let matches = |class: &Self| json.as_str() == Some(class.as_str());
        Self::OF_STEPS
            .into_iter()
            .find(matches)
            .ok_or_else(|| Mismatch::expected("one of `data`, `permanent`, `transient`, `unknown`", json))
    }

    fn encode(&self) -> Result<Json, Mismatch> {
        if Self::OF_STEPS.contains(self) {
            return Ok(Json::from(self.as_str()));
        }
        Err(Mismatch::new(format!("a step cannot report a failure of class `{self}`")))
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
    use serde_json::json;

    use super::*;

    #[test]
    fn failures_round_trip() {
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
    fn only_classes_of_steps_are_values() {
        assert_eq!(FailureClass::Data.encode().unwrap(), json!("data"));
        let error = FailureClass::Oom.encode().unwrap_err().to_string();
        assert_eq!(error, "a step cannot report a failure of class `oom`");
        assert!(FailureClass::decode(&json!("oom")).is_err());
    }

    #[test]
    fn unknown_states_are_rejected() {
        let error = State::decode(&json!("succeeded")).unwrap_err();
        let expect =
            r#"expected one of `Succeeded`, `Failed`, `Error`, `Skipped`, `Omitted`, found `"succeeded"`"#;
        assert_eq!(error.to_string(), expect);
    }
}
