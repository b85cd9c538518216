//! Regions and the tasks in them.

use std::borrow::Borrow;
use std::fmt;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::{Condition, Expression, Output, TaskPolicy, Type};

/// The id of a task, unique in its pipeline.
///
/// The SDK joins the names of the enclosing arms and loops and of the task with dots; readers do not interpret it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct TaskId(pub String);

/// The id of a component, unique in its document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct ComponentId(pub String);

/// A list of tasks and the values that it yields.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// The tasks. Their order has no meaning.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tasks: Vec<Task>,
    /// The values that are visible outside the region, by name.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub yields: IndexMap<String, Expression>,
}

/// A node of the graph.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// The id that references use.
    pub id: TaskId,
    /// The display name, unique in the region.
    pub name: String,
    /// What the task does.
    pub kind: TaskKind,
    /// The tasks that must succeed first, in addition to those whose values the task uses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<TaskId>,
    /// The policy of the task and of the steps in it.
    #[serde(default, skip_serializing_if = "TaskPolicy::is_empty")]
    pub policy: TaskPolicy,
    /// Whether the task runs after the failure of a dependency.
    #[serde(default, skip_serializing_if = "Trigger::is_default")]
    pub trigger: Trigger,
}

/// The condition on its dependencies under which a task runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// All dependencies succeeded.
    #[default]
    AllSucceeded,
    /// All dependencies ended, whether they succeeded or not.
    AllDone,
}

/// What a task does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum TaskKind {
    /// Calls a component or a pipeline.
    Call(Call),
    /// Runs one of several regions.
    Branch(Branch),
    /// Runs a region for each item of a list.
    Loop(Loop),
    /// Runs a region, and then another one even if the first failed.
    #[serde(alias = "guard")]
    ExitHandler(ExitHandler),
    /// Waits for an approval.
    Approval(Approval),
    /// Creates an artifact that refers to existing data at a URI.
    Import(Import),
}

/// A call of a component or a pipeline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// The component or pipeline that is called.
    pub callee: Callee,
    /// The arguments, by the name of the callee's input.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub arguments: IndexMap<String, Expression>,
    /// The maximum recursion depth of a pipeline that calls itself here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_depth: Option<u32>,
    /// Whether dependent tasks run even if this call fails. Its outputs are then options. The run still fails.
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
    /// A pipeline of the document, by name.
    Pipeline(String),
}

/// Runs the first arm whose condition is true, or else `otherwise`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Branch {
    /// The arms, evaluated in this order; at least one.
    pub arms: Vec<Arm>,
    /// The region that runs if no condition is true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<Region>,
}

/// A region that runs if a condition is true.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Arm {
    /// The display name, unique among the tasks and arms of the region that contains the branch.
    pub name: String,
    /// The condition under which the arm runs, if no earlier arm runs.
    pub condition: Condition,
    /// The region that runs.
    pub region: Region,
}

/// A region that runs once for each item of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Loop {
    /// The list to iterate over.
    pub items: Expression,
    /// The maximum number of iterations that run at the same time; unlimited by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parallelism: Option<u32>,
    /// The maximum number of items of the list; 1,000 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_items: Option<u32>,
    /// The region that runs for each item, in which [`Reference::Item`](crate::Reference::Item) is the item.
    pub body: Region,
}

/// A region, and a task that runs after it even if the region failed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ExitHandler {
    /// The region whose end triggers the exit task.
    pub body: Region,
    /// The region that runs afterwards: exactly one task and no yields.
    pub exit: Region,
}

/// A pause until the run is approved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// The question to the approver.
    pub message: String,
    /// The values that the approver enters.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub outputs: IndexMap<String, Output>,
}

/// An artifact that refers to existing data at a URI.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Import {
    /// The location of the data: an expression of type string.
    pub uri: Expression,
    /// The artifact type.
    pub r#type: Type,
    /// The metadata of the artifact, by name.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub metadata: IndexMap<String, Expression>,
}

impl Call {
    /// Whether the outputs are options, because dependent tasks also run if the call fails or if the maximum depth of a
    /// recursion is reached.
    pub fn has_optional_outputs(&self) -> bool {
        self.continue_on_failure || self.max_depth.is_some()
    }
}

impl Task {
    /// Whether dependent tasks run even if this task fails.
    pub fn continues_on_failure(&self) -> bool {
        matches!(&self.kind, TaskKind::Call(call) if call.continue_on_failure)
    }

    /// Whether the task is a recursive call with a maximum depth.
    pub fn has_bound(&self) -> bool {
        matches!(&self.kind, TaskKind::Call(call) if call.max_depth.is_some())
    }

    /// Returns the regions of the task: the arms of a branch, the body of a loop, the body and exit of an exit handler.
    pub fn regions(&self) -> Vec<&Region> {
        match &self.kind {
            TaskKind::Call(_) | TaskKind::Approval(_) | TaskKind::Import(_) => Vec::new(),
            TaskKind::Branch(branch) => {
                branch.arms.iter().map(|arm| &arm.region).chain(&branch.otherwise).collect()
            }
            TaskKind::Loop(repeat) => vec![&repeat.body],
            TaskKind::ExitHandler(handler) => vec![&handler.body, &handler.exit],
        }
    }
}

impl Trigger {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference to skip_serializing_if")]
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
