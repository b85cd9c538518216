//! DAGs of tasks.

use serde::Serialize;

use super::Arguments;
use crate::depends::Depends;
use crate::text::Text;

/// A DAG of tasks.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Dag {
    /// The names of the tasks that determine success; by default, those that no task depends on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// Whether the first failure ends the DAG. Always `false`: independent tasks continue.
    pub fail_fast: bool,
    /// The tasks.
    pub tasks: Vec<DagTask>,
}

/// A task of a DAG.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DagTask {
    /// The name.
    pub name: String,
    /// The template that the task runs.
    pub template: String,
    /// The condition on earlier tasks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub depends: Option<Depends>,
    /// A JSON list. The task runs once for each item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_param: Option<Text>,
    /// The condition under which the task runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<Text>,
    /// The arguments of the template.
    #[serde(skip_serializing_if = "Arguments::is_empty")]
    pub arguments: Arguments,
}

impl Dag {
    /// Creates a DAG whose independent tasks continue after a failure.
    pub fn of(tasks: Vec<DagTask>) -> Self {
        Self { target: None, fail_fast: false, tasks }
    }
}
