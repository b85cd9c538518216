//! Expressions before tasks have names.

use serde_json::Value as Json;

use crate::notes::{Node, Raw};
use crate::runtime::Mismatch;

/// How the value of an argument is computed.
#[derive(Clone)]
pub struct Expr(pub(crate) Node);

impl Expr {
    pub(crate) fn handle(raw: Raw) -> Self {
        Self(Node::Handle(raw))
    }

    /// A constant, by the JSON that it is written as.
    pub fn constant(json: Result<Json, Mismatch>) -> Self {
        Self(match json {
            Ok(json) => Node::Constant(json),
            Err(mismatch) => Node::Unwritable(mismatch.to_string()),
        })
    }

    /// A list, which is a constant if all of its items are.
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

    /// A struct, which is a constant if all of its fields are.
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
