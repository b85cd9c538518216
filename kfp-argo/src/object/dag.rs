//! Graphs of tasks.

use serde::Serialize;

use super::Arguments;
use crate::depends::Depends;
use crate::text::Text;

/// A graph of tasks.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Dag {
    /// The tasks that decide on success; without it those that nothing depends on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// Whether the first failure ends the graph. Always `false`: independent tasks go on.
    pub fail_fast: bool,
    /// The tasks.
    pub tasks: Vec<DagTask>,
}

/// A node of a graph.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DagTask {
    /// The name.
    pub name: String,
    /// What is started.
    pub template: String,
    /// What must have happened before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub depends: Option<Depends>,
    /// A JSON list: the task runs once for each item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_param: Option<Text>,
    /// Whether the task runs at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<Text>,
    /// What the template is given.
    #[serde(skip_serializing_if = "Arguments::is_empty")]
    pub arguments: Arguments,
}

impl Dag {
    /// A graph whose independent tasks go on after a failure.
    pub fn of(tasks: Vec<DagTask>) -> Self {
        Self { target: None, fail_fast: false, tasks }
    }
}
