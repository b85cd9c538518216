//! Approvals: answers that are known before the run, and prompts while it is in progress.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use indexmap::IndexMap;
use kfp_model::{Approval, Input, Output, Task};
use serde_json::Value;

use crate::arguments::{self, ArgumentProblem, Interface};
use crate::spelling::nearest;

/// The answer to an approval.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// The run continues with these values, by the names of the approval's outputs.
    Approved(BTreeMap<String, Value>),
    /// The task fails.
    Refused,
}

/// A prompt for an approver.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Question {
    /// The names on the path to the task, joined by `/`.
    pub path: String,
    /// The name of the task.
    pub name: String,
    /// The message, and the values that the approver enters.
    pub approval: Approval,
}

/// Answers approvals while a run is in progress.
///
/// Each prompt runs on its own thread, in parallel with steps and possibly with other prompts. A run that ends
/// before the answer does not wait for it.
///
/// ```
/// use std::collections::BTreeMap;
///
/// use kfp_runner::{Answer, Approver, Options};
///
/// let mut options = Options::new(".kfp");
/// options.approver = Some(Approver::new(|question| {
///     println!("{}: {}", question.name, question.approval.message);
///     Answer::Approved(BTreeMap::new())
/// }));
/// ```
#[derive(Clone)]
pub struct Approver(Arc<dyn Fn(&Question) -> Answer + Send + Sync>);

/// An approval task of the pipelines of a run.
pub(crate) struct ApprovalTask<'a> {
    pub(crate) task: &'a Task,
    pub(crate) approval: &'a Approval,
}

impl Question {
    /// Creates the question of the task with this path and name.
    pub fn new(path: impl Into<String>, name: impl Into<String>, approval: Approval) -> Self {
        Self { path: path.into(), name: name.into(), approval }
    }
}

impl Approver {
    /// Creates an approver that calls `ask`, which returns once there is an answer.
    pub fn new(ask: impl Fn(&Question) -> Answer + Send + Sync + 'static) -> Self {
        Self(Arc::new(ask))
    }

    pub(crate) fn ask(&self, question: &Question) -> Answer {
        (self.0)(question)
    }
}

impl fmt::Debug for Approver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Approver")
    }
}

/// Returns the answer for a task: by its id, else by its name.
pub(crate) fn answer_of<'g>(answers: &'g BTreeMap<String, Answer>, task: &Task) -> Option<&'g Answer> {
    answers.get(&task.id.0).or_else(|| answers.get(&task.name))
}

