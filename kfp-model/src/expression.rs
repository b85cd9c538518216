//! Expressions, which compute values from constants and other values.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::TaskId;

/// An expression that computes one value, without side effects.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Expression {
    /// A JSON value.
    Constant(serde_json::Value),
    /// A value from elsewhere in the pipeline.
    Reference(Reference),
    /// A field of a struct.
    Field(Box<FieldAccess>),
    /// A list of values.
    List(Vec<Expression>),
    /// A struct of values.
    Struct(IndexMap<String, Expression>),
    /// A string that is concatenated from parts.
    #[serde(alias = "text")]
    Concat(Vec<ConcatPart>),
    /// The first of several options that is present. The last one does not have to be an option.
    FirstPresent(Vec<Expression>),
}

/// A field of the struct that an expression returns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FieldAccess {
    /// The expression that returns the struct.
    pub of: Expression,
    /// The name of the field.
    pub name: String,
}

/// A part of an [`Expression::Concat`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ConcatPart {
    /// A fixed string.
    Literal(String),
    /// A string, or the JSON representation of a number or boolean.
    Value(Expression),
}

/// A reference to a value of this region or an enclosing one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Reference {
    /// A parameter of the pipeline.
    Input(String),
    /// An output of a task.
    Output(OutputReference),
    /// The item of an enclosing loop.
    Item(TaskId),
    /// The final status of the body of an exit handler, in its exit region: a struct of `state` and `failures`.
    Status(TaskId),
    /// A value that the body of an exit handler yields, in its exit region: an option.
    Guarded(OutputReference),
}

/// An output of a task.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OutputReference {
    /// The task.
    pub task: TaskId,
    /// The name of its output.
    pub output: String,
}

impl Reference {
    /// Returns the task that the reference names; `None` for parameters of the pipeline.
    pub fn task(&self) -> Option<&TaskId> {
        match self {
            Self::Input(_) => None,
            Self::Output(reference) | Self::Guarded(reference) => Some(&reference.task),
            Self::Item(task) | Self::Status(task) => Some(task),
        }
    }
}

impl Expression {
    /// Calls `visit` with every reference of the tree, from left to right.
    pub fn for_each_reference<'a>(&'a self, visit: &mut impl FnMut(&'a Reference)) {
        match self {
            Self::Constant(_) => {}
            Self::Reference(reference) => visit(reference),
            Self::Field(access) => access.of.for_each_reference(visit),
            Self::List(items) | Self::FirstPresent(items) => {
                for item in items {
                    item.for_each_reference(visit);
                }
            }
            Self::Struct(fields) => {
                for field in fields.values() {
                    field.for_each_reference(visit);
                }
            }
            Self::Concat(parts) => {
                for part in parts {
                    if let ConcatPart::Value(value) = part {
                        value.for_each_reference(visit);
                    }
                }
            }
        }
    }
}
