//! Approvals: what whoever approves has said before the run, and whoever is asked while it goes on.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use indexmap::IndexMap;
use kfp_model::{Approval, Input, Output, Task};
use serde_json::Value;

use crate::arguments::{self, ArgumentProblem, Interface};
use crate::spelling::nearest;

/// What somebody says to an approval.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// The run goes on with these values, by the names of the approval's outputs.
    Approved(BTreeMap<String, Value>),
    /// It does not: the task fails.
    Refused,
}

/// What somebody is asked.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Question {
    /// The names that lead to the task, joined by `/`.
    pub path: String,
    /// The name of the task.
    pub name: String,
    /// What is asked, and which values whoever approves gives.
    pub approval: Approval,
}

/// Asks somebody while a run goes on.
///
/// Each question is asked on a thread of its own, beside the steps and possibly beside other questions. A run
/// that ends before the answer does not wait for it.
///
/// ```
/// use std::collections::BTreeMap;
///
/// use kfp_runner::{Answer, Asker, Options};
///
/// let mut options = Options::new(".kfp");
/// options.ask = Some(Asker::new(|question| {
///     println!("{}: {}", question.name, question.approval.message);
///     Answer::Approved(BTreeMap::new())
/// }));
/// ```
#[derive(Clone)]
pub struct Asker(Arc<dyn Fn(&Question) -> Answer + Send + Sync>);

/// An approval of the pipelines that are run.
pub(crate) struct Asked<'a> {
    pub(crate) task: &'a Task,
    pub(crate) approval: &'a Approval,
}

impl Question {
    /// The question of the task at that path and of that name.
    pub fn new(path: impl Into<String>, name: impl Into<String>, approval: Approval) -> Self {
        Self { path: path.into(), name: name.into(), approval }
    }
}

impl Asker {
    /// Asks by calling `ask`, which returns once there is an answer.
    pub fn new(ask: impl Fn(&Question) -> Answer + Send + Sync + 'static) -> Self {
        Self(Arc::new(ask))
    }

    pub(crate) fn ask(&self, question: &Question) -> Answer {
        (self.0)(question)
    }
}

impl fmt::Debug for Asker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Asker")
    }
}

/// What was said to the approval of that task: by its id or, where nothing is, by its name.
pub(crate) fn given<'g>(answers: &'g BTreeMap<String, Answer>, task: &Task) -> Option<&'g Answer> {
    answers.get(&task.id.0).or_else(|| answers.get(&task.name))
}

/// Everything that is wrong with the answers, and the approvals that nobody can give.
pub(crate) fn problems(
    asked: &[Asked<'_>],
    answers: &BTreeMap<String, Answer>,
    somebody_is_asked: bool,
) -> Vec<String> {
    let mut problems = BTreeSet::new();
    for Asked { task, approval } in asked {
        match given(answers, task) {
            Some(Answer::Approved(values)) => {
                if let Err(wrong) = check(&task.name, approval, values.clone()) {
                    problems.extend(wrong);
                }
            }
            None if !somebody_is_asked => {
                problems.insert(unanswered(task, approval));
            }
            Some(Answer::Refused) | None => {}
        }
    }
    let names: BTreeSet<&str> =
        asked.iter().flat_map(|asked| [asked.task.name.as_str(), &asked.task.id.0]).collect();
    let names: Vec<&str> = names.into_iter().collect();
    let unknown = answers.keys().filter(|name| !names.contains(&name.as_str()));
    problems.extend(unknown.map(|name| {
        let advice = match nearest(name, &names) {
            Some(nearest) => format!("there is `{nearest}`"),
            None if names.is_empty() => "the pipeline waits for none".to_owned(),
            None => format!("there are {}", arguments::quoted(&names)),
        };
        format!("no task `{name}` waits for an approval: {advice}")
    }));
    problems.into_iter().collect()
}

/// The values, if they are those that the approval gives.
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
    let told = |problem: ArgumentProblem| {
        if problem.message.contains(&owner) { problem.message } else { format!("{owner}: {problem}") }
    };
    arguments::check(&interface, values).map_err(|wrong| wrong.into_iter().map(told).collect())
}

/// What to give, and how.
fn unanswered(task: &Task, approval: &Approval) -> String {
    let name = &task.name;
    let value = |(name, output): (&String, &Output)| format!("\"{name}\": <{}>", output.r#type);
    let values: Vec<String> = approval.outputs.iter().map(value).collect();
    let approve = match values.as_slice() {
        [] => format!("--approve {name}"),
        values => format!("--approve '{name}={{{}}}'", values.join(", ")),
    };
    format!("the task `{name}` waits for an approval, and there is nobody to ask: give it by `{approve}`")
}

#[cfg(test)]
mod tests {
    use kfp_model::TaskKind;
    use serde_json::json;

    use super::*;

    fn tasks() -> Vec<Task> {
        let approval = |outputs: Value| json!({"approval": {"message": "shall it?", "outputs": outputs}});
        let number = json!({"number": {"type": "integer"}, "note": {"type": {"option": "string"}}});
        serde_json::from_value(json!([
            {"id": "gate.ask", "name": "ask", "kind": approval(number)},
            {"id": "go", "name": "go", "kind": approval(json!({}))},
        ]))
        .unwrap()
    }

    fn told(answers: &[(&str, Value)], somebody_is_asked: bool) -> Vec<String> {
        let tasks = tasks();
        let asked: Vec<Asked<'_>> = tasks
            .iter()
            .map(|task| {
                let TaskKind::Approval(approval) = &task.kind else { panic!("no approval") };
                Asked { task, approval }
            })
            .collect();
        let answer = |value: &Value| match value.as_object() {
            Some(values) => Answer::Approved(values.clone().into_iter().collect()),
            None => Answer::Refused,
        };
        let answers = answers.iter().map(|(name, value)| ((*name).to_owned(), answer(value))).collect();
        problems(&asked, &answers, somebody_is_asked)
    }

    #[test]
    fn answers_are_found_by_name_and_by_id() {
        for name in ["ask", "gate.ask"] {
            for value in [json!({"number": 41}), json!({"number": 1, "note": null}), json!(null)] {
                assert_eq!(told(&[(name, value), ("go", json!({}))], false), Vec::<String>::new());
            }
        }
        assert_eq!(told(&[], true), Vec::<String>::new());
    }

    #[test]
    fn what_is_missing_or_wrong_is_told_at_once() {
        let found = told(&[("ask", json!({"number": "x", "nmber": 1})), ("akk", json!({}))], false);
        assert_eq!(
            found,
            [
                "no task `akk` waits for an approval: there is `ask`",
                "the approval `ask`: invalid value `number`: expected a 64-bit integer, found `\"x\"`",
                "the task `go` waits for an approval, and there is nobody to ask: give it by `--approve go`",
                "unknown value `nmber` of the approval `ask`: did you mean `number`?",
            ]
        );
        assert_eq!(
            told(&[("go", json!({}))], false),
            ["the task `ask` waits for an approval, and there is nobody to ask: give it by \
              `--approve 'ask={\"note\": <Option<String>>, \"number\": <i64>}'`"]
        );
    }
}
