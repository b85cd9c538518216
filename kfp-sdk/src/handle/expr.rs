//! Expressions of a pipeline that is being built, before its tasks have names.

use serde_json::Value as Json;

use crate::notes::{Node, Raw};
use crate::runtime::Mismatch;

/// An expression that computes the value of an argument when the pipeline runs.
#[derive(Clone)]
pub struct Expr(pub(crate) Node);

impl Expr {
    pub(crate) fn handle(raw: Raw) -> Self {
        Self(Node::Handle(raw))
    }

    /// Returns a constant with its JSON value, or the reason why it has none.
    pub fn constant(json: Result<Json, Mismatch>) -> Self {
        Self(match json {
            Ok(json) => Node::Constant(json),
            Err(mismatch) => Node::Unwritable(mismatch.to_string()),
        })
    }

    /// Returns a list, which is a constant if all its items are.
    pub(crate) fn list(items: Vec<Self>) -> Self {
        let constant = |item: &Self| match &item.0 {
            Node::Constant(json) => Some(json.clone()),
            _ => None,
        };
        match items.iter().map(constant).collect::<Option<Vec<Json>>>() {
            Some(constants) => Self(Node::Constant(Json::Array(constants))),
            None => Self(Node::List(items.into_iter().map(|item| item.0).collect())),
        }
    }

    /// Returns a struct, which is a constant if all its fields are.
    pub fn structure(fields: Vec<(&'static str, Self)>) -> Self {
        let constant = |(name, field): &(&'static str, Self)| match &field.0 {
            Node::Constant(json) => Some(((*name).to_owned(), json.clone())),
            _ => None,
        };
        match fields.iter().map(constant).collect::<Option<serde_json::Map<_, _>>>() {
            Some(constants) => Self(Node::Constant(Json::Object(constants))),
            None => Self(Node::Struct(fields.into_iter().map(|(name, field)| (name, field.0)).collect())),
        }
    }
}
