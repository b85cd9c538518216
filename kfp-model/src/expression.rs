//! Expressions: how a value is computed from constants and from other values.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::TaskId;

/// A small tree that computes one value, without side effects.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Expression {
    /// A JSON value, as it stands.
    Constant(serde_json::Value),
    /// A value made elsewhere.
    Reference(Reference),
    /// A field of a struct.
    Field(Box<FieldAccess>),
    /// A list of values.
    List(Vec<Expression>),
    /// A struct of values.
    Struct(IndexMap<String, Expression>),
    /// A string that joins parts.
    #[serde(alias = "text")]
    Concat(Vec<ConcatPart>),
    /// The first of several options that is present; the last one need not be an option.
    FirstPresent(Vec<Expression>),
}

/// One field of the struct that an expression gives.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FieldAccess {
    /// The struct.
    pub of: Expression,
    /// The name of the field.
    pub name: String,
}

/// One part of an [`Expression::Concat`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ConcatPart {
    /// A fixed string.
    Literal(String),
    /// A text, or the JSON text of a number or truth value.
    Value(Expression),
}

/// A value made elsewhere: in this region or in an enclosing one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Reference {
    /// A parameter of the pipeline.
    Input(String),
    /// What a task gave.
    Output(OutputReference),
    /// The item of an enclosing loop.
    Item(TaskId),
    /// How the body of a guard ended, in the guard's exit region: a struct of `state` and `failures`.
    Status(TaskId),
    /// What the body of a guard yields, in the guard's exit region: an option.
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
    /// The task that makes the value; `None` for parameters of the pipeline.
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
