//! Expression trees.
//!
//! The linter needs spans, and the compiler builds and prints expressions. Both use the same tree: every node has a
//! span, which is empty if the node was built, and which the printer and equality ignore.

use std::collections::BTreeSet;
use std::ops::Range;

use super::operator::{BinaryOperator, UnaryOperator};

/// An expression in the language of Argo's tags: [`parse`](super::parse()) parses one, the functions of this type build
/// one, and [`Display`](std::fmt::Display) prints it. Two expressions are equal if they have the same nodes,
/// regardless of spans.
///
/// The nodes are in one list, so that expressions of any depth are cloned, compared, printed and dropped without
/// recursion. Operands can be shared: `a < b < c` is `a < b && b < c` with one `b`.
///
/// ```
/// use kfp_argo::expression::{Expression, parse};
/// let number = Expression::call("asInt", [Expression::name("retries")]);
/// let built = number.less(Expression::integer(3)).and(Expression::name("item").equal("a".into()));
/// assert_eq!(built.to_string(), "asInt(retries) < 3 && item == 'a'");
/// assert_eq!(parse("asInt(retries)<3 and (item == \"a\")"), Ok(built));
/// ```
#[derive(Debug, Clone)]
pub struct Expression {
    pub(super) nodes: Vec<Node>,
    pub(super) root: NodeId,
}

/// The index of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(super) u32);

/// A node and its span.
#[derive(Debug, Clone)]
pub struct Node {
    /// The byte range of the node in the text; empty if it was built.
    pub span: Range<usize>,
    /// The form of the node.
    pub form: Form,
}

/// The form of a node.
#[derive(Debug, Clone)]
pub enum Form {
    /// `nil`.
    Nil,
    /// `true` or `false`.
    Boolean(bool),
    /// An integer without a sign.
    Integer(i64),
    /// A finite float without a sign.
    Float(f64),
    /// A string.
    Text(String),
    /// A byte string, such as `b'\xff'`.
    Bytes(Vec<u8>),
    /// A variable, or a function without a call.
    Name(String),
    /// A unary operator and its operand.
    Unary {
        /// The operator.
        operator: UnaryOperator,
        /// The operand.
        operand: NodeId,
    },
    /// A binary operator and its operands.
    Binary {
        /// The operator.
        operator: BinaryOperator,
        /// The left operand.
        left: NodeId,
        /// The right operand.
        right: NodeId,
        /// The byte range of the operator.
        operator_span: Range<usize>,
    },
    /// The end of a path with `?.`. Accesses after it are not skipped.
    Chain(NodeId),
    /// `base.property`, `base[property]`, `base?.property`.
    Member {
        /// The value that has the property.
        base: NodeId,
        /// The property.
        property: NodeId,
        /// The syntax of the access.
        access: Access,
        /// Whether the path is nil if the base is nil.
        optional: bool,
    },
    /// `base[from:to]`.
    Slice {
        /// The list or string.
        base: NodeId,
        /// The first index.
        from: Option<NodeId>,
        /// The end index, exclusive.
        to: Option<NodeId>,
    },
    /// A call of a function that Argo adds to the language, or of a method.
    Call {
        /// A name, or a member that is a method.
        callee: NodeId,
        /// The arguments.
        arguments: Vec<NodeId>,
    },
    /// A call of a built-in function.
    Builtin {
        /// The name of the function.
        name: String,
        /// The arguments.
        arguments: Vec<NodeId>,
    },
    /// A predicate that is evaluated for each item, as in `filter(items, # > 1)`.
    Predicate(NodeId),
    /// `#`, `#acc` or `#index`; also an omitted `#` before `.field`.
    Pointer(String),
    /// `let name = value; body`.
    Let {
        /// The variable.
        name: String,
        /// Its value.
        value: NodeId,
        /// The expression that can read it.
        body: NodeId,
    },
    /// Expressions separated by `;`. The value is that of the last one.
    Sequence(Vec<NodeId>),
    /// `condition ? then : otherwise`.
    Conditional {
        /// The condition.
        condition: NodeId,
        /// The value if it is true.
        then: NodeId,
        /// The value if it is false.
        otherwise: NodeId,
    },
    /// A list.
    List(Vec<NodeId>),
    /// A map: keys and values.
    Map(Vec<(NodeId, NodeId)>),
}

/// The syntax of a property access.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// `base.property`; the property is a [`Form::Text`].
    Field,
    /// `base.property(…)`; the property is a [`Form::Text`].
    Method,
    /// `base[property]`.
    Index,
}

impl NodeId {
    /// Returns the id of the node at that index. The length limit of expressions bounds the number of nodes.
    pub(super) fn at(idx: usize) -> Self {
        Self(u32::try_from(idx).unwrap_or(u32::MAX))
    }

    /// Returns the index of the node in its expression.
    pub fn idx(self) -> usize {
        self.0 as usize
    }
}

