//! Values and conditions before tasks have names.

use kfp_model::Operator;
use serde_json::Value as Json;

use super::raw::Raw;
use super::task_ref::TaskRef;

/// A [`kfp_model::Expression`] with handles and task numbers in the places of names.
#[derive(Clone)]
pub(crate) enum Node {
    Constant(Json),
    /// A constant that JSON does not have, and why.
    Unwritable(String),
    Handle(Raw),
    Input(&'static str),
    Output(TaskRef, String),
    Item(TaskRef),
    Status(TaskRef),
    Guarded(TaskRef, String),
    Field(Raw, &'static str),
    List(Vec<Node>),
    Struct(Vec<(&'static str, Node)>),
    Text(Vec<TextPiece>),
    FirstPresent(Vec<Node>),
}

/// A part of a text.
#[derive(Clone)]
pub(crate) enum TextPiece {
    Literal(String),
    Value(Node),
}

/// A [`kfp_model::Condition`] with handles in the places of names.
#[derive(Clone)]
pub(crate) enum ConditionNode {
    Compare(Node, Operator, Node),
    Holds(Node),
    Present(Node),
    And(Raw, Raw),
    Or(Raw, Raw),
    Not(Raw),
}
