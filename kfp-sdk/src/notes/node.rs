//! Values and conditions of a pipeline that is being built, before its tasks have names.

use kfp_model::Operator;
use serde_json::Value as Json;

use super::raw::Raw;
use super::task_ref::TaskRef;

/// A [`kfp_model::Expression`] with handles and task numbers instead of names.
#[derive(Clone)]
pub(crate) enum Node {
    Constant(Json),
    /// A constant that JSON cannot represent, with the reason.
    Unwritable(String),
    Handle(Raw),
    Input(&'static str),
    Output(TaskRef, String),
    Item(TaskRef),
    Status(TaskRef),
    /// A value of the body of an exit handler, in its exit region.
    BodyOutput(TaskRef, String),
    Field(Raw, &'static str),
    List(Vec<Node>),
    Struct(Vec<(&'static str, Node)>),
    Text(Vec<TextPiece>),
    FirstPresent(Vec<Node>),
}

/// A part of a string.
#[derive(Clone)]
pub(crate) enum TextPiece {
    Literal(String),
    Value(Node),
}

/// A [`kfp_model::Condition`] with handles instead of names.
#[derive(Clone)]
pub(crate) enum ConditionNode {
    Compare(Node, Operator, Node),
    IsTrue(Node),
    Present(Node),
    And(Raw, Raw),
    Or(Raw, Raw),
    Not(Raw),
}