impl Form {
    /// Returns the children, in source order.
    fn children(&self) -> Vec<NodeId> {
        match self {
            Self::Nil
            | Self::Boolean(_)
            | Self::Integer(_)
            | Self::Float(_)
            | Self::Text(_)
            | Self::Bytes(_)
            | Self::Name(_)
            | Self::Pointer(_) => Vec::new(),
            Self::Unary { operand: only, .. } | Self::Chain(only) | Self::Predicate(only) => vec![*only],
            Self::Binary { left, right, .. } => vec![*left, *right],
            Self::Member { base, property, .. } => vec![*base, *property],
            Self::Slice { base, from, to } => [Some(*base), *from, *to].into_iter().flatten().collect(),
            Self::Call { callee, arguments } => {
                std::iter::once(*callee).chain(arguments.iter().copied()).collect()
            }
            Self::Builtin { arguments, .. } => arguments.clone(),
            Self::Let { value, body, .. } => vec![*value, *body],
            Self::Sequence(nodes) | Self::List(nodes) => nodes.clone(),
            Self::Conditional { condition, then, otherwise } => vec![*condition, *then, *otherwise],
            Self::Map(pairs) => pairs.iter().flat_map(|(key, value)| [*key, *value]).collect(),
        }
    }

    /// Shifts the ids of the children, which were moved to another expression.
    pub(super) fn shift(&mut self, by: u32) {
        let shift = |id: &mut NodeId| id.0 += by;
        match self {
            Self::Nil
            | Self::Boolean(_)
            | Self::Integer(_)
            | Self::Float(_)
            | Self::Text(_)
            | Self::Bytes(_)
            | Self::Name(_)
            | Self::Pointer(_) => {}
            Self::Unary { operand: only, .. } | Self::Chain(only) | Self::Predicate(only) => shift(only),
            Self::Binary { left: one, right: other, .. }
            | Self::Member { base: one, property: other, .. }
            | Self::Let { value: one, body: other, .. } => [one, other].into_iter().for_each(shift),
            Self::Slice { base, from, to } => {
                std::iter::once(base).chain(from.as_mut()).chain(to.as_mut()).for_each(shift);
            }
            Self::Call { callee, arguments } => std::iter::once(callee).chain(arguments).for_each(shift),
            Self::Builtin { arguments: nodes, .. } | Self::Sequence(nodes) | Self::List(nodes) => {
                nodes.iter_mut().for_each(shift);
            }
            Self::Conditional { condition, then, otherwise } => {
                [condition, then, otherwise].into_iter().for_each(shift);
            }
            Self::Map(pairs) => pairs.iter_mut().flat_map(|(key, value)| [key, value]).for_each(shift),
        }
    }

    /// Returns whether two nodes are equal, ignoring children and spans.
    fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Boolean(one), Self::Boolean(other)) => one == other,
            (Self::Integer(one), Self::Integer(other)) => one == other,
            (Self::Float(one), Self::Float(other)) => one.to_bits() == other.to_bits(),
            (Self::Bytes(one), Self::Bytes(other)) => one == other,
            (Self::Text(one), Self::Text(other))
            | (Self::Name(one), Self::Name(other))
            | (Self::Pointer(one), Self::Pointer(other))
            | (Self::Builtin { name: one, .. }, Self::Builtin { name: other, .. })
            | (Self::Let { name: one, .. }, Self::Let { name: other, .. }) => one == other,
            (Self::Unary { operator: one, .. }, Self::Unary { operator: other, .. }) => one == other,
            (Self::Binary { operator: one, .. }, Self::Binary { operator: other, .. }) => one == other,
            (
                Self::Member { access, optional, .. },
                Self::Member { access: other_access, optional: other_optional, .. },
            ) => access == other_access && optional == other_optional,
            (Self::Slice { from, to, .. }, Self::Slice { from: other_from, to: other_to, .. }) => {
                from.is_some() == other_from.is_some() && to.is_some() == other_to.is_some()
            }
            (one, other) => std::mem::discriminant(one) == std::mem::discriminant(other),
        }
    }
}

impl Expression {
    /// Returns the root node.
    pub fn root(&self) -> NodeId {
        self.root
    }

    /// Returns all nodes, in no particular order. Those of a parsed expression are sorted by end position.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = (NodeId, &Node)> {
        self.nodes.iter().enumerate().map(|(idx, node)| (NodeId::at(idx), node))
    }

    /// Returns the node with that id.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.idx()]
    }

    /// Returns the form of a node.
    pub fn form(&self, id: NodeId) -> &Form {
        &self.node(id).form
    }

    /// Returns the children of a node, in source order.
    pub fn children(&self, id: NodeId) -> Vec<NodeId> {
        self.form(id).children()
    }
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        let mut open = vec![(self.root, other.root)];
        let mut seen = BTreeSet::new();
        while let Some(pair) = open.pop() {
            // Shared operands are compared once.
            if !seen.insert(pair) {
                continue;
            }
            let (one, two) = (self.form(pair.0), other.form(pair.1));
            let (below, other_below) = (one.children(), two.children());
            if !one.is_like(two) || below.len() != other_below.len() {
                return false;
            }
            open.extend(below.into_iter().zip(other_below));
        }
        true
    }
}

impl Eq for Expression {}