/// Returns all problems with the answers, and the approvals that have no answer if no approver is set.
pub(crate) fn problems(
    tasks: &[ApprovalTask<'_>],
    answers: &BTreeMap<String, Answer>,
    has_approver: bool,
) -> Vec<String> {
    let mut problems = BTreeSet::new();
    for ApprovalTask { task, approval } in tasks {
        match answer_of(answers, task) {
            Some(Answer::Approved(values)) => {
                if let Err(invalid) = check(&task.name, approval, values.clone()) {
                    problems.extend(invalid);
                }
            }
            None if !has_approver => {
                problems.insert(unanswered(task, approval));
            }
            Some(Answer::Refused) | None => {}
        }
    }
    let names: BTreeSet<&str> =
        tasks.iter().flat_map(|entry| [entry.task.name.as_str(), &entry.task.id.0]).collect();
    let names: Vec<&str> = names.into_iter().collect();
    let unknown = answers.keys().filter(|name| !names.contains(&name.as_str()));
    problems.extend(unknown.map(|name| {
        let advice = match nearest(name, &names) {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None if names.is_empty() => "the pipeline has no approvals".to_owned(),
            None => format!("expected one of {}", arguments::quoted(&names)),
        };
        format!("unknown approval task `{name}`: {advice}")
    }));
    problems.into_iter().collect()
}

/// Checks the values that an approver has entered, and returns them.
pub(crate) fn check(
    name: &str,
    approval: &Approval,
    values: BTreeMap<String, Value>,
) -> Result<BTreeMap<String, Value>, Vec<String>> {
    let owner = format!("the approval `{name}`");
    let inputs: IndexMap<String, Input> = approval
        .outputs
        .iter()
        .map(|(name, output)| {
            let r#type = output.r#type.clone();
            (name.clone(), Input { r#type, description: String::new(), default: None })
        })
        .collect();
    let interface = Interface { noun: "value", owner: &owner, inputs: &inputs };
    let message = |problem: ArgumentProblem| {
        if problem.message.contains(&owner) { problem.message } else { format!("{owner}: {problem}") }
    };
    arguments::check(&interface, values).map_err(|problems| problems.into_iter().map(message).collect())
}

/// The message about an approval without an answer.
fn unanswered(task: &Task, approval: &Approval) -> String {
    let name = &task.name;
    let value = |(name, output): (&String, &Output)| format!("\"{name}\": <{}>", output.r#type);
    let values: Vec<String> = approval.outputs.iter().map(value).collect();
    let approve = match values.as_slice() {
        [] => format!("--approve {name}"),
        values => format!("--approve '{name}={{{}}}'", values.join(", ")),
    };
    format!("the task `{name}` requires an approval, and prompts are not available: pass `{approve}`")
}

#[cfg(test)]
mod tests {
    use kfp_model::TaskKind;
    use serde_json::json;

    use super::*;

    fn tasks() -> Vec<Task> {
        let approval = |outputs: Value| json!({"approval": {"message": "Continue?", "outputs": outputs}});
        let number = json!({"number": {"type": "integer"}, "note": {"type": {"option": "string"}}});
        serde_json::from_value(json!([
            {"id": "gate.ask", "name": "ask", "kind": approval(number)},
            {"id": "go", "name": "go", "kind": approval(json!({}))},
        ]))
        .unwrap()
    }

    fn check_all(answers: &[(&str, Value)], has_approver: bool) -> Vec<String> {
        let tasks = tasks();
        let approvals: Vec<ApprovalTask<'_>> = tasks
            .iter()
            .map(|task| {
                let TaskKind::Approval(approval) = &task.kind else { panic!("expected an approval") };
                ApprovalTask { task, approval }
            })
            .collect();
        let answer = |value: &Value| match value.as_object() {
            Some(values) => Answer::Approved(values.clone().into_iter().collect()),
            None => Answer::Refused,
        };
        let answers = answers.iter().map(|(name, value)| ((*name).to_owned(), answer(value))).collect();
        problems(&approvals, &answers, has_approver)
    }

    #[test]
    fn answers_are_found_by_name_and_by_id() {
        for name in ["ask", "gate.ask"] {
            for value in [json!({"number": 41}), json!({"number": 1, "note": null}), json!(null)] {
                assert_eq!(check_all(&[(name, value), ("go", json!({}))], false), Vec::<String>::new());
            }
        }
        assert_eq!(check_all(&[], true), Vec::<String>::new());
    }

    #[test]
    fn missing_and_invalid_answers_are_reported_together() {
        let found = check_all(&[("ask", json!({"number": "x", "nmber": 1})), ("akk", json!({}))], false);
        assert_eq!(
            found,
            [
                "the approval `ask`: invalid value `number`: expected a 64-bit integer, found `\"x\"`",
                "the task `go` requires an approval, and prompts are not available: pass `--approve go`",
                "unknown approval task `akk`: did you mean `ask`?",
                "unknown value `nmber` of the approval `ask`: did you mean `number`?",
            ]
        );
        assert_eq!(
            check_all(&[("go", json!({}))], false),
            ["the task `ask` requires an approval, and prompts are not available: pass \
              `--approve 'ask={\"note\": <Option<String>>, \"number\": <i64>}'`"]
        );
    }
}
