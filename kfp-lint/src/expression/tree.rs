//! Expressions as trees.

use std::ops::Range;

/// An expression that has been read.
///
/// Its nodes are kept in one list, so that an expression of any shape is dropped without recursion.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    pub(super) nodes: Vec<Node>,
    pub(super) root: NodeId,
}

/// The index of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct NodeId(pub(super) u32);

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    pub(super) span: Range<usize>,
    pub(super) form: Form,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Form {
    Nil,
    Boolean(bool),
    Integer(i64),
    Float(f64),
    Text(String),
    Bytes,
    /// A variable, or a function without a call.
    Name(String),
    Unary {
        operator: String,
        operand: NodeId,
    },
    Binary {
        operator: String,
        left: NodeId,
        right: NodeId,
        operator_span: Range<usize>,
    },
    /// The end of a path with `?.`, beyond which nothing more is skipped.
    Chain(NodeId),
    /// `base.property`, `base[property]`, `base?.property`.
    Member {
        base: NodeId,
        property: NodeId,
        optional: bool,
        method: bool,
    },
    Slice {
        base: NodeId,
        from: Option<NodeId>,
        to: Option<NodeId>,
    },
    /// A call of what is no function of the language itself.
    Call {
        callee: NodeId,
        arguments: Vec<NodeId>,
    },
    Builtin {
        name: String,
        arguments: Vec<NodeId>,
    },
    /// What is asked of each item, as in `filter(items, # > 1)`.
    Predicate(NodeId),
    /// `#`, `#acc`, `#index`, or nothing before `.field`.
    Pointer(String),
    Let {
        name: String,
        value: NodeId,
        body: NodeId,
    },
    Sequence(Vec<NodeId>),
    Conditional {
        condition: NodeId,
        then: NodeId,
        otherwise: NodeId,
    },
    List(Vec<NodeId>),
    Map(Vec<(NodeId, NodeId)>),
}

impl Expression {
    pub(super) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    pub(super) fn form(&self, id: NodeId) -> &Form {
        &self.node(id).form
    }

    /// The nodes directly below, in the order in which they stand.
    pub(super) fn children(&self, id: NodeId) -> Vec<NodeId> {
        match self.form(id) {
            Form::Nil
            | Form::Boolean(_)
            | Form::Integer(_)
            | Form::Float(_)
            | Form::Text(_)
            | Form::Bytes
            | Form::Name(_)
            | Form::Pointer(_) => Vec::new(),
            Form::Unary { operand: only, .. } | Form::Chain(only) | Form::Predicate(only) => vec![*only],
            Form::Binary { left, right, .. } => vec![*left, *right],
            Form::Member { base, property, .. } => vec![*base, *property],
            Form::Slice { base, from, to } => [Some(*base), *from, *to].into_iter().flatten().collect(),
            Form::Call { callee, arguments } => {
                std::iter::once(*callee).chain(arguments.iter().copied()).collect()
            }
            Form::Builtin { arguments, .. } => arguments.clone(),
            Form::Let { value, body, .. } => vec![*value, *body],
            Form::Sequence(nodes) | Form::List(nodes) => nodes.clone(),
            Form::Conditional { condition, then, otherwise } => vec![*condition, *then, *otherwise],
            Form::Map(pairs) => pairs.iter().flat_map(|(key, value)| [*key, *value]).collect(),
        }
    }
}
