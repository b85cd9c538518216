//! Regions and the tasks in them.

use std::borrow::Borrow;
use std::fmt;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::{Condition, Expression, Output, TaskPolicy, Type};

/// The name of a task that is unique in its pipeline.
///
/// The SDK makes it of the names of the arms, loops and tasks that lead to the task, joined by dots; readers
/// give it no meaning.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct TaskId(pub String);

/// The name of a component that is unique in its document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct ComponentId(pub String);

/// A list of tasks and what leaves it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// The tasks. Their position has no meaning.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tasks: Vec<Task>,
    /// The values that can be seen from outside, by name.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub yields: IndexMap<String, Expression>,
}

/// One node of the graph.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// The name that references use.
    pub id: TaskId,
    /// The name that people see, unique in the region.
    pub name: String,
    /// What the task does.
    pub kind: TaskKind,
    /// The tasks that must have succeeded before, besides those whose values it takes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<TaskId>,
    /// How it is run.
    #[serde(default, skip_serializing_if = "TaskPolicy::is_empty")]
    pub policy: TaskPolicy,
    /// Whether it runs when something before it failed.
    #[serde(default, skip_serializing_if = "Trigger::is_default")]
    pub trigger: Trigger,
}

/// When a task runs, as far as the tasks before it are concerned.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// When all of them succeeded.
    #[default]
    AllSucceeded,
    /// When all of them ended, however they did.
    AllDone,
}

/// What a task does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum TaskKind {
    /// Calls a component or a pipeline.
    Call(Call),
    /// Chooses one of several regions.
    Branch(Branch),
    /// Repeats a region for each item of a list.
    Loop(Loop),
    /// Runs a region and then, whatever happened, another one.
    #[serde(alias = "guard")]
    ExitHandler(ExitHandler),
    /// Waits for a person.
    Approval(Approval),
    /// Makes an artifact of what lies at a URI.
    Import(Import),
}

/// A call of a component or of a pipeline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// What is called.
    pub callee: Callee,
    /// The arguments by the names of the callee's inputs.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub arguments: IndexMap<String, Expression>,
    /// How often a pipeline may call itself here, at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_depth: Option<u32>,
    /// Whether tasks after this one run also when it fails; its outputs are options then. The run fails all the same.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub continue_on_failure: bool,
}

/// What a [`Call`] calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Callee {
    /// A component of the document.
    Component(ComponentId),
    /// The pipeline of that name in the document.
    Pipeline(String),
}

/// The first arm whose condition holds, else `otherwise`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Branch {
    /// The arms, asked in this order; at least one.
    pub arms: Vec<Arm>,
    /// What runs if no condition holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<Region>,
}

/// A region that runs if a condition holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Arm {
    /// The name that people see, unique among the tasks and arms of the region that the branch is in.
    pub name: String,
    /// Whether the arm runs, given that no arm before it did.
    pub condition: Condition,
    /// What runs.
    pub region: Region,
}

/// A region that runs once for each item of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Loop {
    /// The list.
    pub items: Expression,
    /// The most iterations of this loop that run at once; without one there is no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parallelism: Option<u32>,
    /// The most items that the list may have, 1,000 where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_items: Option<u32>,
    /// What runs for each item, which is [`Reference::Item`](crate::Reference::Item) in it.
    pub body: Region,
}

/// A region and the task that runs after it, whatever happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ExitHandler {
    /// What is guarded.
    pub body: Region,
    /// What runs afterwards: exactly one task, no yields.
    pub exit: Region,
}

/// A pause until somebody approves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// What is asked.
    pub message: String,
    /// The values that whoever approves gives.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub outputs: IndexMap<String, Output>,
}

/// An artifact made of what lies at a URI already.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Import {
    /// Where it lies: an expression of type text.
    pub uri: Expression,
    /// What it is: an artifact type.
    pub r#type: Type,
    /// What is known about it.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub metadata: IndexMap<String, Expression>,
}

impl Call {
    /// Whether what is called may have no outputs although the tasks after it run: it may fail, or is not called
    /// once the bound of a recursion is reached. Its outputs are options.
    pub fn has_optional_outputs(&self) -> bool {
        self.continue_on_failure || self.max_depth.is_some()
    }
}

impl Task {
    /// Whether tasks after this one run also when it fails.
    pub fn continues_on_failure(&self) -> bool {
        matches!(&self.kind, TaskKind::Call(call) if call.continue_on_failure)
    }

    /// Whether the task is a call of a pipeline by itself that has a bound.
    pub fn has_bound(&self) -> bool {
        matches!(&self.kind, TaskKind::Call(call) if call.max_depth.is_some())
    }

    /// The regions that the task holds: the arms of a branch, the body of a loop, body and exit of a guard.
    pub fn regions(&self) -> Vec<&Region> {
        match &self.kind {
            TaskKind::Call(_) | TaskKind::Approval(_) | TaskKind::Import(_) => Vec::new(),
            TaskKind::Branch(branch) => {
                branch.arms.iter().map(|arm| &arm.region).chain(&branch.otherwise).collect()
            }
            TaskKind::Loop(repeat) => vec![&repeat.body],
            TaskKind::ExitHandler(guard) => vec![&guard.body, &guard.exit],
        }
    }
}

impl Trigger {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference to skip_serializing_if")]
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl fmt::Display for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Borrow<str> for TaskId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ComponentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
